package board

import (
	"context"
	"path/filepath"
	"time"

	"motcua/kiosk/officer"
	"motcua/kiosk/store"
)

// This file is the backups: those that lie there, making one, checking one, and what to do to get one back.

// backups is that section.
type backups struct {
	all     []store.Backup
	checked map[string]error // by path, those that were checked in this shift
}

func (*backups) name() string            { return "backup" }
func (*backups) may(r officer.Role) bool { return r.May(officer.Backup) }

func (s *backups) open(_ context.Context, b *Board) (err error) {
	if b.opt.Steward.Backups == "" {
		return nil
	}
	s.all, err = store.Backups(b.opt.Steward.Backups)
	return err
}

func (s *backups) entries(*Board) []Entry {
	var list []Entry
	for _, x := range s.all {
		e := Entry{Name: Words{"desk.backup.made", []any{x.At}}, Text: Words{"desk.backup.holds", []any{x.Filings, uint64(x.Bytes)}}}
		switch err, was := s.checked[x.Path]; {
		case was && err == nil:
			e.Mark, e.Mood = Words{"desk.backup.good", nil}, Ready
		case was:
			e.Mark, e.Mood = Words{"desk.backup.bad", nil}, Faulty
		}
		list = append(list, e)
	}
	return list
}

// oldBackup is when the newest backup is too old, whatever the office has set.
const oldBackup = 48 * time.Hour

func (s *backups) about(b *Board, at int) About {
	again := Deed{ID: "backup-make", Key: "S", Off: b.opt.Steward.Backups == ""}
	if at < 0 {
		return About{Title: Words{"desk.backup.none", nil}, Lines: []Remark{{Words: Words{"desk.backup.none.text", nil}, Mood: Care}}, Deeds: []Deed{again}}
	}
	x := s.all[at]
	a := About{Title: Words{"desk.backup.made", []any{x.At}}, Lines: []Remark{
		{Label: "desk.backup.filings", Words: Words{"desk.count", []any{x.Filings}}},
		{Label: "desk.backup.entries", Words: Words{"desk.count", []any{int(x.Entries)}}},
		{Label: "desk.backup.size", Words: Words{"desk.count", []any{uint64(x.Bytes)}}},
		{Label: "desk.backup.name", Words: As(filepath.Base(x.Path))},
		{Label: "desk.backup.where", Words: As(filepath.Dir(x.Path))},
	}}
	if at == 0 && b.opt.Now().Sub(x.At) > oldBackup {
		a.Lines = append(a.Lines, Remark{Words: Words{"desk.backup.old", nil}, Mood: Care})
	}
	err, was := s.checked[x.Path]
	switch {
	case was && err == nil:
		a.Lines = append(a.Lines, Remark{Words: Words{"desk.backup.good.text", nil}, Mood: Ready})
	case was:
		a.Lines = append(a.Lines, Remark{Words: Words{"desk.backup.bad.text", nil}, Mood: Faulty})
	}
	a.Deeds = []Deed{again, {ID: "backup-check", Key: "C"}}
	switch {
	case !b.me.Role.May(officer.Restore):
	case b.opt.Steward.Restore != nil:
		a.Deeds = append(a.Deeds, Deed{ID: "restore", Key: "P", Grim: true, Off: !was || err != nil})
		if !was {
			a.Lines = append(a.Lines, Remark{Words: Words{"desk.backup.check-first", nil}})
		}
	default:
		a.Lines = append(a.Lines, Remark{Words: Words{"desk.backup.restore.text", nil}}, Remark{Words: As("motcuactl restore " + x.Path + " --as … --with …")})
	}
	return a
}

func (s *backups) act(_ context.Context, b *Board, at int, id string) error {
	st, dir := b.store, b.opt.Steward.Backups
	if id == "backup-make" {
		b.beside(Words{"desk.doing.backup-make", nil}, func(ctx context.Context) (Words, error) {
			x, err := st.Backup(ctx, dir, store.DefaultKeep)
			return Words{"desk.done.backup-make", []any{x.Filings, uint64(x.Bytes)}}, err
		})
		return nil
	}
	x := s.all[at]
	if id == "restore" {
		b.together(officer.Restore, []Words{{"desk.will.restore", []any{x.At, x.Filings}}, {"desk.will.restore.next", nil}}, func(_ context.Context, by []store.Signer) error {
			b.opt.Steward.Restore(x.Path, by)
			return nil
		})
		return nil
	}
	var wrong error
	b.beside(Words{"desk.doing.backup-check", nil}, func(ctx context.Context) (Words, error) {
		if wrong = x.Check(ctx); wrong != nil {
			return Words{"desk.done.backup-bad", nil}, ctx.Err()
		}
		return Words{"desk.done.backup-good", nil}, ctx.Err()
	})
	b.admin.after = func(context.Context) error {
		if s.checked == nil {
			s.checked = map[string]error{}
		}
		s.checked[x.Path] = wrong
		return nil
	}
	return nil
}
