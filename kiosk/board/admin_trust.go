package board

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/store"
)

// This file is whose signatures on chips the office believes, for its head.

// Trust is whom the office trusts; cmd has it of devices/card/emrtd/trust, which this package must not know.
type Trust interface {
	// List reads what is trusted now, anew.
	List() ([]Trusted, error)
	// Files are those that may be imported, found where people put them: sticks, the folder of exports. At most a few.
	Files() []string
	// Add imports a file; an error has a fault.Code.
	Add(path string) (TrustAddition, error)
	// Remove takes one away by its whole fingerprint.
	Remove(fingerprint string) error
}

// Trusted is one entry of what is trusted.
type Trusted struct {
	Kind        string // csca, signer, crl: the texts are desk.trust.kind.KIND
	Fingerprint string // SHA-256, hexadecimal
	Name        string // of whom it is
	Issuer      string // of who signed it; "" if they themselves did
	Country     string
	Key         string // its algorithm and size
	From, Until time.Time
	Vouched     string    // "operator", "built in", or the signer of a master list
	Added       time.Time // zero for what is built in, which stays
}

// TrustAddition is what came of a file.
type TrustAddition struct {
	Added   []Trusted
	Known   int // that were there already
	LeftOut int // that could not be proven
	Vouched string
}

// trusts is whom the office trusts.
type trusts struct{ all []Trusted }

func (*trusts) name() string            { return "trust" }
func (*trusts) may(r officer.Role) bool { return r.May(officer.SetTrust) }

func (t *trusts) open(_ context.Context, b *Board) (err error) {
	if t.all = nil; b.opt.Deciding.Trust != nil {
		t.all, err = b.opt.Deciding.Trust.List()
	}
	return err
}

// health is how an entry is on a day.
func (t Trusted) health(now time.Time) (mark string, m Mood) {
	switch {
	case !t.Until.IsZero() && now.After(t.Until):
		return "desk.trust.over", Care
	case now.Before(t.From):
		return "desk.trust.early", Care
	case t.Added.IsZero():
		return "desk.trust.built-in", Ready
	}
	return "desk.trust.holds", Ready
}

func (t *trusts) entries(b *Board) []Entry {
	var list []Entry
	for _, x := range t.all {
		mark, m := x.health(b.opt.Now())
		text := Words{"desk.trust.line-open", []any{Words{"desk.trust.kind." + x.Kind, nil}}}
		if !x.Until.IsZero() {
			text = Words{"desk.trust.line", append(text.Args, day(x.Until))}
		}
		list = append(list, Entry{Name: As(x.Name), Text: text, Mark: Words{mark, nil}, Mood: m})
	}
	return list
}

func day(t time.Time) string { return t.Format("02/01/2006") }

func (t *trusts) about(b *Board, at int) About {
	add := Deed{ID: "trust-add", Key: "N", Off: b.opt.Deciding.Trust == nil}
	if at < 0 {
		return About{Title: Words{"desk.trust.none", nil}, Lines: []Remark{{Words: Words{"desk.trust.text", nil}}}, Deeds: []Deed{add}}
	}
	x := t.all[at]
	mark, m := x.health(b.opt.Now())
	a := About{Title: As(x.Name), Lines: []Remark{{Label: "desk.trust.kind", Words: Words{"desk.trust.kind." + x.Kind, nil}}, {Words: Words{mark, nil}, Mood: m}}}
	if x.Issuer != "" {
		a.Lines = append(a.Lines, Remark{Label: "desk.trust.issuer", Words: As(x.Issuer)})
	}
	valid := Words{"desk.trust.since", []any{day(x.From)}}
	if !x.Until.IsZero() {
		valid = Words{"desk.trust.between", []any{day(x.From), day(x.Until)}}
	}
	a.Lines = append(a.Lines, Remark{Label: "desk.trust.valid", Words: valid})
	if x.Key != "" {
		a.Lines = append(a.Lines, Remark{Label: "desk.trust.key", Words: As(x.Key)})
	}
	a.Lines = append(a.Lines, Remark{Label: "desk.trust.vouched", Words: vouchedBy(x.Vouched)})
	if !x.Added.IsZero() {
		a.Lines = append(a.Lines, Remark{Label: "desk.officer.added", Words: Words{"desk.at", []any{x.Added}}})
	}
	a.Lines = append(a.Lines, Remark{Label: "desk.trust.fingerprint", Words: As(groups(x.Fingerprint))}, Remark{Words: Words{"desk.trust.compare", nil}})
	a.Deeds = []Deed{add, {ID: "trust-remove", Key: "X", Grim: true, Off: x.Added.IsZero()}}
	return a
}

