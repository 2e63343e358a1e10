package portal

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"motcua/kiosk/calendar"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/official"
	"motcua/kiosk/seal"
)

// What a manifest says that it is.
const (
	Format  = "motcua-portal-bundle"
	Version = 1
)

// Manifest is what a bundle says: manifest.json. It holds what was filed and nothing that comes later, such as the official code: what is sent again has to be
// what was sent. Times are RFC 3339 with Vietnam's offset, dates in texts dd/mm/yyyy, texts NFC. What is not
// known is left out.
type Manifest struct {
	Format    string           `json:"format"`
	Version   int              `json:"version"`
	Reference filing.Reference `json:"reference"`           // ours, full form: 05200.K1.261123.047.X
	Procedure string           `json:"procedure,omitempty"` // code in the national list of procedures: 1.004194
	Service   Service          `json:"service"`
	Office    Office           `json:"office"`
	Filed     time.Time        `json:"filed"`
	Applicant Applicant        `json:"applicant"`
	Evidence  Evidence         `json:"evidence"` // how far the applicant's facts were proven
	// Fields are the answers in the order of the official form.
	Fields  []Field         `json:"fields"`
	Papers  []filing.Paper  `json:"papers"` // what was handed in, and what was not
	Consent *filing.Consent `json:"consent,omitempty"`
	Files   []File          `json:"files"` // in the order in which they lie in the bundle
}

// Service is what is asked for.
type Service struct {
	ID      string `json:"id"`      // tam-tru
	Version string `json:"version"` // of our definition, YYYY-MM-DD
	Name    string `json:"name"`
	Case    string `json:"case,omitempty"`      // which case of it
	Title   string `json:"case_name,omitempty"` // and its name
}

// Office is where it was filed.
type Office struct {
	Commune  string `json:"commune"` // five digits, Decision 19/2025/QĐ-TTg
	Name     string `json:"name"`
	Province string `json:"province"`
}

// Applicant is who files.
type Applicant struct {
	Number identity.Number `json:"number,omitempty"`
	Name   string          `json:"name,omitempty"`
	Birth  string          `json:"birth,omitempty"` // dd/mm/yyyy
	Sex    identity.Sex    `json:"sex,omitempty"`   // M or F
}

// Evidence is what was checked of the card, without the proof itself, which stays at the office.
type Evidence struct {
	Source identity.Source  `json:"source"`
	Access string           `json:"access,omitempty"`
	NoChip string           `json:"no_chip,omitempty"`
	Checks []identity.Check `json:"checks"`
}

// Field is one answer. A field with Rows is a table, each row its cells.
type Field struct {
	ID     form.FieldID    `json:"id"`
	Item   string          `json:"item,omitempty"` // number on the official form
	Label  string          `json:"label"`
	Value  string          `json:"value"`
	Source identity.Source `json:"source"`
	Rows   [][]Field       `json:"rows,omitempty"`
}

// File is one file of a bundle besides the manifest and the signature.
type File struct {
	Name   string `json:"name"`
	Type   string `json:"type"`            // media type
	Title  string `json:"title,omitempty"` // of a form, or of the paper that is pictured
	Size   int    `json:"size"`            // bytes
	SHA256 string `json:"sha256"`          // 64 hexadecimal digits
}

// Signature is signature.json: an Ed25519 signature (RFC 8032) by an officer over Context, a zero byte, and the bytes of the manifest.
type Signature struct {
	Algorithm string `json:"algorithm"` // Ed25519
	Context   string `json:"context"`   // SignedText
	Officer   string `json:"officer"`   // account at the office
	Verify    string `json:"verify"`    // public key, 32 bytes in base64
	Signature string `json:"signature"` // 64 bytes in base64
}

// SignedText stands before what is signed, so that the signature means nothing elsewhere.
const SignedText = "motcua " + sealContext

const (
	sealContext = "portal bundle 1"
	algorithm   = "Ed25519"
)

// Bundle is a filing as it leaves.
type Bundle struct {
	Manifest Manifest
	Digest   string // what is handed over: "sha256:" and the hash of the manifest
	Data     []byte // the zip
	// Earlier is the Digest under which the same filing was handed over before, "" if it was not. Forms that an office prints differently since, with
	// another name or a newer layout, give the same filing another Digest; whoever has Earlier has the filing.
	Earlier string
}

// is reports whether a digest is of this filing, as it is handed over now or was before.
func (b Bundle) is(digest string) bool {
	return digest != "" && (digest == b.Digest || digest == b.Earlier)
}

