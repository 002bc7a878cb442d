// SPDX-License-Identifier: EUPL-1.2

package census

import (
	"context"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Status values of feedback, as they are stored.
const (
	StatusNew      = "new"
	StatusTaken    = "taken"    // somebody looks into it
	StatusAnswered = "answered" // the entry was mended, or it was said why not
	StatusClosed   = "closed"   // nothing is to be done about it
)

// Statuses lists them in the order in which things go.
var Statuses = []string{StatusNew, StatusTaken, StatusAnswered, StatusClosed}

// States of the way back that somebody left.
const (
	ContactNone      = ""
	ContactKept      = "kept"      // sealed
	ContactDestroyed = "destroyed" // the answer has gone out, or it was kept too long
)

// keepContact is how long a way back is kept when nobody answers, in days.
const keepContact = 90

// longestAnswer bounds what is written back, in letters.
const longestAnswer = 2000

// Feedback is what somebody said of an entry, with what was done about it. Who said it is not known.
type Feedback struct {
	ID       string
	Entry    string
	Service  string // its name; "" when it is no more in the census
	Body     string // identifier of the body that offers it
	BodyName string
	Kind     string // directory.FeedbackClear …
	Language string
	Word     string
	Day      string
	Status   string
	Handler  string // account of whoever took it
	Answer   string // for us: what was found and done
	Reply    string // what was sent back
	Contact  string // ContactNone …
	Followed bool   // whoever said it has a link by which they read the reply; ReadFeedback tells
	Version  int64
}

// subject owns the key under which the way back of a feedback is sealed.
func (f Feedback) subject() string { return "feedback:" + f.ID }

// Say takes what somebody says of an entry. Contact is a mail address for the answer, "" for none. It
// gives the link by which they follow what becomes of it, "" where there is nothing to follow or nothing
// may be left behind. Anybody may. It fails as directory.TakeFeedback does, and with Invalid("contact").
func (u *UseCases) Say(ctx context.Context, f directory.Feedback, contact string) (link string, err error) {
	contact = strings.TrimSpace(contact)
	if contact != "" {
		address, err := mail.ParseAddress(contact)
		if err != nil || address.Name != "" || len(contact) > 254 || !strings.Contains(contact[strings.LastIndex(contact, "@"):], ".") {
			return "", fault.Invalid("contact", "feedback.contact")
		}
		if !u.Answers() {
			contact = ""
		}
	}
	said := ""
	err = u.Directory.TakeFeedback(ctx, f, func(ctx context.Context, tx *db.Tx, id string) error {
		said = id
		if contact != "" {
			sealed, err := u.Vault.Seal(ctx, tx, Feedback{ID: id}.subject(), "contact", []byte(contact))
			if err != nil {
				return err
			}
			if _, err := db.Exec(ctx, tx, `UPDATE directory_feedback SET contact = $1, contact_state = $2 WHERE id = $3`, sealed, ContactKept, id); err != nil {
				return err
			}
		}
		if f.Kind == directory.FeedbackClear {
			return nil
		}
		one, err := readFeedback(ctx, tx, id)
		if err != nil {
			return err
		}
		return u.tell(ctx, tx, News{
			Key: "census.feedback/" + id, Template: "census.feedback", Member: one.Body,
			Args: map[string]string{"service": one.Service}, Link: "/office/feedback/" + id,
		})
	})
	if err == nil && u.followed(ctx, Feedback{Entry: f.Entry, Kind: f.Kind, Word: strings.TrimSpace(f.Word)}) {
		link = u.linkOf(said)
	}
	return link, err
}

// Answers tells whether people can leave a way back.
func (u *UseCases) Answers() bool { return u.Vault != nil && u.Answer != nil }

const feedbackColumns = `f.id, f.entry_id, f.kind, f.language, f.word, f.day, f.status, f.handler, f.answer, f.reply, f.contact_state, f.version,
	e.record, COALESCE(o.id, ''), COALESCE(o.name, '')`

const feedbackFrom = ` FROM directory_feedback f JOIN directory_entry e ON e.id = f.entry_id LEFT JOIN network_organization o ON o.id = e.organization_id`

func scanFeedback(s db.Scanner) (Feedback, error) {
	var f Feedback
	var service struct{ Name string }
	err := s.Scan(&f.ID, &f.Entry, &f.Kind, &f.Language, &f.Word, &f.Day, &f.Status, &f.Handler, &f.Answer, &f.Reply, &f.Contact, &f.Version,
		db.JSON(&service), &f.Body, &f.BodyName)
	f.Service = service.Name
	return f, err
}

func readFeedback(ctx context.Context, q db.Querier, id string) (Feedback, error) {
	f, err := db.Row(ctx, q, scanFeedback, `SELECT `+feedbackColumns+feedbackFrom+` WHERE f.id = $1`, id)
	if fault.Is(err, fault.KindNotFound) {
		return f, access.Missing()
	}
	return f, err
}

// feedbackTable says where policies find what they ask about a feedback.
var feedbackTable = access.Table{Type: "Feedback", ID: "f.id", Columns: map[string]access.Column{
	"member": {SQL: "e.organization_id", Kind: access.Text},
	"bodies": {SQL: bodiesIn("e.organization_id"), Kind: access.Many},
}}

// FeedbackSelection says which feedback a list holds.
type FeedbackSelection struct {
	Status string // "" is all but what is settled
	Kind   string
	Entry  string
	Page   int // from 1
	Size   int
}

// Inbox lists what was said of the services of the actor's body, the oldest that waits first, with how
// many there are in all and how many are new.
func (u *UseCases) Inbox(ctx context.Context, actor access.Actor, s FeedbackSelection) (list []Feedback, total, fresh int, err error) {
	scope, args, err := u.Guard.Scope(actor, "directory.feedback.read", feedbackTable, 1)
	if err != nil {
		return nil, 0, 0, err
	}
	where := feedbackFrom + ` WHERE (` + scope + `)`
	open := append(slices.Clone(args), StatusNew)
	add := func(condition string, value string) {
		args = append(args, value)
		where += ` AND ` + condition + ` = $` + strconv.Itoa(len(args))
	}
	openWhere := where + ` AND f.kind <> '` + directory.FeedbackClear + `' AND f.status = $` + strconv.Itoa(len(open))
	if s.Status == "" {
		where += ` AND f.status IN ('` + StatusNew + `', '` + StatusTaken + `')`
	} else if s.Status != "all" {
		add("f.status", s.Status)
	}
	if s.Kind == "" {
		// That something is clear is counted in the statistics; nobody has to answer it.
		where += ` AND f.kind <> '` + directory.FeedbackClear + `'`
	} else {
		add("f.kind", s.Kind)
	}
	if s.Entry != "" {
		add("f.entry_id", s.Entry)
	}
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if total, err = db.Row(ctx, tx, db.Column[int], `SELECT count(*)`+where, args...); err != nil {
			return err
		}
		if fresh, err = db.Row(ctx, tx, db.Column[int], `SELECT count(*)`+openWhere, open...); err != nil {
			return err
		}
		list, err = db.Rows(ctx, tx, scanFeedback, `SELECT `+feedbackColumns+where+` ORDER BY f.day, f.id LIMIT `+
			strconv.Itoa(max(s.Size, 1))+` OFFSET `+strconv.Itoa(max(s.Page-1, 0)*max(s.Size, 1)), args...)
		return err
	})
	return list, total, fresh, err
}

