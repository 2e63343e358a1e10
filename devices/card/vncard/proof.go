package vncard

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/pki"
)

// proofVersion is of the JSON form of a Proof.
const proofVersion = 1

// Proof is what is kept of a reading with a filing, so that an examiner, or a court, can make every check again without
// the card: the signed files as the chip gave them, the chip's answers to our challenges, and of DG2 what stands around
// the portrait, which a filing keeps anyway. It holds the holder's data and is to be kept as they are.
type Proof struct {
	Version int               `json:"version"`
	Read    time.Time         `json:"read"`             // when
	Access  Access            `json:"access"`           // how the chip was opened
	Files   map[string][]byte `json:"files"`            // by name: EF.CardAccess, EF.CardSecurity, EF.SOD, DG1, DG13, DG14, DG15
	Face    *Frame            `json:"face,omitempty"`   // of DG2
	Lost    []Loss            `json:"lost,omitempty"`   // files that were not read or not understood
	Skipped bool              `json:"skipped,omitzero"` // the rest was not asked for, because something was contradicted
	Asked   bool              `json:"asked,omitzero"`   // the number was known before, and the chip's was the same
	// OtherZone: DG1 is not the machine readable zone with which the chip was opened.
	OtherZone bool `json:"other_zone,omitzero"`

	Chip        *emrtd.ChipProof   `json:"chip,omitempty"`
	Mapping     *emrtd.ChipMapping `json:"mapping,omitempty"` // of PACE with CAM
	ChipRefused bool               `json:"chip_refused,omitzero"`
	NotGenuine  bool               `json:"not_genuine,omitzero"` // the first answer after chip authentication was wrong

	Active        *emrtd.ActiveProof `json:"active,omitempty"`
	ActiveRefused bool               `json:"active_refused,omitzero"`
}

// Frame is DG2 without its portrait.
type Frame struct {
	Before []byte `json:"before"`
	After  []byte `json:"after"`
}

// Loss is a file that is missing from a Proof.
type Loss struct {
	File    string `json:"file"`
	Damaged bool   `json:"damaged,omitzero"` // else the chip refused it
}

// ErrProof: a Proof that cannot be read.
var ErrProof = errors.New("vncard: proof cannot be read")

// maxProof is the most that a Proof may have as JSON; those of the cards known have 6 kB.
const maxProof = 1 << 20

// ParseProof reads a Proof from JSON.
func ParseProof(raw []byte) (*Proof, error) {
	var p Proof
	if len(raw) > maxProof {
		return nil, fmt.Errorf("%w: %d bytes", ErrProof, len(raw))
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProof, err)
	}
	if p.Version != proofVersion {
		return nil, fmt.Errorf("%w: version %d", ErrProof, p.Version)
	}
	return &p, nil
}

// kept are the files of a Proof. DG2 is kept as a Frame.
func keptFiles() []emrtd.File {
	return []emrtd.File{emrtd.CardAccess, emrtd.CardSecurity, emrtd.SOD, emrtd.DG1, emrtd.DG13, emrtd.DG14, emrtd.DG15}
}

// keep fills the Proof from what was read.
func (p *Proof) keep(c *Card) {
	p.Access, p.Files = c.Access, map[string][]byte{}
	for _, f := range keptFiles() {
		if raw := c.Files[f]; raw != nil {
			p.Files[f.String()] = bytes.Clone(raw)
		}
	}
	for _, f := range c.Damaged {
		p.Lost = append(p.Lost, Loss{f.String(), true})
	}
	for _, f := range c.Refused {
		p.Lost = append(p.Lost, Loss{f.String(), false})
	}
	raw := c.Files[emrtd.DG2]
	if raw == nil {
		return
	}
	if c.Photo == nil {
		p.Face = &Frame{Before: bytes.Clone(raw)}
		return
	}
	at := bytes.Index(raw, c.Photo.Data)
	p.Face = &Frame{Before: bytes.Clone(raw[:at]), After: bytes.Clone(raw[at+len(c.Photo.Data):])}
}

func (p *Proof) wipe() {
	if p == nil {
		return
	}
	for _, raw := range p.Files {
		clear(raw)
	}
}

// Examine makes all checks again from what was kept: the Proof, and the portrait as the filing has it (nil if it has
// none). at is when the card was read, as the examiner believes; zero believes the Proof. The result is as Read's would
// have been, with the trust of today. Parsing failures are findings, as in a reading.
func Examine(p *Proof, photo []byte, trust pki.Trust, at time.Time) *Card {
	if trust == nil {
		trust = pki.Nobody{}
	}
	if at.IsZero() {
		at = p.Read
	}
	c := &Card{Access: p.Access, Files: map[emrtd.File][]byte{}, Proof: p}
	for _, f := range keptFiles() {
		if raw := p.Files[f.String()]; raw != nil {
			c.Files[f] = raw
		}
	}
	if p.Face != nil {
		c.Files[emrtd.DG2] = bytes.Join([][]byte{p.Face.Before, photo, p.Face.After}, nil)
	}
	for _, l := range p.Lost {
		for _, f := range append(keptFiles(), emrtd.DG2) {
			if f.String() == l.File && l.Damaged {
				c.Damaged = append(c.Damaged, f)
			} else if f.String() == l.File {
				c.Refused = append(c.Refused, f)
			}
		}
	}
	c.parse()
	e := examination{card: c, trust: trust, at: at}
	if p.Asked {
		e.asked = c.Number
	}
	e.sod, _ = pki.Open(c.Files[emrtd.SOD])
	e.run()
	return c
}

// parse reads what the files say, as far as they make sense; those that do not are on the list of the damaged already.
func (c *Card) parse() {
	if m, err := lds.ParseDG1(c.Files[emrtd.DG1]); err == nil {
		c.MRZ, c.Number = &m, personalNumber(m)
	}
	if d, err := ParseDG13(c.Files[emrtd.DG13]); err == nil {
		c.DG13 = &d
		if c.Number == "" && isNumber(d.Number) {
			c.Number = d.Number
		}
	}
	if infos, err := lds.ParseDG14(c.Files[emrtd.DG14]); err == nil {
		c.Infos = infos
	}
	if key, err := lds.ParseDG15(c.Files[emrtd.DG15]); err == nil {
		c.AAKey = &key
	}
	if p, err := lds.ParseDG2(c.Files[emrtd.DG2]); err == nil {
		c.Photo = &Photo{p.MediaType, p.Data, p.Width, p.Height}
	}
}
