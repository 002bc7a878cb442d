// SPDX-License-Identifier: EUPL-1.2

package network

import (
	_ "embed"

	"approdo/internal/base/access"
)

//go:embed policy.cedar
var policyText string

// Policy says who may do what with the network.
func Policy() access.Policy { return access.Policy{Name: "network/policy.cedar", Text: policyText} }