// ReadFeedback reads one; access.Missing when the actor may not.
func (u *UseCases) ReadFeedback(ctx context.Context, actor access.Actor, id string) (f Feedback, err error) {
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		f, err = u.feedbackFor(ctx, tx, actor, "directory.feedback.read", id)
		return err
	})
	f.Followed = err == nil && u.followed(ctx, f)
	return f, err
}

func (u *UseCases) feedbackFor(ctx context.Context, tx *db.Tx, actor access.Actor, action, id string) (Feedback, error) {
	f, err := readFeedback(ctx, tx, id)
	if err != nil {
		return Feedback{}, err
	}
	r, err := resource(ctx, tx, "Feedback", id, f.Body)
	if err != nil {
		return Feedback{}, err
	}
	return f, u.Guard.Check(ctx, actor, action, r)
}

// TakeUp says that the actor looks into it. It fails with access.Missing, and Conflict when somebody
// else did something about it since the version that was read.
func (u *UseCases) TakeUp(ctx context.Context, actor access.Actor, id string, version int64) error {
	return u.settle(ctx, actor, id, version, func(f *Feedback) error {
		if f.Status == StatusAnswered || f.Status == StatusClosed {
			return fault.Conflict("feedback.settled")
		}
		f.Status, f.Handler = StatusTaken, actor.Account
		return nil
	})
}

// AnswerRequest is what was found out about a feedback.
type AnswerRequest struct {
	ID      string
	Version int64
	Answer  string // for us
	Reply   string // to whoever said it, when they left a way back or follow it by a link; "" says nothing
	Close   bool   // nothing was to be done
}

