package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/seal"
)

// This file is the tags of people (identity.Person.Tagged), by which the kiosk finds the filings of somebody whose card lies there. A tag takes the better part of
// a second on purpose (seal.Tagger), and much longer on a busy machine; nobody waits for it: it is begun as soon as it is known whose card that is,
// and a filing that comes sooner is written without and gets its tag afterwards.

// tagging is a tag on its way.
type tagging struct {
	who  string
	done chan struct{}
	tag  []byte // once done
}

// tagWait is how long File waits for a tag, mineLimit how many filings of somebody are given.
const (
	tagWait   = time.Second
	mineLimit = 12
)

// openTags makes what makes tags, with the salt of this installation.
func (s *Store) openTags(ctx context.Context) error {
	if s.opts.Tag == nil {
		return nil
	}
	fresh, err := seal.Salt()
	if err != nil {
		return failed("salt", err)
	}
	// Whichever station comes first makes it.
	err = s.transact(ctx, func(conn *sql.Conn) error {
		_, err := conn.ExecContext(ctx, "INSERT OR IGNORE INTO meta VALUES ('salt', ?)", hex.EncodeToString(fresh))
		return err
	})
	if err != nil {
		return err
	}
	var text string
	if err := s.conn.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = 'salt'").Scan(&text); err != nil {
		return failed("salt", err)
	}
	salt, err := hex.DecodeString(text)
	if err != nil || len(salt) != seal.SaltLen {
		return fault.Newf(fault.StoreDamaged, "store: the salt cannot be read")
	}
	s.tag = s.opts.Tag(salt)
	return nil
}

// Prepare begins to compute the tag of somebody, so that File and Mine have it.
func (s *Store) Prepare(who string) { s.startTag(who) }

// Forget drops who was prepared last.
func (s *Store) Forget() {
	s.tagging.Lock()
	defer s.tagging.Unlock()
	s.lastTag = nil
}

// startTag begins to compute a tag, or gives what is under way; nil if there are no tags, or it is nobody.
func (s *Store) startTag(who string) *tagging {
	if s.tag == nil || who == "" {
		return nil
	}
	s.tagging.Lock()
	defer s.tagging.Unlock()
	if s.lastTag != nil && s.lastTag.who == who {
		return s.lastTag
	}
	t := &tagging{who: who, done: make(chan struct{})}
	s.lastTag = t
	go func() {
		t.tag = s.tag(who)
		close(t.done)
	}()
	return t
}

// ready waits a little for a tag and gives it, nil if it is not there yet.
func (t *tagging) ready(ctx context.Context) []byte {
	if t == nil {
		return nil
	}
	select {
	case <-t.done:
		return t.tag
	case <-ctx.Done():
	case <-time.After(tagWait):
	}
	return nil
}

// tagLater writes the tag of a filing that was written without one, as soon as it is there.
func (s *Store) tagLater(ref filing.Reference, t *tagging) {
	go func() {
		<-t.done
		err := s.put(context.Background(), func(conn *sql.Conn) error {
			_, err := conn.ExecContext(context.Background(), "UPDATE filing SET tag = ? WHERE reference = ? AND tag IS NULL AND sealed <> 2", t.tag, ref.String())
			return err
		})
		if err != nil { // the slip finds it all the same
			s.opts.Log.Warn("tag.not-written", "reference", ref.String(), "err", err)
		}
	}()
}

// Mine gives where the filings of somebody (identity.Person.Tagged) stand, the newest first. It answers for one at a time, as slowly as a tag
// is. Filings of before there were tags are not among them.
func (s *Store) Mine(ctx context.Context, who string, day time.Time) ([]filing.Standing, error) {
	t := s.startTag(who)
	if t == nil {
		return nil, nil
	}
	select {
	case <-t.done:
	case <-ctx.Done():
		return nil, failed("mine", ctx.Err())
	}
	rows, err := s.db.QueryContext(ctx, "SELECT reference FROM filing WHERE tag = ? ORDER BY id DESC LIMIT ?", t.tag, mineLimit)
	if err != nil {
		return nil, failed("mine", err)
	}
	defer rows.Close()
	var refs []string
	for rows.Next() {
		var ref string
		if err := rows.Scan(&ref); err != nil {
			return nil, failed("mine", err)
		}
		refs = append(refs, ref)
	}
	if err := rows.Err(); err != nil {
		return nil, failed("mine", err)
	}
	var list []filing.Standing
	for _, ref := range refs {
		st, err := s.Standing(ctx, ref, day)
		if err != nil {
			return nil, err
		}
		list = append(list, st)
	}
	return list, nil
}
