package portal

import (
	"archive/zip"
	"bytes"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"regexp"
	"strings"

	"motcua/kiosk/fault"
	"motcua/kiosk/seal"
)

// Limits of a bundle.
const (
	MaxBundle    = 32 << 20 // bytes of the whole
	maxManifest  = 1 << 20
	maxSignature = 4 << 10
	maxEntries   = 64
)

// Names within a bundle.
const (
	manifestName  = "manifest.json"
	signatureName = "signature.json"
)

// nameForm is what the name of a file is: no folders, nothing that another system reads otherwise.
var nameForm = regexp.MustCompile(`^[a-z][A-Za-z0-9-]{0,59}\.(pdf|jpg|jp2)$`)

// The errors of Open, each under fault.PortalBundle.
var (
	ErrForm      = errors.New("portal: not a bundle of this form")
	ErrChanged   = errors.New("portal: a file of the bundle is not the one that was signed")
	ErrSignature = errors.New("portal: the signature is not of the key that the bundle names")
)

// entry is one file of the zip.
type entry struct {
	name    string
	content []byte
}

// pack writes the zip: entries in order, uncompressed, without times, comments or extra fields, one directly after another.
func pack(entries []entry) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, e := range entries {
		size := uint64(len(e.content))
		part, err := w.CreateRaw(&zip.FileHeader{Name: e.name, Method: zip.Store, CRC32: crc32.ChecksumIEEE(e.content),
			CompressedSize64: size, UncompressedSize64: size})
		if err == nil {
			_, err = part.Write(e.content)
		}
		if err != nil {
			return nil, fault.New(fault.Internal, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fault.New(fault.Internal, err)
	}
	if out.Len() > MaxBundle || len(entries) > maxEntries || len(entries[0].content) > maxManifest {
		return nil, fault.Newf(fault.Internal, "portal: %d bytes in %d files are too many for a bundle", out.Len(), len(entries))
	}
	return out.Bytes(), nil
}

// Opened is a bundle whose files are those that its signature is over. Whose key that is, nobody has said yet: see SignedBy.
type Opened struct {
	Manifest  Manifest
	Signature Signature
	Digest    string
	Files     map[string][]byte // by name, those of Manifest.Files
}

// Open verifies a bundle from outside and takes it apart. An error is fault.PortalBundle over ErrForm, ErrChanged or ErrSignature.
func Open(data []byte) (*Opened, error) {
	o, err := open(data)
	if err != nil {
		return nil, fault.New(fault.PortalBundle, err)
	}
	return o, nil
}

// SignedBy reports whether the signature is of this key (base64, as in officer accounts).
func (o *Opened) SignedBy(verify string) bool {
	return subtle.ConstantTimeCompare([]byte(o.Signature.Verify), []byte(verify)) == 1
}

func open(data []byte) (*Opened, error) {
	entries, err := unpack(data)
	if err != nil {
		return nil, err
	}
	if len(entries) < 2 || entries[0].name != manifestName || entries[1].name != signatureName ||
		len(entries[0].content) > maxManifest || len(entries[1].content) > maxSignature {
		return nil, fmt.Errorf("%w: it begins with a manifest and a signature", ErrForm)
	}
	o := &Opened{Digest: digest(entries[0].content), Files: map[string][]byte{}}
	if err := o.signature(entries[1].content, entries[0].content); err != nil {
		return nil, err
	}
	// Only what is signed is read further.
	if err := strict(entries[0].content, &o.Manifest); err != nil {
		return nil, fmt.Errorf("%w: the manifest cannot be read", ErrForm)
	}
	m := o.Manifest
	if m.Format != Format || m.Version != Version || m.Reference.IsZero() {
		return nil, fmt.Errorf("%w: another format or version", ErrForm)
	}
	return o, o.files(entries[2:])
}

// signature verifies the signature over the manifest.
func (o *Opened) signature(text, manifest []byte) error {
	if err := strict(text, &o.Signature); err != nil {
		return fmt.Errorf("%w: the signature cannot be read", ErrForm)
	}
	s := o.Signature
	if s.Algorithm != algorithm || s.Context != SignedText {
		return fmt.Errorf("%w: another kind of signature", ErrForm)
	}
	signature, err := base64.StdEncoding.Strict().DecodeString(s.Signature)
	if err != nil || !(seal.Public{Verify: s.Verify}).Verified(sealContext, manifest, signature) {
		return ErrSignature
	}
	return nil
}

// files compares what is there with what the manifest lists: the same files in the same order, and no others.
func (o *Opened) files(entries []entry) error {
	if len(entries) != len(o.Manifest.Files) {
		return fmt.Errorf("%w: %d files are listed, %d are there", ErrChanged, len(o.Manifest.Files), len(entries))
	}
	for i, e := range entries {
		want := o.Manifest.Files[i]
		if _, twice := o.Files[e.name]; twice || !nameForm.MatchString(e.name) {
			return fmt.Errorf("%w: the name of file %d", ErrForm, i+1)
		}
		if e.name != want.Name || len(e.content) != want.Size || hexHash(e.content) != want.SHA256 {
			return fmt.Errorf("%w: file %d", ErrChanged, i+1)
		}
		o.Files[e.name] = e.content
	}
	return nil
}

// strict reads one JSON value of which every key is known.
func strict(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return ErrForm
	}
	return nil
}

