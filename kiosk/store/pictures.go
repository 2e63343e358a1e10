package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
)

// This file keeps pictures of papers: sealed one by one, signed by the officer who put them there, and destroyed with the filing.

// Kinds of entries about pictures of papers.
const (
	PictureAdded   Kind = "paper.added"   // detail number, content (digest); officers with the signature
	PictureRemoved Kind = "paper.removed" // detail number; likewise
)

// Bounds of pictures.
const (
	MaxPictures  = 24 << 20 // bytes of all of one filing: they leave for the portal together
	MostPictures = 50       // of one filing, those that were removed among them
)

// AddPictures puts pictures beside a filing that has not ended, all or none, and gives the number of the first. Only who has the filing open does: the
// errors are fault.DeskHeld, fault.DeskMove for one that has ended, fault.SealWrong for who may not decide, and fault.Usage for what is too large or too many.
func (s *Store) AddPictures(ctx context.Context, ref filing.Reference, list []filing.Picture, by Signer) (first int, err error) {
	size := 0
	for _, p := range list {
		size += len(p.Data)
	}
	if len(list) == 0 {
		return 0, fault.Newf(fault.Usage, "store: no pictures")
	}
	to, err := s.readers(ctx)
	if err != nil {
		return 0, err
	}
	err = s.put(ctx, func(conn *sql.Conn) error {
		if err := mayChangePictures(ctx, conn, ref, by); err != nil {
			return err
		}
		var last, there int
		const all = `SELECT coalesce(max(number), 0), coalesce(sum(CASE removed WHEN '' THEN length(body) END), 0)
			FROM picture JOIN image ON picture = id WHERE reference = ?`
		if err := conn.QueryRowContext(ctx, all, ref.String()).Scan(&last, &there); err != nil {
			return err
		}
		if last+len(list) > MostPictures || there+size > MaxPictures {
			return fault.Newf(fault.Usage, "store: %d pictures of %d bytes are more than a filing has", last+len(list), there+size)
		}
		first = last + 1
		for i, p := range list {
			if err := s.addPicture(ctx, conn, ref, first+i, p, to, by); err != nil {
				return err
			}
		}
		return nil
	})
	return first, err
}

func (s *Store) addPicture(ctx context.Context, conn *sql.Conn, ref filing.Reference, number int, p filing.Picture, to keyset, by Signer) error {
	text, err := packPicture(p)
	if err != nil {
		return err
	}
	defer clear(text)
	made, err := seal.Seal(text, pictureOf(ref, number), to.public)
	if err != nil {
		return fault.New(fault.SealNobody, err)
	}
	now := s.now().Round(0)
	const insert = "INSERT INTO picture (reference, number, at, seal, keyset) VALUES (?, ?, ?, ?, ?)"
	if _, err := conn.ExecContext(ctx, insert, ref.String(), number, formatTime(now), made.Key, to.number); err != nil {
		return err
	}
	const body = "INSERT INTO image SELECT id, ? FROM picture WHERE reference = ? AND number = ?"
	if _, err := conn.ExecContext(ctx, body, made.Body, ref.String(), number); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "UPDATE filing SET keyset = min(keyset, ?) WHERE reference = ?", to.number, ref.String()); err != nil {
		return err
	}
	return s.notePicture(ctx, conn, now, PictureAdded, ref, map[string]any{"number": number, "content": digest(made.Body)}, by)
}

// RemovePicture destroys the key of a picture: of a wrong sheet, or of somebody else's. The errors are those of AddPictures, and fault.NotFound.
func (s *Store) RemovePicture(ctx context.Context, ref filing.Reference, number int, by Signer) error {
	return s.put(ctx, func(conn *sql.Conn) error {
		if err := mayChangePictures(ctx, conn, ref, by); err != nil {
			return err
		}
		now := s.now().Round(0)
		const gone = "UPDATE picture SET seal = NULL, removed = ? WHERE reference = ? AND number = ? AND removed = ''"
		done, err := conn.ExecContext(ctx, gone, formatTime(now), ref.String(), number)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fault.Newf(fault.NotFound, "store: no such picture"))
		}
		return s.notePicture(ctx, conn, now, PictureRemoved, ref, map[string]any{"number": number}, by)
	})
}

func (s *Store) notePicture(ctx context.Context, conn *sql.Conn, at time.Time, kind Kind, ref filing.Reference, detail map[string]any, by Signer) error {
	if err := countersign(kind, ref.String(), formatTime(at), detail, by); err != nil {
		return err
	}
	_, err := s.record(ctx, conn, at, kind, ref.String(), detail)
	return err
}