// Make packs a filing and signs it. The bundle holds the forms as they are printed, the portrait as it was on the chip, the pictures of the papers, and the answers.
// The same filing with the same pictures gives the same bytes for the same officer, and the same Digest for any.
func Make(f filing.Filing, papers []filing.Picture, p official.Printer, officer string, id *seal.Identity) (Bundle, error) {
	f.Filed = f.Filed.In(calendar.Zone) // its day must not depend on where this machine is
	m, err := describe(f, p)
	if err != nil {
		return Bundle{}, err
	}
	m.Papers = handedIn(m.Papers, papers)
	contents, err := m.attach(f, papers, p)
	if err != nil {
		return Bundle{}, err
	}
	manifest, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return Bundle{}, fault.New(fault.Internal, err)
	}
	signature, err := sign(manifest, officer, id)
	if err != nil {
		return Bundle{}, fault.New(fault.Internal, err)
	}
	entries := []entry{{manifestName, manifest}, {signatureName, signature}}
	for i, file := range m.Files {
		entries = append(entries, entry{file.Name, contents[i]})
	}
	data, err := pack(entries)
	if err != nil {
		return Bundle{}, err
	}
	return Bundle{Manifest: m, Digest: digest(manifest), Data: data}, nil
}

// handedIn are the papers of a filing: one that was missing is there once there is a picture of it.
func handedIn(list []filing.Paper, pictures []filing.Picture) []filing.Paper {
	list = slices.Clone(list)
	for i, one := range list {
		if one.State == filing.PaperMissing && slices.ContainsFunc(pictures, func(p filing.Picture) bool { return p.Paper == one.Name }) {
			list[i].State = filing.PaperBrought
		}
	}
	return list
}

// sign is signature.json.
func sign(manifest []byte, officer string, id *seal.Identity) ([]byte, error) {
	return json.MarshalIndent(Signature{algorithm, SignedText, officer, id.Public().Verify,
		base64.StdEncoding.EncodeToString(id.Sign(sealContext, manifest))}, "", " ")
}

// digest names the content of a manifest.
func digest(manifest []byte) string { return "sha256:" + hexHash(manifest) }

func hexHash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// describe is the manifest without its files.
func describe(f filing.Filing, p official.Printer) (Manifest, error) {
	if f.Reference.IsZero() {
		return Manifest{}, fault.Newf(fault.Internal, "portal: a filing without a number")
	}
	fields, svc, err := fields(f, p)
	if err != nil {
		return Manifest{}, fault.New(fault.ConfigBad, err)
	}
	m := Manifest{
		Format: Format, Version: Version, Reference: f.Reference, Procedure: f.Procedure, Filed: f.Filed,
		Service:   Service{ID: f.Service, Version: f.Version, Name: svc.Name, Case: f.Case},
		Office:    Office{f.Reference.Commune, p.Office.Name, p.Office.Province},
		Applicant: Applicant{f.Applicant.Number, f.Applicant.Name, f.Applicant.Birth.String(), f.Applicant.Sex},
		Evidence:  Evidence{f.Evidence.Source, f.Evidence.Access, f.Evidence.NoChip, f.Evidence.Checks},
		Fields:    fields, Papers: f.Papers, Consent: f.Consent,
	}
	if c, ok := svc.Case(f.Case); ok {
		m.Service.Title = c.Title
	}
	return m, nil
}

// extensions of the media types that a portrait and other pictures may have.
var extensions = map[string]string{"image/jpeg": ".jpg", "image/jp2": ".jp2"}

// attach lists the files and gives their contents in the same order.
func (m *Manifest) attach(f filing.Filing, papers []filing.Picture, p official.Printer) ([][]byte, error) {
	printed, err := p.Forms(f, identity.DateOf(f.Filed))
	if err != nil {
		return nil, fault.New(fault.ConfigBad, err)
	}
	var contents [][]byte
	add := func(name, kind, title string, content []byte) {
		m.Files = append(m.Files, File{name, kind, title, len(content), hexHash(content)})
		contents = append(contents, content)
	}
	for i, one := range printed {
		add(fmt.Sprintf("form-%02d-%s.pdf", i+1, one.Form), "application/pdf", one.Title, one.PDF)
	}
	if photo := f.Photo; photo != nil && len(photo.Data) > 0 {
		end, ok := extensions[photo.Type]
		if !ok {
			return nil, fault.Newf(fault.Internal, "portal: a portrait of an unknown type")
		}
		add("portrait"+end, photo.Type, "", photo.Data)
	}
	for i, one := range papers {
		end, ok := extensions[one.Type]
		if !ok {
			return nil, fault.Newf(fault.Internal, "portal: a picture of an unknown type")
		}
		add(fmt.Sprintf("paper-%02d%s", i+1, end), one.Type, one.Paper, one.Data)
	}
	return contents, nil
}
