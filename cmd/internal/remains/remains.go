// Package remains looks for what is left of people: in files, and in the memory of a process.
//
// New takes what is known of somebody, as text and as a portrait; Dir, File and Process look for all of it, in every form in which it
// could have been left: as it is written, decomposed, without marks, in capitals, as a machine readable zone, in UTF-16, as runes, in base64, in
// hexadecimal; of a portrait any 32 bytes. The tests use it to hold that a kiosk forgets whom it served. What cannot be found so is
// what was compressed or encrypted: a slip's picture, a sealed filing.
package remains

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"

	"motcua/kiosk/identity"
)

// Person is what is looked for.
type Person struct {
	Facts map[string]string // by what they are: name, number, address
	Photo []byte
}

// Found is something that was left.
type Found struct {
	Where string // file, or mapping of a process
	At    int64  // offset there
	What  string // of the person: name, number, photo
	Form  string // in which it was found
	Near  []byte // what stands around it

	needle string
}

// String names what was found and where, not of whom.
func (f Found) String() string {
	return fmt.Sprintf("%s at %#x: %s, %s", f.Where, f.At, f.What, f.Form)
}

// needle is a run of bytes that nobody else writes.
type needle struct {
	bytes      []byte
	what, form string
}

// keyBytes is how many of a needle's first bytes it is found by; shorter ones are not looked for.
const keyBytes = 8

// Seeker looks for people. Make one with New.
type Seeker struct {
	needles map[uint64][]needle
	maybe   []uint64 // a bit for each key's hash: most places are left after one look
	longest int
}

const maybeBits = 20

// New makes a Seeker for people. What several of them have in common (tables of a JPEG, the name of a village) is nobody's.
func New(people []Person) *Seeker {
	s := &Seeker{needles: map[uint64][]needle{}, maybe: make([]uint64, 1<<(maybeBits-6))}
	owner := map[string]int{}
	var all []needle
	for i, p := range people {
		for _, n := range needlesOf(p) {
			text := string(n.bytes)
			if before, seen := owner[text]; seen {
				if before != i {
					owner[text] = -1
				}
				continue
			}
			owner[text] = i
			all = append(all, n)
		}
	}
	for _, n := range all {
		if owner[string(n.bytes)] >= 0 {
			s.add(n)
		}
	}
	return s
}

func (s *Seeker) add(n needle) {
	key := binary.LittleEndian.Uint64(n.bytes)
	s.needles[key] = append(s.needles[key], n)
	h := hash(key)
	s.maybe[h>>6] |= 1 << (h & 63)
	s.longest = max(s.longest, len(n.bytes))
}

func hash(key uint64) uint64 { return key * 0x9E3779B97F4A7C15 >> (64 - maybeBits) }

// Known takes what was found for something that stands there whoever comes: it is not looked for any more.
func (s *Seeker) Known(found []Found) {
	for _, f := range found {
		key := binary.LittleEndian.Uint64([]byte(f.needle))
		s.needles[key] = slices.DeleteFunc(s.needles[key], func(n needle) bool { return string(n.bytes) == f.needle })
	}
}

// needlesOf are all forms of what is known of somebody.
func needlesOf(p Person) []needle {
	var list []needle
	add := func(what, form string, b []byte) {
		if len(b) >= keyBytes {
			list = append(list, needle{b, what, form})
		}
	}
	for what, text := range p.Facts {
		for form, text := range written(text) {
			raw := []byte(text)
			add(what, form, raw)
			add(what, form+" in hexadecimal", []byte(hex.EncodeToString(raw)))
			add(what, form+" in capital hexadecimal", []byte(strings.ToUpper(hex.EncodeToString(raw))))
			for shift := range based {
				add(what, form+" in base64", inBase64(raw, shift))
			}
		}
		add(what, "UTF-16", wide(text))
		add(what, "runes", runes(text))
	}
	for _, n := range pieces(p.Photo) {
		add("photo", "as it is", n)
	}
	for _, n := range pieces([]byte(hex.EncodeToString(p.Photo))) {
		add("photo", "in hexadecimal", n)
	}
	for shift := range based {
		for _, n := range pieces(inBase64(p.Photo, shift)) {
			add("photo", "in base64", n)
		}
	}
	return list
}

