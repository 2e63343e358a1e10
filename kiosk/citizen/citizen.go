// Package citizen answers what people may ask an office about themselves (Law 91/2025/QH15 on the protection of personal data): what it holds
// of them, and to erase it.
//
// Export writes all of it as a zip, Judge says of each filing whether it may be erased and why not. Both go by the rows of kiosk/finder, so that also
// those filings are found in which somebody is named who did not file: of these only what is said of that person is given out, the rest
// is somebody else's.
package citizen

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/finder"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/official"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
)

// Store is what is read of an office; kiosk/store has it.
type Store interface {
	finder.Store
	Case(ctx context.Context, ref filing.Reference, id *seal.Identity) (desk.Case, error)
	JournalOf(ctx context.Context, ref filing.Reference) ([]store.Entry, error)
	Pictures(ctx context.Context, ref filing.Reference, id *seal.Identity) ([]filing.Picture, error)
}

// Role is what somebody is in a filing.
type Role string

// The roles.
const (
	Applicant Role = "applicant"
	Named     Role = "named" // by whoever filed
)

// Index is the file index.json of an export.
type Index struct {
	Number  identity.Number `json:"number"`
	Office  string          `json:"office"`
	Officer string          `json:"officer"` // who made it
	Made    time.Time       `json:"made"`
	Filings []Entry         `json:"filings"`
	Shut    int             `json:"shut"` // filings that this officer cannot open yet: whether they are the person's is not known
}

// Entry is a filing in an export. Its files lie in a folder of its reference.
type Entry struct {
	Reference filing.Reference `json:"reference"`
	Service   string           `json:"service"`
	Status    filing.Status    `json:"status"`
	Filed     time.Time        `json:"filed"`
	Role      Role             `json:"role"`
	Files     []string         `json:"files"`
	NoForm    string           `json:"no_form,omitempty"` // why there is no printed form of it
	Papers    []Paper          `json:"papers,omitempty"`  // which of the files are pictures of papers
}

// Paper is the picture of a paper in an export.
type Paper struct {
	File  string    `json:"file"`
	Paper string    `json:"paper"`
	At    time.Time `json:"at"` // when it was put beside the filing
}

// Request says who asks what.
type Request struct {
	Number  identity.Number
	Officer string // who answers
	Key     *seal.Identity
	Printer official.Printer
	Now     time.Time
}

// Export writes everything that the office holds of a person: an index, and of each filing that they filed its content, the portrait, the forms, the
// pictures of its papers, the decisions and what the journal has of it; of each in which they are named, what is said of them. The index is last, and without it
// the zip is not whole.
func Export(ctx context.Context, w io.Writer, s Store, q Request) (Index, error) {
	index := Index{Number: q.Number, Office: q.Printer.Office.Name, Officer: q.Officer, Made: q.Now, Filings: []Entry{}}
	held, err := finder.Of(ctx, s, q.Key, q.Number)
	if err != nil {
		return index, err
	}
	index.Shut = held.Shut
	out := archive{zip.NewWriter(w), q.Now}
	for _, sum := range held.Filings {
		e, err := out.filing(ctx, s, q, sum)
		if fault.CodeOf(err) == fault.SealDestroyed {
			continue // its time ended just now
		}
		if err != nil {
			return index, err
		}
		index.Filings = append(index.Filings, e)
	}
	if err := errors.Join(out.json("index.json", index), out.zip.Close()); err != nil {
		return index, fault.New(fault.StoreFailed, err)
	}
	return index, nil
}

// archive is a zip that is being written.
type archive struct {
	zip *zip.Writer
	now time.Time
}

func (a archive) add(name string, content []byte) error {
	f, err := a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: a.now})
	if err == nil {
		_, err = f.Write(content)
	}
	if err != nil {
		return fault.New(fault.StoreFailed, err)
	}
	return nil
}

func (a archive) json(name string, v any) error {
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	return a.add(name, text)
}

// filing writes the folder of a filing.
func (a archive) filing(ctx context.Context, s Store, q Request, sum store.Summary) (Entry, error) {
	e := Entry{Reference: sum.Reference, Service: sum.Service, Status: sum.Status, Filed: sum.Filed, Role: Named}
	f, err := s.Read(ctx, sum.Reference.String(), q.Key)
	if err != nil {
		return e, err
	}
	files := map[string]any{}
	if f.Applicant.Number != q.Number {
		files["named.json"] = named(f, q.Number)
	} else {
		e.Role = Applicant
		c, err := s.Case(ctx, sum.Reference, q.Key)
		if err != nil {
			return e, err
		}
		files["decisions.json"] = c.History
		if files["journal.json"], err = s.JournalOf(ctx, sum.Reference); err != nil {
			return e, err
		}
		if err := a.printed(&e, f, q); err != nil {
			return e, err
		}
		if err := a.pictures(ctx, &e, s, q); err != nil {
			return e, err
		}
		f.Photo = nil // it has a file of its own
		files["filing.json"] = f
	}
	for _, name := range []string{"filing.json", "named.json", "decisions.json", "journal.json"} {
		v, ok := files[name]
		if !ok {
			continue
		}
		if err := a.json(e.folder()+name, v); err != nil {
			return e, err
		}
		e.Files = append(e.Files, name)
	}
	return e, nil
}

func (e Entry) folder() string { return e.Reference.String() + "/" }

// printed writes the portrait and the forms.
func (a archive) printed(e *Entry, f filing.Filing, q Request) error {
	if f.Photo != nil && len(f.Photo.Data) > 0 {
		name := "portrait" + map[string]string{"image/jpeg": ".jpg", "image/jp2": ".jp2"}[f.Photo.Type]
		if err := a.add(e.folder()+name, f.Photo.Data); err != nil {
			return err
		}
		e.Files = append(e.Files, name)
	}
	forms, err := q.Printer.Forms(f, identity.DateOf(f.Filed))
	if err != nil { // such as a definition of years ago that is not here any more; what was filed is in filing.json
		e.NoForm = err.Error()
		return nil
	}
	for i, p := range forms {
		name := fmt.Sprintf("%d-%s.pdf", i+1, p.Form)
		if err := a.add(e.folder()+name, p.PDF); err != nil {
			return err
		}
		e.Files = append(e.Files, name)
	}
	return nil
}

// pictures writes the pictures of the papers.
func (a archive) pictures(ctx context.Context, e *Entry, s Store, q Request) error {
	list, err := s.Pictures(ctx, e.Reference, q.Key)
	if err != nil {
		return err
	}
	for _, p := range list {
		name := fmt.Sprintf("paper-%02d.jpg", p.Number)
		if err := a.add(e.folder()+name, p.Data); err != nil {
			return err
		}
		e.Files = append(e.Files, name)
		e.Papers = append(e.Papers, Paper{name, p.Paper, p.At})
	}
	return nil
}

// saidOf is what a filing of somebody else says of a person.
type saidOf struct {
	Others []filing.Other               `json:"others,omitempty"` // as their card said
	Fields map[form.FieldID]form.Answer `json:"fields,omitempty"` // where the number was given; in a list, the whole row
}

func named(f filing.Filing, number identity.Number) saidOf {
	said := saidOf{Fields: map[form.FieldID]form.Answer{}}
	for _, o := range f.Others {
		if o.Person.Number == number {
			said.Others = append(said.Others, o)
		}
	}
	for id, a := range f.Answers {
		if a.Value != string(number) {
			continue
		}
		said.Fields[id] = a
		for other, b := range f.Answers {
			if row := form.RowOf(id); row != "" && form.RowOf(other) == row {
				said.Fields[other] = b
			}
		}
	}
	return said
}
