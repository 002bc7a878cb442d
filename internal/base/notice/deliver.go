// SPDX-License-Identifier: EUPL-1.2

package notice

// Deliver is the job that delivers a message on one channel.
type Deliver struct {
	Delivery string `json:"delivery"`
	Round    int    `json:"round,omitempty"` // how often a person has sent it again
}

// Kind names the work.
func (Deliver) Kind() string { return "notice.deliver" }
