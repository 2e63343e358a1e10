package portal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
	"motcua/kiosk/trial"
)

// TestEveryService: a filing of every service can be packed, opened, and says what was answered.
func TestEveryService(t *testing.T) {
	cfg, printer := theOffice(t), thePrinter(t)
	packed := 0
	for _, h := range cfg.Catalogue.On(identity.DateOf(morning)) {
		svc, ok := cfg.Catalogue.Get(h.ID, identity.DateOf(morning))
		if !ok || !svc.Filed(cfg.Local) || testing.Short() && packed == 2 {
			continue
		}
		packed++
		t.Run(h.ID, func(t *testing.T) {
			f := filed(t, h.ID, trial.Extreme())
			b, err := Make(f, nil, printer, "an", an())
			if err != nil {
				t.Fatal(err)
			}
			o, err := Open(b.Data)
			if err != nil {
				t.Fatal(err)
			}
			if o.Digest != b.Digest || o.Manifest.Reference != f.Reference || o.Manifest.Procedure != svc.ProcedureOf(f.Case) || !o.SignedBy(an().Public().Verify) {
				t.Errorf("%s, %+v", o.Digest, o.Signature)
			}
			printed, err := printer.Forms(f, identity.DateOf(f.Filed))
			if err != nil || len(o.Files) != len(printed)+1 { // and the portrait
				t.Errorf("%d files, %d forms, %v", len(o.Files), len(printed), err)
			}
			rows, _, err := printer.Rows(f)
			if err != nil || len(rows) != len(o.Manifest.Fields) {
				t.Fatalf("%d rows, %d fields, %v", len(rows), len(o.Manifest.Fields), err)
			}
			for i, row := range rows {
				want := row.Value
				if kind := definition(svc, row.Field).Kind; kind == form.Choice || kind == form.Many {
					want = worded(definition(svc, row.Field), f.Answers[row.Field].Value)
				}
				if got := o.Manifest.Fields[i]; got.ID != row.Field || got.Value != want || got.Label == "" || got.Source != row.Source {
					t.Errorf("field %d: %+v, %+v", i, got, row)
				}
			}
		})
	}
	if packed < 19 && !testing.Short() {
		t.Errorf("%d services", packed)
	}
}

// TestSameBytes: nothing but the filing and the officer is in the bytes, and nothing but the filing in the digest.
func TestSameBytes(t *testing.T) {
	f, printer := filed(t, "tam-tru", trial.Usual()), thePrinter(t)
	first, err := Make(f, nil, printer, "an", an())
	if err != nil {
		t.Fatal(err)
	}
	stored, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	again := f
	if err := json.Unmarshal(stored, &again); err != nil {
		t.Fatal(err)
	}
	again.Filed = again.Filed.In(time.FixedZone("", -11*3600))
	again.Dossier, again.Status, again.Prints = theCode, filing.Done, 3 // what it gets later
	second, err := Make(again, nil, printer, "an", an())
	if err != nil || !bytes.Equal(first.Data, second.Data) {
		t.Errorf("%s and %s, %v", first.Digest, second.Digest, err)
	}
	other, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	third, err := Make(f, nil, printer, "binh", other)
	if err != nil || third.Digest != first.Digest || bytes.Equal(first.Data, third.Data) {
		t.Errorf("%s and %s, %v", first.Digest, third.Digest, err)
	}
	f.Papers = nil
	if changed, err := Make(f, nil, printer, "an", an()); err != nil || changed.Digest == first.Digest {
		t.Errorf("another filing has the same digest, %v", err)
	}
}

// TestPapers: the pictures of papers leave in their order, each under the name of its paper, and what they show is no longer missing.
func TestPapers(t *testing.T) {
	f, printer := filed(t, "tam-tru", trial.Usual()), thePrinter(t)
	f.Papers = []filing.Paper{{Name: "Tờ khai CT01", State: filing.PaperMade}, {Name: "Hợp đồng thuê nhà", State: filing.PaperMissing}, {Name: "Ý kiến chủ hộ", State: filing.PaperMissing}}
	without, err := Make(f, nil, printer, "an", an())
	if err != nil {
		t.Fatal(err)
	}
	pictures := []filing.Picture{{Paper: "Hợp đồng thuê nhà", Type: "image/jpeg", Data: []byte("one")}, {Paper: "Hợp đồng thuê nhà", Type: "image/jpeg", Data: []byte("two")}}
	b, err := Make(f, pictures, printer, "an", an())
	if err != nil || b.Digest == without.Digest {
		t.Fatalf("%s, %v", b.Digest, err)
	}
	o, err := Open(b.Data)
	if err != nil {
		t.Fatal(err)
	}
	if string(o.Files["paper-01.jpg"]) != "one" || string(o.Files["paper-02.jpg"]) != "two" {
		t.Errorf("%d files", len(o.Files))
	}
	if last := o.Manifest.Files[len(o.Manifest.Files)-1]; last.Name != "paper-02.jpg" || last.Title != "Hợp đồng thuê nhà" || last.Type != "image/jpeg" {
		t.Errorf("%+v", last)
	}
	if got, want := fmt.Sprint(o.Manifest.Papers), "[{Tờ khai CT01 made} {Hợp đồng thuê nhà brought} {Ý kiến chủ hộ missing}]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if f.Papers[1].State != filing.PaperMissing {
		t.Error("the filing was changed")
	}
	pictures[0].Type = "image/tiff"
	if _, err := Make(f, pictures, printer, "an", an()); err == nil {
		t.Error("a type that nobody reads leaves")
	}
	// As much as a filing has fits.
	for i := range pictures {
		pictures[i] = filing.Picture{Paper: "Hợp đồng thuê nhà", Type: "image/jpeg", Data: make([]byte, store.MaxPictures/2)}
	}
	if _, err := Make(f, pictures, printer, "an", an()); err != nil {
		t.Error(err)
	}
}

