package citizen

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"motcua/assets"
	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/officer"
	"motcua/kiosk/official"
	"motcua/kiosk/paper"
	"motcua/kiosk/seal"
	"motcua/kiosk/service"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// The people of these tests.
const (
	mine   = "099174000001"
	guest  = "099185000002"
	nobody = "099199000009"
)

// rig is an office of two.
type rig struct {
	t     *testing.T
	s     *store.Store
	clock *storetest.Clock
	by    []store.Signer
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, clock: storetest.NewClock()}
	s, err := store.Open(filepath.Join(t.TempDir(), "data"), store.Options{Station: "K1", Commune: "05200", Now: r.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	r.s = s
	for _, id := range []string{"an", "binh"} {
		a, key, err := officer.New(id, "Cán bộ "+id, officer.Head, seal.Secret{Card: []byte(id)}, r.clock.Now())
		switch {
		case err != nil:
		case len(r.by) == 0:
			err = s.SetOfficer(t.Context(), a, "setup")
		default:
			err = s.ChangeOfficer(t.Context(), a, r.by[0])
		}
		if err != nil {
			t.Fatal(err)
		}
		r.by = append(r.by, store.Signer{ID: id, Identity: key})
	}
	return r
}

// file files for somebody.
func (r *rig) file(key, number string, change ...func(*filing.Draft)) filing.Reference {
	r.t.Helper()
	d := storetest.Draft(key)
	d.Version, d.Applicant.Number = "2026-07-01", identity.Number(number)
	for _, c := range change {
		c(&d)
	}
	f, err := r.s.File(r.t.Context(), d)
	if err != nil {
		r.t.Fatal(err)
	}
	return f.Reference
}

const because = "Không đủ điều kiện theo Điều 23"

// end refuses a filing.
func (r *rig) end(ref filing.Reference) {
	r.t.Helper()
	r.clock.Set(r.clock.Now().Add(time.Minute))
	if _, err := r.s.Decide(r.t.Context(), ref, desk.Decision{Action: desk.Refuse, Officer: "an", Reason: because}, r.by[0].Identity); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) request(number identity.Number) Request {
	r.t.Helper()
	catalogue, err := service.Load(assets.FS)
	if err != nil {
		r.t.Fatal(err)
	}
	shelf, err := paper.Load(assets.FS)
	if err != nil {
		r.t.Fatal(err)
	}
	return Request{Number: number, Officer: "an", Key: r.by[0].Identity, Now: r.clock.Now(),
		Printer: official.Printer{Catalogue: catalogue, Shelf: shelf, Office: official.Office{Name: "Công an xã Thử"}}}
}

// export gives the files of an export.
func (r *rig) export(number identity.Number) (Index, map[string]string) {
	r.t.Helper()
	var out bytes.Buffer
	index, err := Export(r.t.Context(), &out, r.s, r.request(number))
	if err != nil {
		r.t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		r.t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			r.t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			r.t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return index, files
}

// picture puts a picture of a paper beside a filing.
func (r *rig) picture(ref filing.Reference, what string) {
	r.t.Helper()
	list := []filing.Picture{{Paper: "Hợp đồng thuê nhà", Type: "image/jpeg", Data: []byte(what)}}
	if _, err := r.s.AddPictures(r.t.Context(), ref, list, r.by[0]); err != nil {
		r.t.Fatal(err)
	}
}

// withGuest names somebody by card, in a list, and by a number that was typed.
func withGuest(d *filing.Draft) {
	d.Others = []filing.Other{{Field: "guests", Person: identity.Person{Number: guest, Name: "Quách Thị Thử"}}}
	d.Answers = form.Answers{"phone": {Value: "0900000000"}, "guests": {Value: "2"}, "guests.0.number": {Value: guest}, "guests.0.name": {Value: "Quách Thị Thử"},
		"guests.1.number": {Value: nobody}, "guests.1.name": {Value: "Sùng A Thử"}}
}

// Somebody gets all that they filed, and of what others filed only what is said of them.
func TestExport(t *testing.T) {
	r := newRig(t)
	own := r.file("own", mine)
	r.picture(own, "my contract")
	r.end(own)
	other := r.file("other", "099160000017", withGuest)
	r.picture(other, "somebody else's contract")
	r.file("third", "099160000017")

	index, files := r.export(mine)
	if len(index.Filings) != 1 || index.Filings[0].Role != Applicant || index.Filings[0].Status != filing.Refused || index.Shut != 0 || index.Filings[0].NoForm != "" {
		t.Fatalf("%+v", index)
	}
	at := own.String() + "/"
	for _, name := range []string{"filing.json", "decisions.json", "journal.json", "portrait.jpg", "1-CT01.pdf", "paper-01.jpg"} {
		if !slices.Contains(index.Filings[0].Files, name) || files[at+name] == "" {
			t.Errorf("%s is not there: %v", name, index.Filings[0].Files)
		}
	}
	for name, want := range map[string]string{at + "filing.json": "H’Nuôn", at + "decisions.json": because, at + "journal.json": "filing.decided", at + "1-CT01.pdf": "%PDF",
		at + "paper-01.jpg": "my contract", "index.json": "Hợp đồng thuê nhà"} {
		if !strings.Contains(files[name], want) {
			t.Errorf("%s does not say %q", name, want)
		}
	}

	index, files = r.export(guest)
	if len(index.Filings) != 1 || index.Filings[0].Role != Named || len(files) != 2 {
		t.Fatalf("%+v", index)
	}
	said := files[other.String()+"/named.json"]
	var whole struct {
		Others []filing.Other
		Fields map[string]form.Answer
	}
	if err := json.Unmarshal([]byte(said), &whole); err != nil || len(whole.Others) != 1 || len(whole.Fields) != 2 || whole.Fields["guests.0.name"].Value != "Quách Thị Thử" {
		t.Errorf("%s, %v", said, err)
	}
	for _, of := range []string{"H’Nuôn", "099160000017", "0900000000", nobody, "Sùng", "contract"} {
		if strings.Contains(fmt.Sprint(files), of) {
			t.Errorf("somebody else's %q is given out", of)
		}
	}
	if index, _ := r.export(nobody); len(index.Filings) != 1 {
		t.Errorf("a number that was only typed: %+v", index)
	}
	if index, _ := r.export("099000000000"); len(index.Filings) != 0 {
		t.Errorf("nobody's: %+v", index)
	}
}

// An officer who came later and to whom nothing was written anew says how much they cannot know.
func TestExportShut(t *testing.T) {
	r := newRig(t)
	r.export(mine) // the rows' key is there
	a, key, err := officer.New("cuc", "Cán bộ cuc", officer.Clerk, seal.Secret{Card: []byte("cuc")}, r.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	r.file("before", mine)
	if err := r.s.ChangeOfficer(t.Context(), a, r.by[1]); err != nil {
		t.Fatal(err)
	}
	later := r.file("later", mine)
	if _, err := r.s.Rewrap(t.Context(), r.by[0].Identity, 0, 1); err != nil { // the rows' key, and one filing
		t.Fatal(err)
	}
	r.by[0].Identity = key
	if index, _ := r.export(mine); len(index.Filings) != 2 || index.Shut != 0 || index.Filings[1].Reference != later {
		t.Errorf("%+v", index)
	}
	a.Active = false
	if err := r.s.ChangeOfficer(t.Context(), a, r.by[1]); err != nil {
		t.Fatal(err)
	}
	r.file("after", mine)
	if index, _ := r.export(mine); len(index.Filings) != 2 || index.Shut != 1 {
		t.Errorf("%+v", index)
	}
}

func TestJudge(t *testing.T) {
	r := newRig(t)
	refs := map[string]filing.Reference{}
	for _, name := range []string{"over", "kept", "unknown", "running"} {
		refs[name] = r.file(name, mine, func(d *filing.Draft) { d.Service = serviceOf(name) })
		if name != "running" {
			r.end(refs[name])
		}
		if name == "over" {
			r.clock.Set(r.clock.Now().AddDate(2, 0, 0))
		}
	}
	refs["others"] = r.file("others", "099160000017", func(d *filing.Draft) { d.Answers = form.Answers{"who": {Value: mine}} })
	until := func(e store.Ended) time.Time {
		if e.Service == "luu-tru" {
			return time.Time{}
		}
		return e.Ended.AddDate(1, 0, 0)
	}
	list, held, err := Judge(t.Context(), r.s, r.request(mine), until)
	if err != nil || len(held.Filings) != 5 || held.Shut != 0 {
		t.Fatalf("%+v, %v", held, err)
	}
	want := map[filing.Reference]Fate{refs["over"]: Erasable, refs["kept"]: Kept, refs["unknown"]: Unknown, refs["running"]: Running, refs["others"]: Others}
	for _, j := range list {
		if j.Fate != want[j.Reference] || (j.Fate == Kept) == j.Until.IsZero() || j.ByLaw() != (j.Fate != Running && j.Fate != Others) {
			t.Errorf("%+v, want %s", j, want[j.Reference])
		}
	}
	r.clock.AddDays(1)
	if n, err := r.s.Destroy(t.Context(), []filing.Reference{refs["over"]}, "Theo yêu cầu của công dân", r.by...); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if list, _, err := Judge(t.Context(), r.s, r.request(mine), until); err != nil || len(list) != 4 {
		t.Errorf("%+v, %v", list, err)
	}
	if index, _ := r.export(mine); len(index.Filings) != 4 {
		t.Errorf("%+v", index)
	}
}

func serviceOf(name string) string {
	if name == "unknown" {
		return "luu-tru"
	}
	return "tam-tru"
}
