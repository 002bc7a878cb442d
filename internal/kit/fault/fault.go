// SPDX-License-Identifier: EUPL-1.2

package fault

import "errors"

// Kind says what the caller can do about a fault. It is stable text: logs,
// metrics and the JSON API carry it as it is.
type Kind string

const (
	KindNotFound    Kind = "not_found"   // there is no such thing, or not for this actor
	KindInvalid     Kind = "invalid"     // what was sent breaks a rule; Field says which part
	KindConflict    Kind = "conflict"    // somebody else was faster, or it exists already
	KindForbidden   Kind = "forbidden"   // the actor may know of it but not do this
	KindTooLarge    Kind = "too_large"   // more than the limit given in the message
	KindTooMany     Kind = "too_many"    // too often; try again later
	KindUnavailable Kind = "unavailable" // works at other times; try again later
	KindUnsupported Kind = "unsupported" // a format, version or encoding we do not read
	KindInternal    Kind = "internal"    // any error that is not a fault
)

// Message is a key of the catalogue with its named arguments.
type Message struct {
	Key  string
	Args map[string]any
}

// Error is one fault. Kind, Field and Message are safe to show; Cause is not.
type Error struct {
	Kind    Kind
	Field   string // name of the form field, column or JSON pointer; empty for the whole
	Message Message
	Cause   error
}

// NotFound says that there is no such thing. Answer the same way when the actor
// may not know that it exists.
func NotFound(key string, args ...any) *Error { return build(KindNotFound, "", key, args) }

// Invalid says that field breaks the rule that the message explains. Join several
// with errors.Join and read them back with All.
func Invalid(field, key string, args ...any) *Error { return build(KindInvalid, field, key, args) }

// Conflict says that the state has changed or the thing exists already.
func Conflict(key string, args ...any) *Error { return build(KindConflict, "", key, args) }

// Forbidden says that the actor may not do this.
func Forbidden(key string, args ...any) *Error { return build(KindForbidden, "", key, args) }

// TooLarge says that a limit is passed; give the limit as an argument.
func TooLarge(field, key string, args ...any) *Error { return build(KindTooLarge, field, key, args) }

// TooMany says that the actor asks too often.
func TooMany(key string, args ...any) *Error { return build(KindTooMany, "", key, args) }

// Unavailable says that trying again later can help.
func Unavailable(key string, args ...any) *Error { return build(KindUnavailable, "", key, args) }

// Unsupported says that this format, version or encoding is not read.
func Unsupported(field, key string, args ...any) *Error {
	return build(KindUnsupported, field, key, args)
}

// build pairs names and values like log/slog. An odd or nameless rest is a
// mistake of the programmer and panics, so that the first test finds it.
func build(kind Kind, field, key string, args []any) *Error {
	if len(args)%2 != 0 {
		panic("fault: " + key + ": arguments come in pairs of name and value")
	}
	message := Message{Key: key}
	for i := 0; i < len(args); i += 2 {
		name, ok := args[i].(string)
		if !ok {
			panic("fault: " + key + ": the name of an argument is a string")
		}
		if message.Args == nil {
			message.Args = make(map[string]any, len(args)/2)
		}
		message.Args[name] = args[i+1]
	}
	return &Error{Kind: kind, Field: field, Message: message}
}

// Because gives a copy of the fault with the error that led to it, for the log only.
func (e *Error) Because(cause error) *Error {
	copied := *e
	copied.Cause = cause
	return &copied
}

// Error is for the log: kind, field, key and cause, never the arguments.
func (e *Error) Error() string {
	text := string(e.Kind)
	if e.Field != "" {
		text += " " + e.Field
	}
	text += ": " + e.Message.Key
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// KindOf gives the kind of the first fault in err: KindInternal when there is
// none, and "" when err is nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindInternal
}

// Is says whether the first fault in err is of this kind.
func Is(err error, kind Kind) bool { return KindOf(err) == kind }

// All gives every fault in err, in order, also those put together by errors.Join.
// Causes of faults are not looked into: they are not for showing.
func All(err error) []*Error {
	switch e := err.(type) {
	case nil:
		return nil
	case *Error:
		return []*Error{e}
	case interface{ Unwrap() []error }:
		var all []*Error
		for _, part := range e.Unwrap() {
			all = append(all, All(part)...)
		}
		return all
	case interface{ Unwrap() error }:
		return All(e.Unwrap())
	}
	return nil
}