// vouchedBy is who vouches, in words.
func vouchedBy(who string) Words {
	switch who {
	case "operator", "built in":
		return Words{"desk.trust.by." + map[string]string{"operator": "operator", "built in": "built-in"}[who], nil}
	}
	return As(who)
}

// groups writes a fingerprint as people compare it: four digits at a time.
func groups(s string) string {
	var out []rune
	for i, r := range s {
		if i > 0 && i%4 == 0 {
			out = append(out, ' ')
		}
		out = append(out, r)
	}
	return string(out)
}

func (t *trusts) act(_ context.Context, b *Board, at int, id string) error {
	switch id {
	case "trust-add":
		t.askFile(b)
	case "trust-remove":
		x := t.all[at]
		b.admin.ask = &question{id: "untrust", grim: true, lines: []Words{As(x.Name)}, then: func(ctx context.Context, _ *question) (string, error) {
			if err := b.store.NoteTrust(ctx, store.TrustRemoved, x.Fingerprint, x.Kind, x.Vouched, b.signer()); err != nil {
				return "", err
			}
			if err := b.opt.Deciding.Trust.Remove(x.Fingerprint); err != nil {
				return "", err
			}
			b.done("desk.trust.removed", x.Name)
			return "", nil
		}}
	}
	return nil
}

// mostFiles is how many files are offered.
const mostFiles = 6

// askFile asks for the file to import: one of those that were found, or by its path.
func (t *trusts) askFile(b *Board) {
	files := b.opt.Deciding.Trust.Files()
	files = files[:min(len(files), mostFiles)]
	q := &question{id: "trust", fields: []blank{{id: "path", kind: FieldLine}}}
	if len(files) > 0 {
		var choices []Words
		for _, f := range files {
			choices = append(choices, As(filepath.Base(f)))
		}
		q.fields = slices.Insert(q.fields, 0, blank{id: "file", kind: FieldChoice, choices: choices})
	}
	q.then = func(ctx context.Context, q *question) (string, error) {
		path := q.text("path")
		if path == "" && len(files) > 0 {
			path = files[q.chosen("file")]
		}
		if path == "" {
			return "file", nil
		}
		return b.trustFile(ctx, path)
	}
	b.admin.ask = q
}

// trustFile imports a file and journals what came of it. What cannot be journaled is taken out again.
func (b *Board) trustFile(ctx context.Context, path string) (problem string, err error) {
	in, err := b.opt.Deciding.Trust.Add(path)
	switch {
	case fault.CodeOf(err) == fault.NotFound:
		return "file", nil
	case fault.CodeOf(err) == fault.CardForged:
		b.opt.Log.Warn("trust.refused", "err", err)
		return "unproven", nil
	case err != nil:
		return "", err
	}
	for i, x := range in.Added {
		if err := b.store.NoteTrust(ctx, store.TrustAdded, x.Fingerprint, x.Kind, x.Vouched, b.signer()); err != nil {
			for _, x := range in.Added[i:] {
				err = errors.Join(err, b.opt.Deciding.Trust.Remove(x.Fingerprint))
			}
			return "", err
		}
	}
	b.done("desk.trust.added", len(in.Added), in.Known, in.LeftOut)
	return "", nil
}