// The parts of a zip (APPNOTE 4.3.7, 4.3.12, 4.3.16): sizes without names, and what they begin with.
const (
	localBytes, localMark     = 30, "PK\x03\x04"
	centralBytes, centralMark = 46, "PK\x01\x02"
	endBytes, endMark         = 22, "PK\x05\x06"
)

// little reads the numbers of a zip.
type little []byte

func (b little) is(mark string) bool { return strings.HasPrefix(string(b[:len(mark)]), mark) }
func (b little) u16(at int) int      { return int(binary.LittleEndian.Uint16(b[at:])) }
func (b little) u32(at int) int      { return int(binary.LittleEndian.Uint32(b[at:])) }

// unpack takes the zip apart. It takes only what pack writes: stored entries that follow one another from the first byte to the
// directory, which says the same. So there is no compression to blow up, no overlap, nothing that two programs read differently, and
// no room for what nobody looks at.
func unpack(data []byte) ([]entry, error) {
	wrong := fmt.Errorf("%w: the zip", ErrForm)
	n := len(data) - endBytes
	if n < 0 || len(data) > MaxBundle {
		return nil, wrong
	}
	end := little(data[n:])
	count, size, at := end.u16(10), end.u32(12), end.u32(16)
	if !end.is(endMark) || count > maxEntries || end.u16(8) != count || at+size != n || end.u32(4) != 0 || end.u16(20) != 0 {
		return nil, wrong
	}
	body, directory := little(data[:at]), little(data[at:n])
	var entries []entry
	for pos := 0; len(entries) < count; {
		e, used := local(body[pos:])
		if used == 0 || !listed(directory, e, pos) {
			return nil, wrong
		}
		entries = append(entries, e)
		pos += used
		directory = directory[centralBytes+len(e.name):]
		if len(entries) == count && (pos != at || len(directory) != 0) {
			return nil, wrong
		}
	}
	return entries, nil
}

// local reads the entry at the beginning of b, and how many bytes it takes; 0 if there is none.
func local(b little) (entry, int) {
	if len(b) < localBytes || !b.is(localMark) {
		return entry{}, 0
	}
	name, size := b.u16(26), b.u32(22)
	plain := b.u16(6) == 0 && b.u16(8) == 0 && b.u32(10) == 0 && b.u16(28) == 0 && b.u32(18) == size // flags, method, time, extra, compressed size
	if !plain || name > maxName || size > len(b)-localBytes-name {
		return entry{}, 0
	}
	used := localBytes + name + size
	e := entry{string(b[localBytes : localBytes+name]), b[localBytes+name : used]}
	if int(crc32.ChecksumIEEE(e.content)) != b.u32(14) {
		return entry{}, 0
	}
	return e, used
}

// maxName is the longest name that is looked at; nameForm is stricter.
const maxName = 64

// listed reports whether the directory begins with what the local header at pos says.
func listed(b little, e entry, pos int) bool {
	return len(b) >= centralBytes+len(e.name) && b.is(centralMark) && b.u16(8) == 0 && b.u16(10) == 0 && b.u32(12) == 0 &&
		b.u32(16) == int(crc32.ChecksumIEEE(e.content)) && b.u32(20) == len(e.content) && b.u32(24) == len(e.content) &&
		b.u16(28) == len(e.name) && b.u32(30) == 0 && b.u32(34) == 0 && b.u32(38) == 0 && b.u32(42) == pos && string(b[centralBytes:centralBytes+len(e.name)]) == e.name
}