// AnswerFeedback settles a feedback. A reply goes to the address that was left, and the address is
// destroyed, also without a reply. It fails with access.Missing, Conflict, Invalid("answer") and
// Invalid("reply").
func (u *UseCases) AnswerFeedback(ctx context.Context, actor access.Actor, r AnswerRequest) error {
	r.Answer, r.Reply = strings.TrimSpace(r.Answer), strings.TrimSpace(r.Reply)
	switch {
	case !r.Close && r.Answer == "":
		return fault.Invalid("answer", "feedback.answer_missing")
	case utf8.RuneCountInString(r.Answer) > longestAnswer:
		return fault.Invalid("answer", "feedback.answer_long", "limit", longestAnswer)
	case utf8.RuneCountInString(r.Reply) > longestAnswer:
		return fault.Invalid("reply", "feedback.answer_long", "limit", longestAnswer)
	}
	return u.settle(ctx, actor, r.ID, r.Version, func(f *Feedback) error {
		if f.Status == StatusAnswered || f.Status == StatusClosed {
			return fault.Conflict("feedback.settled")
		}
		if r.Reply != "" && f.Contact != ContactKept && !u.follows(f.Kind, f.Word) {
			return fault.Invalid("reply", "feedback.no_contact")
		}
		f.Status, f.Handler, f.Answer, f.Reply = StatusAnswered, actor.Account, r.Answer, r.Reply
		if r.Close {
			f.Status = StatusClosed
		}
		return nil
	})
}

// settle changes a feedback and does what follows: reply, forget the address, log.
func (u *UseCases) settle(ctx context.Context, actor access.Actor, id string, version int64, change func(*Feedback) error) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		f, err := u.feedbackFor(ctx, tx, actor, "directory.feedback.answer", id)
		if err != nil {
			return err
		}
		if f.Version != version {
			return fault.Conflict("feedback.conflict")
		}
		before := f.Status
		if err := change(&f); err != nil {
			return err
		}
		settled := ""
		if f.Status == StatusAnswered || f.Status == StatusClosed {
			settled = u.today().String()
			if err := u.reply(ctx, tx, &f); err != nil {
				return err
			}
		}
		if _, err := db.Exec(ctx, tx, `UPDATE directory_feedback SET status = $1, handler = $2, answer = $3, reply = $4, settled_on = $5, version = version + 1 WHERE id = $6`,
			f.Status, f.Handler, f.Answer, f.Reply, settled, id); err != nil {
			return err
		}
		changes := []audit.Change{{Field: "status", Before: before, After: f.Status}}
		if f.Reply != "" {
			changes = append(changes, audit.Change{Field: "reply", Hidden: true})
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "directory.feedback.answer", Kind: "feedback", Record: id, Changes: changes})
	})
}

// reply sends what is to be said to the address that was left, and destroys the address.
func (u *UseCases) reply(ctx context.Context, tx *db.Tx, f *Feedback) error {
	if f.Contact != ContactKept || u.Vault == nil {
		return nil
	}
	if f.Reply != "" && u.Answer != nil {
		sealed, err := db.Row(ctx, tx, db.Column[[]byte], `SELECT contact FROM directory_feedback WHERE id = $1`, f.ID)
		if err != nil {
			return err
		}
		address, err := u.Vault.Open(ctx, tx, f.subject(), "contact", sealed)
		if err != nil {
			return err
		}
		answer := Reply{Key: "census.reply/" + f.ID, Mail: string(address), Language: f.Language, Service: f.Service, Text: f.Reply, Member: f.Body, Link: "/services/" + f.Entry}
		if u.follows(f.Kind, f.Word) {
			answer.Link = ReportPath + u.linkOf(f.ID)
		}
		if err := u.Answer(ctx, tx, answer); err != nil {
			return err
		}
	}
	return u.forgetContact(ctx, tx, *f)
}

func (u *UseCases) forgetContact(ctx context.Context, tx *db.Tx, f Feedback) error {
	if err := u.Vault.Destroy(ctx, tx, f.subject()); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `UPDATE directory_feedback SET contact = NULL, contact_state = $1 WHERE id = $2`, ContactDestroyed, f.ID)
	return err
}

// ForgetContacts destroys ways back that nobody has used for too long; a job calls it every day.
func (u *UseCases) ForgetContacts(ctx context.Context) (n int, err error) {
	if u.Vault == nil {
		return 0, nil
	}
	before := (u.today() - keepContact).String()
	err = u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		ids, err := db.Rows(ctx, tx, db.Column[string], `SELECT id FROM directory_feedback WHERE contact_state = $1 AND day < $2 ORDER BY id`, ContactKept, before)
		n = len(ids)
		for _, id := range ids {
			if err := u.forgetContact(ctx, tx, Feedback{ID: id}); err != nil {
				return err
			}
		}
		return err
	})
	return n, err
}
