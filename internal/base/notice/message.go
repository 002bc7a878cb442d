// SPDX-License-Identifier: EUPL-1.2

package notice

import (
	"time"
)

// Channel is a way to somebody besides their inbox.
type Channel string

// The channels.
const (
	Mail Channel = "mail"
	SMS  Channel = "sms"
	Push Channel = "push"
)

// Channels are all channels, in the order in which they are shown.
var Channels = []Channel{Mail, SMS, Push}

// Template is one kind of message. Its words are in the catalogue under its name.
type Template struct {
	Name     string // "identity.invitation"
	Topic    string // what people switch on and off together: the part before the dot unless given
	Channels []Channel
	Must     bool // goes out by mail and push whatever somebody prefers
	Urgent   bool // does not wait for the end of quiet hours
	// Everybody: its readers are not operators alone, so that its words are in all languages.
	Everybody bool
}

// mayChoose says whether an account may switch the template off on a channel. What Must arrive does so
// by mail and push; text messages are everybody's own choice, since the telephone is.
func (t Template) mayChoose(c Channel) bool { return !t.Must || c == SMS && t.Name != Test.Name }

// usual says whether a channel is wanted by whoever has said nothing: text messages when it is urgent.
func (t Template) usual(c Channel) bool { return c != SMS || t.Urgent }

// Recipient is whom to tell: an account, or somebody who has none.
type Recipient struct {
	Account  string
	Mail     string
	Phone    string // with country code: +39…
	Language string
}

// Account is the recipient who owns an account.
func Account(id string) Recipient { return Recipient{Account: id} }

// Outside is somebody without account, reached by mail.
func Outside(mail, language string) Recipient { return Recipient{Mail: mail, Language: language} }

// Message is what to tell somebody.
type Message struct {
	Key      string // the same key again changes nothing: "identity.invitation/018f…"
	To       Recipient
	Template string
	Args     map[string]string // what {name} in the words stands for
	Link     string            // path of the page to open, without language: "/office/services/…"
	Member   string            // body in whose name it goes out; "" for the network
	Urgent   bool              // as if the template were
	Event    *Event            // what letters bring to put into a calendar; nil for nothing
}

// Event is an appointment that a message tells of. Its letter carries it as a file that calendars read
// (RFC 5545, RFC 5546): when, where, and what it is in the words of Summary; nothing of any person.
type Event struct {
	UID       string    `json:"uid"`
	Sequence  int64     `json:"sequence"` // grows with every change
	Start     time.Time `json:"start"`
	End       time.Time `json:"end"`
	Place     string    `json:"place,omitempty"`
	Summary   string    `json:"summary"`             // key of the words, in which {language} is
	Language  string    `json:"language"`            // the one that this code names
	Link      string    `json:"link"`                // path of the page about it, for who has logged in
	Tentative bool      `json:"tentative,omitempty"` // it is to be confirmed
	Cancelled bool      `json:"cancelled,omitempty"`
}

// State is the fate of a delivery.
type State string

// The states of a delivery.
const (
	Waiting State = "waiting"
	Sent    State = "sent"     // taken over by the mail server, the gateway, the push service
	Failed  State = "failed"   // nobody tries any more
	Dropped State = "dropped"  // there was no address, or nobody wanted it
	GivenUp State = "given_up" // by a person
)

// States are all states.
var States = []State{Waiting, Sent, Failed, Dropped, GivenUp}

// How long messages are kept.
const (
	KeepOutside = 30 * 24 * time.Hour  // to people without account, after they were settled
	KeepInbox   = 365 * 24 * time.Hour // in the inbox of an account
)

// Person is how an account is reached.
type Person struct {
	Name, Mail, Phone, Language string
	Gone                        bool // nobody may be told any more
}