// mayChangePictures wants an officer who may decide and has the filing, and a filing that has not ended.
func mayChangePictures(ctx context.Context, conn *sql.Conn, ref filing.Reference, by Signer) error {
	if err := mayDecide(ctx, conn, by); err != nil {
		return err
	}
	c, _, err := loadCase(ctx, conn, ref)
	switch {
	case err != nil:
		return err
	case c.Holder != "" && c.Holder != by.ID:
		return fault.New(fault.DeskHeld, desk.ErrHeld)
	case c.Status.Ended():
		return fault.New(fault.DeskMove, desk.ErrMove)
	}
	return nil
}

// packPicture is how a picture is sealed: the paper, the type, each with a newline, and the bytes as they are.
func packPicture(p filing.Picture) ([]byte, error) {
	if len(p.Data) == 0 || len(p.Data) > filing.MaxPicture || p.Paper == "" || p.Type == "" || strings.Contains(p.Paper+p.Type, "\n") {
		return nil, fault.Newf(fault.Usage, "store: a picture of %d bytes", len(p.Data))
	}
	return slices.Concat([]byte(p.Paper+"\n"+p.Type+"\n"), p.Data), nil
}

func unpackPicture(text []byte) (p filing.Picture, whole bool) {
	paper, rest, one := bytes.Cut(text, []byte("\n"))
	kind, data, two := bytes.Cut(rest, []byte("\n"))
	return filing.Picture{Paper: string(paper), Type: string(kind), Data: data}, one && two
}

// pictureOf is what a picture is bound to.
func pictureOf(ref filing.Reference, number int) string { return fmt.Sprint(ref.String(), "@", number) }

const showPictures = "SELECT number, at, body, seal FROM picture JOIN image ON picture = id WHERE reference = ? AND removed = '' ORDER BY number"

// Pictures gives the pictures of a filing in their order, opened. The errors are fault.SealShut, fault.SealDestroyed and fault.StoreDamaged.
func (r *Reader) Pictures(ctx context.Context, ref filing.Reference, id *seal.Identity) ([]filing.Picture, error) {
	rows, err := r.db.QueryContext(ctx, showPictures, ref.String())
	if err != nil {
		return nil, failed("pictures", err)
	}
	defer rows.Close()
	var list []filing.Picture
	for rows.Next() {
		var number int
		var at string
		var lies seal.Sealed
		if err := rows.Scan(&number, &at, &lies.Body, &lies.Key); err != nil {
			return nil, failed("pictures", err)
		}
		if len(lies.Key) == 0 {
			return nil, errDestroyed()
		}
		text, err := seal.Open(lies, pictureOf(ref, number), id)
		if err != nil {
			return nil, opened(err)
		}
		p, whole := unpackPicture(text)
		if !whole {
			return nil, fault.Newf(fault.StoreDamaged, "store: a picture cannot be read")
		}
		p.Number = number
		if p.At, err = time.Parse(time.RFC3339Nano, at); err != nil {
			return nil, failed("pictures", err)
		}
		list = append(list, p)
	}
	if err := rows.Err(); err != nil {
		return nil, failed("pictures", err)
	}
	return list, nil
}

// pictured is what the journal says of a picture: the digest of it sealed, when it came, and when it was removed.
type pictured struct{ content, at, removed string }

// picture verifies that a picture came, or was removed.
func (v *Verdict) picture(r row) error {
	var d struct {
		Number  int
		Content string
	}
	if err := json.Unmarshal([]byte(r.detail), &d); err != nil {
		return errors.New("detail cannot be read")
	}
	if _, err := v.together(r, 1, officer.Decide); err != nil {
		return err
	}
	name := pictureName(r.reference, d.Number)
	was, there := v.pictures[name]
	if added := Kind(r.kind) == PictureAdded; added == there || !added && was.removed != "" {
		return errors.New("a picture comes once and goes once")
	} else if added {
		was = pictured{content: d.Content, at: r.at}
	} else {
		was.removed = r.at
	}
	v.pictures[name] = was
	return nil
}

func pictureName(ref string, number int) string { return fmt.Sprint(ref, "@", number) }

// papers compares what the journal says of pictures with what is there.
func (v *Verdict) papers(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, "SELECT reference, number, body, seal IS NULL, at, removed FROM picture LEFT JOIN image ON picture = id")
	if err != nil {
		return err
	}
	defer rows.Close()
	there := 0
	for ; rows.Next(); there++ {
		var ref string
		var number int
		var body sql.RawBytes
		var shut bool
		var lies pictured
		if err := rows.Scan(&ref, &number, &body, &shut, &lies.at, &lies.removed); err != nil {
			return err
		}
		lies.content = digest(body)
		if want := v.pictures[pictureName(ref, number)]; want != lies || shut != (v.ended[ref] || want.removed != "") {
			return fault.Newf(fault.StoreDamaged, "store: journal: picture %d of %s is not as the journal says", number, ref)
		}
	}
	if there != len(v.pictures) {
		return errors.Join(rows.Err(), fault.Newf(fault.StoreDamaged, "store: journal: %d pictures have entries, %d are there", len(v.pictures), there))
	}
	return rows.Err()
}
