// SPDX-License-Identifier: EUPL-1.2

package census

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/need"
	places "approdo/internal/base/network"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/upload"
)

// Status values of a field report.
const (
	FieldNew     = "new"
	FieldAdopted = "adopted" // an editor has made a draft of it
	FieldDropped = "dropped" // known already, or no service
)

// FieldStatuses lists them.
var FieldStatuses = []string{FieldNew, FieldAdopted, FieldDropped}

// Found is what somebody found who went out and asked: a place where people are helped. There is no
// field for a person, and no note for the desk but what helps to find the place again.
type Found struct {
	Name      string      `json:"name"`
	Needs     []string    `json:"needs,omitempty"`
	Comune    string      `json:"comune,omitempty"` // ISTAT code
	Address   string      `json:"address,omitempty"`
	Lat       *float64    `json:"lat,omitempty"`
	Lon       *float64    `json:"lon,omitempty"`
	Hours     string      `json:"hours,omitempty"`
	Phone     string      `json:"phone,omitempty"`
	Languages []string    `json:"languages,omitempty"`
	Note      string      `json:"note,omitempty"`
	SeenOn    string      `json:"seen_on,omitempty"` // day on which it was asked; ISO
	Photo     upload.Kept `json:"photo,omitzero"`
}

// FieldReport is what came in.
type FieldReport struct {
	Found
	ID         string // made by the phone: sending it again changes nothing
	Member     string
	Account    string
	Status     string
	Handler    string
	Service    string // identifier of the draft that was made of it
	Remark     string
	ReceivedAt time.Time
}

// Photographs are those of telephones, which are large.
var Photographs = upload.Accept{Bytes: 12 << 20, Pixels: 50_000_000}

// Bounds of the texts, in letters.
const (
	longFound  = 200
	longFields = 1000
)

func (f *Found) check(today calendar.Day) error {
	f.Name, f.Address, f.Hours, f.Phone, f.Note = strings.TrimSpace(f.Name), strings.TrimSpace(f.Address), strings.TrimSpace(f.Hours), strings.TrimSpace(f.Phone), strings.TrimSpace(f.Note)
	if f.Name == "" {
		return fault.Invalid("name", "field.name_missing")
	}
	for field, text := range map[string]string{"name": f.Name, "address": f.Address, "phone": f.Phone} {
		if utf8.RuneCountInString(text) > longFound {
			return fault.Invalid(field, "field.long", "limit", longFound)
		}
	}
	for field, text := range map[string]string{"hours": f.Hours, "note": f.Note} {
		if utf8.RuneCountInString(text) > longFields {
			return fault.Invalid(field, "field.long", "limit", longFields)
		}
	}
	if slices.ContainsFunc(f.Needs, func(code string) bool { return !need.Known(code) }) || len(f.Needs) > 10 {
		return fault.Invalid("need", "field.need")
	}
	if (f.Lat == nil) != (f.Lon == nil) || f.Lat != nil && (*f.Lat < -90 || *f.Lat > 90 || *f.Lon < -180 || *f.Lon > 180) {
		return fault.Invalid("near", "field.point")
	}
	if f.Comune != "" {
		if _, ok := places.Territories().Comune(f.Comune); !ok {
			return fault.Invalid("comune", "field.comune")
		}
	}
	if f.Comune == "" && f.Lat != nil {
		if c, _, ok := places.Territories().Nearest(*f.Lat, *f.Lon); ok {
			f.Comune = c.ISTAT
		}
	}
	if f.Comune == "" {
		return fault.Invalid("comune", "field.place_missing")
	}
	if len(f.Languages) > 30 || slices.ContainsFunc(f.Languages, func(code string) bool { return len(code) < 2 || len(code) > 3 }) {
		return fault.Invalid("languages", "field.languages")
	}
	if day, err := calendar.ParseDay(f.SeenOn); err != nil || day > today {
		f.SeenOn = today.String() // a clock that is wrong must not keep a report in the phone for ever
	}
	return nil
}