// written are the ways to write a text.
func written(text string) map[string]string {
	folded := identity.Fold(text)
	forms := map[string]string{"composed": norm.NFC.String(text), "decomposed": norm.NFD.String(text)}
	forms["capitals"] = strings.ToUpper(forms["composed"])
	forms["small"] = strings.ToLower(forms["composed"])
	forms["without marks"] = strings.ToLower(folded)
	forms["capitals without marks"] = strings.ToUpper(folded)
	words := strings.Fields(strings.ToUpper(folded))
	if len(words) > 1 {
		forms["machine readable"] = words[0] + "<<" + strings.Join(words[1:], "<")
	}
	return forms
}

// based is how many ways there are to stand in a base64 text.
const based = 3

// inBase64 is what every base64 text has that holds raw so many bytes after a multiple of three: its edges depend on the neighbours.
func inBase64(raw []byte, shift int) []byte {
	skip := (based - shift) % based
	if len(raw) < skip+based {
		return nil
	}
	whole := raw[skip:]
	return []byte(base64.StdEncoding.EncodeToString(whole[:len(whole)/based*based]))
}

// pieceBytes: of any 32 bytes of a portrait, 16 are one of its pieces.
const pieceBytes = 16

// pieces cuts bytes into pieces that are looked for one by one; those that say nothing are left out.
func pieces(b []byte) [][]byte {
	var list [][]byte
	for at := 0; at+pieceBytes <= len(b); at += pieceBytes {
		piece := b[at : at+pieceBytes]
		different := map[byte]bool{}
		for _, x := range piece {
			different[x] = true
		}
		if len(different) > pieceBytes/2 {
			list = append(list, piece)
		}
	}
	return list
}

func wide(text string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(norm.NFC.String(text))) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// runes is a text as a []rune has it.
func runes(text string) []byte {
	var b []byte
	for _, r := range norm.NFC.String(text) {
		b = binary.NativeEndian.AppendUint32(b, uint32(r))
	}
	return b
}

// Bytes looks at bytes that stand at an offset of somewhere.
func (s *Seeker) Bytes(where string, at int64, b []byte) []Found {
	var all []Found
	if len(b) < keyBytes {
		return nil
	}
	key := binary.LittleEndian.Uint64(b) << 8
	for i := 0; i+keyBytes <= len(b); i++ {
		key = key>>8 | uint64(b[i+keyBytes-1])<<56
		h := hash(key)
		if s.maybe[h>>6]&(1<<(h&63)) == 0 {
			continue
		}
		for _, n := range s.needles[key] {
			if len(n.bytes) <= len(b)-i && string(b[i:i+len(n.bytes)]) == string(n.bytes) {
				const around = 48
				near := append([]byte(nil), b[max(0, i-around):min(len(b), i+len(n.bytes)+around)]...)
				all = append(all, Found{where, at + int64(i), n.what, n.form, near, string(n.bytes)})
			}
		}
	}
	return all
}

// chunk is how much is read at once.
const chunk = 4 << 20

// stream looks at all that a reader gives.
func (s *Seeker) stream(where string, at int64, r io.Reader) ([]Found, error) {
	var all []Found
	buf := make([]byte, chunk+s.longest)
	kept := 0
	for {
		n, err := io.ReadFull(r, buf[kept:])
		have := kept + n
		found := s.Bytes(where, at, buf[:have])
		last := err != nil
		keep := min(have, s.longest-1)
		for _, f := range found {
			if last || f.At < at+int64(have-keep) { // what begins later is seen again
				all = append(all, f)
			}
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		copy(buf, buf[have-keep:have])
		at += int64(have - keep)
		kept = keep
	}
}

// File looks at a file.
func (s *Seeker) File(path string) ([]Found, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return s.stream(path, 0, f)
}

// Dir looks at every file below a directory, and at the names of all; files says how many were read.
func (s *Seeker) Dir(dir string) (all []Found, files int, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		all = append(all, s.Bytes(path+" (name)", 0, []byte(path))...)
		if !d.Type().IsRegular() {
			return nil
		}
		found, err := s.File(path)
		all = append(all, found...)
		files++
		return err
	})
	return all, files, err
}
