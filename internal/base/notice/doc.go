// SPDX-License-Identifier: EUPL-1.2

// Package notice tells people what they have to know.
//
//	err := u.notices.Tell(ctx, tx, notice.Message{
//		Key:      "identity.invitation/" + invitation.ID,
//		To:       notice.Outside(invitation.Mail, invitation.Language),
//		Template: "identity.invitation",
//		Args:     map[string]string{"body": body.Name},
//		Link:     "/invitation/" + token,
//	})
//
// The rules:
//
//   - A message is written in the transaction of the change that it tells of, once for each key: the
//     same key again changes nothing. It is delivered at least once on each of its channels, and every
//     repetition carries the same identifier, so that whoever passes it on can drop the second.
//   - A template is a name in the catalogue of words: {name}.subject, {name}.text (paragraphs between
//     empty lines), {name}.action (the label of the button, when there is a Link) and, for text messages
//     that say more or less than the subject, {name}.short. People read it in their own language.
//   - An account is told in its inbox, and by mail, text message and push as its owner wishes.
//     Templates that Must arrive (a second factor was taken away) go out by mail and push whatever
//     somebody prefers. Text messages go to those alone who have a telephone on their account; unless
//     they say otherwise, urgent ones.
//   - Text messages and push wait for the end of the reader's quiet hours (from 22 to 7 in Rome unless
//     they say otherwise); Urgent ones don't. Mail wakes nobody.
//   - Addresses, arguments and links are sealed in the vault, under the key of the account, or of the
//     message when it goes to somebody without account: that key is destroyed KeepOutside after the
//     message was settled. Jobs and logs know identifiers alone.
//   - Every delivery has a fate that administrators see, with the reason in words. They may send it
//     again or give it up, and either is recorded.
//
// Directive 2002/58/EC and d.lgs. 196/2003, art. 130, are not at stake: nothing here advertises.
package notice