// Bring takes a report from the field. Its id is made where it is written, so that a phone may send it
// again until it knows that it has arrived. Photo is nil for none. It fails with access.Missing,
// Invalid, TooLarge and Unsupported.
func (u *UseCases) Bring(ctx context.Context, actor access.Actor, id string, f Found, photo io.Reader) error {
	r := access.Resource{Type: "FieldReport", ID: id, Attributes: access.Attributes{"member": actor.Member, "bodies": []string{actor.Member}, "account": actor.Account}}
	if err := u.Guard.Check(ctx, actor, "directory.field.report", r); err != nil {
		return err
	}
	if parsed, err := uuid.Parse(id); err != nil || parsed.String() != id {
		return fault.Invalid("id", "field.id")
	}
	if err := f.check(u.today()); err != nil {
		return err
	}
	if known, err := db.Row(ctx, u.DB, db.Column[int], `SELECT count(*) FROM directory_field_report WHERE id = $1`, id); err != nil || known > 0 {
		return err
	}
	f.Photo = upload.Kept{}
	if photo != nil && u.Photos != nil {
		kept, err := u.Photos.Keep("photo", photo, Photographs)
		if err != nil {
			return err
		}
		f.Photo = kept
	}
	fresh := int64(0)
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if fresh, err = db.Exec(ctx, tx, `INSERT INTO directory_field_report (id, member, account, status, record, received_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING`,
			id, actor.Member, actor.Account, FieldNew, db.JSON(f), db.Millis(u.Clock())); err != nil || fresh == 0 {
			return err
		}
		if err := u.tell(ctx, tx, News{Key: "census.field/" + id, Template: "census.field", Member: actor.Member, Args: map[string]string{"name": f.Name}, Link: "/office/field/" + id}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "directory.field.report", Kind: "field-report", Record: id})
	})
	if (err != nil || fresh == 0) && !f.Photo.None() {
		_ = u.Photos.Remove(f.Photo) // its record was not written
	}
	return err
}

var fieldTable = access.Table{Type: "FieldReport", ID: "r.id", Columns: map[string]access.Column{
	"member":  {SQL: "r.member", Kind: access.Text},
	"account": {SQL: "r.account", Kind: access.Text},
	"bodies":  {SQL: bodiesIn("r.member"), Kind: access.Many},
}}

const fieldColumns = `r.id, r.member, r.account, r.status, r.record, r.handler, r.service_id, r.remark, r.received_at`

func scanField(s db.Scanner) (FieldReport, error) {
	var r FieldReport
	return r, s.Scan(&r.ID, &r.Member, &r.Account, &r.Status, db.JSON(&r.Found), &r.Handler, &r.Service, &r.Remark, db.ScanTime(&r.ReceivedAt))
}

// FieldReports lists what the actor may see, the newest first, and how many there are. Status "" is all.
func (u *UseCases) FieldReports(ctx context.Context, actor access.Actor, status string, page, size int) (list []FieldReport, total int, err error) {
	scope, args, err := u.Guard.Scope(actor, "directory.field.read", fieldTable, 1)
	if err != nil {
		return nil, 0, err
	}
	from := ` FROM directory_field_report r WHERE (` + scope + `)`
	if status != "" {
		args = append(args, status)
		from += ` AND r.status = $` + strconv.Itoa(len(args))
	}
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if total, err = db.Row(ctx, tx, db.Column[int], `SELECT count(*)`+from, args...); err != nil {
			return err
		}
		list, err = db.Rows(ctx, tx, scanField, `SELECT `+fieldColumns+from+` ORDER BY r.received_at DESC, r.id DESC LIMIT `+strconv.Itoa(max(size, 1))+` OFFSET `+strconv.Itoa(max(page-1, 0)*max(size, 1)), args...)
		return err
	})
	return list, total, err
}

// ReadField reads one; access.Missing when the actor may not. Reviews tells whether they may decide.
func (u *UseCases) ReadField(ctx context.Context, actor access.Actor, id string) (r FieldReport, reviews bool, err error) {
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if r, err = u.fieldFor(ctx, tx, actor, "directory.field.read", id); err != nil {
			return err
		}
		_, denied := u.fieldFor(ctx, tx, actor, "directory.field.review", id)
		reviews = denied == nil
		return nil
	})
	return r, reviews, err
}

func (u *UseCases) fieldFor(ctx context.Context, tx *db.Tx, actor access.Actor, action, id string) (FieldReport, error) {
	one, err := db.Row(ctx, tx, scanField, `SELECT `+fieldColumns+` FROM directory_field_report r WHERE r.id = $1`, id)
	if fault.Is(err, fault.KindNotFound) {
		return one, access.Missing()
	}
	if err != nil {
		return one, err
	}
	r, err := resource(ctx, tx, "FieldReport", id, one.Member)
	if err != nil {
		return one, err
	}
	r.Attributes["account"] = one.Account
	return one, u.Guard.Check(ctx, actor, action, r)
}

// FieldPhoto reads the picture of a report; access.Missing when there is none or the actor may not.
func (u *UseCases) FieldPhoto(ctx context.Context, actor access.Actor, id string) ([]byte, string, error) {
	r, _, err := u.ReadField(ctx, actor, id)
	if err != nil {
		return nil, "", err
	}
	if r.Photo.None() || u.Photos == nil {
		return nil, "", access.Missing()
	}
	content, err := u.Photos.Read(r.Photo)
	return content, r.Photo.Type, err
}