// TestStranger: somebody who has only the description opens a bundle.
func TestStranger(t *testing.T) {
	const python = "/usr/bin/python3" // Debian's, which has the package
	if err := exec.Command(python, "-c", "import cryptography").Run(); err != nil {
		missing(t, "python3 with cryptography")
	}
	b := bundle(t)
	path := filepath.Join(t.TempDir(), "b.zip")
	if err := os.WriteFile(path, b.Data, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(python, "testdata/open.py", path).Output()
	var said struct {
		Reference, Digest, Officer string
		Files                      int
	}
	if err != nil || json.Unmarshal(out, &said) != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if said.Reference != b.Manifest.Reference.String() || said.Digest != b.Digest || said.Officer != "an" || said.Files != len(b.Manifest.Files) {
		t.Errorf("%+v", said)
	}
}

// missing ends a test that needs a program which is not installed: it fails where everything has to be there.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("MOTCUA_DEPS") != "" {
		t.Fatalf("%s is not installed, and make deps should have brought it", what)
	}
	t.Skipf("%s is not installed: make deps brings it", what)
}

// TestRefuses: no bit of a bundle can change unseen, and nothing can be added, left out or moved.
func TestRefuses(t *testing.T) {
	good := bundle(t)
	entries, err := unpack(good.Data)
	if err != nil {
		t.Fatal(err)
	}
	repack := func(change func([]entry) []entry) []byte {
		data, err := pack(change(slices.Clone(entries)))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	end := len(entries) - 1
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"nothing":        {nil, ErrForm},
		"no zip":         {[]byte(strings.Repeat("motcua", 100)), ErrForm},
		"cut off":        {good.Data[:len(good.Data)-1], ErrForm},
		"more behind":    {append(slices.Clone(good.Data), 0), ErrForm},
		"more before":    {append([]byte("PK"), good.Data...), ErrForm},
		"another file":   {repack(func(e []entry) []entry { return append(e, entry{"more.pdf", []byte("x")}) }), ErrChanged},
		"a file less":    {repack(func(e []entry) []entry { return e[:end] }), ErrChanged},
		"files swapped":  {repack(func(e []entry) []entry { e[2], e[end] = e[end], e[2]; return e }), ErrChanged},
		"another name":   {repack(func(e []entry) []entry { e[end].name = "../x.pdf"; return e }), ErrForm},
		"twice":          {repack(func(e []entry) []entry { e[end] = e[2]; return e }), ErrForm},
		"content":        {repack(func(e []entry) []entry { e[end].content = []byte("x"); return e }), ErrChanged},
		"no signature":   {repack(func(e []entry) []entry { return e[:1] }), ErrForm},
		"manifest":       {repack(func(e []entry) []entry { e[0].content = append(slices.Clone(e[0].content), ' '); return e }), ErrSignature},
		"signature":      {repack(func(e []entry) []entry { e[1].content = forge(t, e[1].content); return e }), ErrSignature},
		"enormous":       {make([]byte, MaxBundle+1), ErrForm},
		"many in a word": {many(good.Data), ErrForm},
	} {
		if _, err := Open(c.data); !errors.Is(err, c.want) || fault.CodeOf(err) != fault.PortalBundle {
			t.Errorf("%s: %v", name, err)
		}
	}
	free, step := 0, 13
	if testing.Short() {
		step = 499
	}
	for at := 0; at < len(good.Data); at += step {
		bad := slices.Clone(good.Data)
		bad[at] ^= 4
		if o, err := Open(bad); err == nil {
			if free++; o.Digest != good.Digest {
				t.Fatalf("byte %d of %d changed what is handed over", at, len(bad))
			}
		}
	}
	if free > 4*len(entries) { // the versions that a zip says it is of
		t.Errorf("%d bytes can be changed", free)
	}
}

// forge puts another key into a signature.
func forge(t *testing.T, text []byte) []byte {
	var s Signature
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	other, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	s.Verify = other.Public().Verify
	forged, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return forged
}

// many says that there are more entries than there are.
func many(data []byte) []byte {
	bad := slices.Clone(data)
	bad[len(bad)-endBytes+8], bad[len(bad)-endBytes+10] = 200, 200
	return bad
}

func TestCopy(t *testing.T) {
	f := filed(t, "luu-tru", trial.Usual())
	lines, err := Copy(f, thePrinter(t))
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, l := range lines {
		if l.Label == "" || l.Value == "" {
			t.Errorf("%+v", l)
		}
		said[l.Label] = l.Value
	}
	guest := trial.Other(0, identity.Male)
	for label, want := range map[string]string{
		"Họ và tên người thông báo": "Hà Thị Thử", "Số định danh cá nhân người thông báo": "099160000017",
		"Người đến lưu trú: Họ và tên": guest.Name, "Người đến lưu trú: Ngày, tháng, năm sinh": guest.Birth.String(),
		"Người đến lưu trú: Số định danh cá nhân hoặc số hộ chiếu": string(guest.Number),
	} {
		if said[label] != want {
			t.Errorf("%s: %q", label, said[label])
		}
	}
	if lines[0].Item != "1" || lines[1].Item != "2" {
		t.Errorf("%+v", lines)
	}
}

// TestWordsOfTheForm: what is handed over and what is copied says what the form beside it says, and not what the screen called it.
func TestWordsOfTheForm(t *testing.T) {
	for id, want := range map[string]map[string]string{
		"khai-sinh": {"Giới tính": "Nam", "Đề nghị cấp bản sao": "Không"},
		"xe-mo-to":  {"Nguồn gốc": "Sản xuất, lắp ráp"},
		"tam-vang":  {"Lý do tạm vắng": "Đi làm ăn xa", "Thời gian tạm vắng": "Một năm"}, // a number alone says nothing
		"ket-hon":   {"Kết hôn lần thứ mấy": "Lần đầu"},
	} {
		f := filed(t, id, trial.Usual())
		lines, err := Copy(f, thePrinter(t))
		if err != nil {
			t.Fatal(err)
		}
		said := map[string]string{}
		for _, l := range lines {
			said[l.Label] = l.Value
		}
		for label, value := range want {
			if said[label] != value {
				t.Errorf("%s: %s is %q, want %q of %v", id, label, said[label], value, lines)
			}
		}
	}
}

func FuzzOpen(f *testing.F) {
	good := bundle(f)
	f.Add(good.Data)
	small, err := pack([]entry{{manifestName, []byte("{}")}, {signatureName, []byte(`{"algorithm":"Ed25519"}`)}, {"form-01-CT01.pdf", []byte("%PDF")}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(small)
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, err := unpack(data)
		if err == nil && len(entries) > 0 {
			// What is taken apart is put together again as it was, but for what the directory says of systems and times.
			again, err := pack(entries)
			if err == nil && len(again) != len(data) {
				t.Fatalf("%d bytes, then %d", len(data), len(again))
			}
		}
		if o, err := Open(data); err == nil && (len(o.Files) != len(entries)-2 || o.Digest != digest(entries[0].content)) {
			t.Fatalf("%d files of %d", len(o.Files), len(entries))
		}
	})
}

// FuzzManifest goes on where FuzzOpen cannot: behind a signature that is right.
func FuzzManifest(f *testing.F) {
	entries, err := unpack(bundle(f).Data)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(entries[0].content))
	const content = "%PDF"
	ref, err := filing.NewReference("05200", "K1", identity.DateOf(morning), 1)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(`{"format":"motcua-portal-bundle","version":1,"reference":"` + ref.String() + `","files":[{"name":"form-01-CT01.pdf","size":4,"sha256":"` +
		hexHash([]byte(content)) + `"}]}`)
	f.Fuzz(func(t *testing.T, manifest string) {
		signature, err := sign([]byte(manifest), "an", an())
		if err != nil {
			t.Fatal(err)
		}
		data, err := pack([]entry{{manifestName, []byte(manifest)}, {signatureName, signature}, {"form-01-CT01.pdf", []byte(content)}})
		if err != nil {
			t.Skip("too large")
		}
		o, err := Open(data)
		if err == nil && (len(o.Manifest.Files) != 1 || o.Manifest.Reference.String() == "" || string(o.Files["form-01-CT01.pdf"]) != content) {
			t.Fatalf("%+v", o.Manifest)
		}
		if err != nil && fault.CodeOf(err) != fault.PortalBundle {
			t.Fatal(err)
		}
	})
}
