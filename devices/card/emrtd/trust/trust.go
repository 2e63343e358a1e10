// Package trust keeps whom the reader believes: the certificates of country signing authorities (CSCA) that an office
// imported, who vouched for each, and lists of revoked certificates.
//
// Start with Open on the station's directory; a Store is a pki.Trust. Import takes a file as issuers publish it: a master
// list, a certificate in DER or PEM, a revocation list. Nothing comes in whose signature does not hold, and what is kept
// says who vouched: the signer of the master list, or the operator who brought a single certificate.
//
// All is kept in one file, trust.json, which is written whole or not at all (temporary file, fsync, rename). An entry in
// it that was changed by somebody is told and left out; the others go on being good.
package trust

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"motcua/devices/card/emrtd/pki"
)

// Errors of this package.
var (
	// ErrNotImported: the file is not of a kind that can be trusted, or its signature does not hold.
	ErrNotImported = errors.New("trust: not imported")
	// ErrNotFound: no entry begins with the fingerprint, or several do.
	ErrNotFound = errors.New("trust: no such entry")
)

// Kind of an entry.
type Kind string

// The kinds.
const (
	KindCSCA   Kind = "csca"
	KindSigner Kind = "signer" // of documents, for chips that leave its certificate out
	KindCRL    Kind = "crl"
)

// Entry is one thing that is kept.
type Entry struct {
	Kind        Kind      `json:"kind"`
	Fingerprint string    `json:"fingerprint"` // SHA-256 of Raw, hexadecimal capitals
	Raw         []byte    `json:"raw"`         // DER
	Vouched     string    `json:"vouched"`     // who vouches: "operator", "built in", or the master list's signer and its CSCA
	Added       time.Time `json:"added"`

	Certificate *pki.Certificate `json:"-"` // of KindCSCA and KindSigner
	CRL         *pki.CRL         `json:"-"` // of KindCRL
}

// BuiltIn reports whether the program itself brings the entry: it cannot be removed, and nobody answers for it.
func (e *Entry) BuiltIn() bool { return e.Added.IsZero() }

// Store is what is trusted. Its methods that read may be called concurrently as long as none that writes is.
type Store struct {
	path    string // "": nothing is kept
	entries []*Entry
	known   map[string]*Entry // by fingerprint
	bySubj  map[string][]*pki.Certificate
	byIssue map[string][]*pki.CRL
	signers []*pki.Certificate
	faults  []string

	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

var _ pki.Trust = (*Store)(nil)

// FileName is what is kept, in the directory that Open gets.
const FileName = "trust.json"

const maxFile = 64 << 20 // bytes

// file is trust.json.
type file struct {
	Version int      `json:"version"`
	Entries []*Entry `json:"entries"`
}

// Open reads what is kept in dir, and before it the certificates (*.der) of builtIn, either of which may be missing. An
// error means that trust.json is there and cannot be read; single entries that are damaged are told by Faults.
func Open(dir string, builtIn fs.FS) (*Store, error) {
	s := &Store{}
	s.fill(nil)
	if builtIn != nil {
		if err := s.openBuiltIn(builtIn); err != nil {
			return nil, err
		}
	}
	if dir == "" {
		return s, nil
	}
	s.path = filepath.Join(dir, FileName)
	info, err := os.Stat(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("trust: %w", err)
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("trust: %s has %d bytes", FileName, info.Size())
	}
	raw, err := os.ReadFile(s.path)
	if err != nil {
		return nil, fmt.Errorf("trust: %w", err)
	}
	return s, s.decode(raw)
}

// decode takes the entries of trust.json.
func (s *Store) decode(raw []byte) error {
	var f file
	if err := json.Unmarshal(raw, &f); err != nil || f.Version != 1 {
		return fmt.Errorf("trust: %s is damaged: %w", FileName, errors.Join(err, fmt.Errorf("version %d", f.Version)))
	}
	for _, e := range f.Entries {
		if e == nil || e.Fingerprint != fingerprint(e.Raw) {
			s.faults = append(s.faults, "an entry was changed")
			continue
		}
		if e.BuiltIn() { // written by hand: whoever looks would take it for one that nobody can remove
			s.faults = append(s.faults, e.Fingerprint+" has no day")
			continue
		}
		if err := e.parse(); err != nil {
			s.faults = append(s.faults, e.Fingerprint+" cannot be read")
			continue
		}
		s.put(e)
	}
	return nil
}

func (s *Store) openBuiltIn(fsys fs.FS) error {
	names, err := fs.Glob(fsys, "*.der")
	if err != nil {
		return err
	}
	for _, name := range names {
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		e := &Entry{Kind: KindCSCA, Fingerprint: fingerprint(raw), Raw: raw, Vouched: "built in"}
		if err := e.parse(); err != nil {
			return fmt.Errorf("trust: built-in %s: %w", name, err)
		}
		s.put(e)
	}
	return nil
}

func fingerprint(raw []byte) string { return fmt.Sprintf("%X", sha256.Sum256(raw)) }

func (e *Entry) parse() (err error) {
	switch e.Kind {
	case KindCSCA, KindSigner:
		e.Certificate, err = pki.ParseCertificate(e.Raw)
	case KindCRL:
		e.CRL, err = pki.ParseCRL(e.Raw)
	default:
		err = fmt.Errorf("trust: entry of kind %q", e.Kind)
	}
	return err
}

// fill begins anew with the entries.
func (s *Store) fill(entries []*Entry) {
	s.entries, s.known, s.signers = nil, map[string]*Entry{}, nil
	s.bySubj, s.byIssue = map[string][]*pki.Certificate{}, map[string][]*pki.CRL{}
	for _, e := range entries {
		s.put(e)
	}
}

// put adds an entry that is not there yet.
func (s *Store) put(e *Entry) bool {
	if s.known[e.Fingerprint] != nil {
		return false
	}
	s.entries, s.known[e.Fingerprint] = append(s.entries, e), e
	switch e.Kind {
	case KindCSCA:
		key := e.Certificate.Subject.Key()
		s.bySubj[key] = append(s.bySubj[key], e.Certificate)
	case KindSigner:
		s.signers = append(s.signers, e.Certificate)
	case KindCRL:
		key := e.CRL.Issuer.Key()
		s.byIssue[key] = append(s.byIssue[key], e.CRL)
	}
	return true
}

// Issuers implements pki.Trust.
func (s *Store) Issuers(name pki.Name) []*pki.Certificate { return s.bySubj[name.Key()] }

// Signers implements pki.Trust.
func (s *Store) Signers() []*pki.Certificate { return s.signers }

// Lists implements pki.Trust.
func (s *Store) Lists(issuer pki.Name) []*pki.CRL { return s.byIssue[issuer.Key()] }

// Entries are those that are kept, the built-in ones first, in the order in which they came.
func (s *Store) Entries() []*Entry { return slices.Clone(s.entries) }

// Faults says what of trust.json could not be taken.
func (s *Store) Faults() []string { return slices.Clone(s.faults) }

// Vouched says who vouches for a certificate, "" if it is not here.
func (s *Store) Vouched(c *pki.Certificate) string {
	if e := s.known[c.Fingerprint()]; e != nil {
		return e.Vouched
	}
	return ""
}

// Remove takes the one entry away whose fingerprint begins so, and says which it was. Built-in ones cannot be removed.
func (s *Store) Remove(prefix string) (*Entry, error) {
	prefix = strings.ToUpper(strings.ReplaceAll(prefix, ":", ""))
	var found *Entry
	for _, e := range s.entries {
		if prefix != "" && strings.HasPrefix(e.Fingerprint, prefix) && !e.BuiltIn() {
			if found != nil {
				return nil, fmt.Errorf("%w: several begin with %s", ErrNotFound, prefix)
			}
			found = e
		}
	}
	if found == nil {
		return nil, fmt.Errorf("%w: %s", ErrNotFound, prefix)
	}
	before := s.entries
	s.fill(slices.DeleteFunc(slices.Clone(before), func(e *Entry) bool { return e == found }))
	if err := s.save(); err != nil {
		s.fill(before)
		return nil, err
	}
	return found, nil
}

// save writes trust.json whole.
func (s *Store) save() error {
	if s.path == "" {
		return nil
	}
	f := file{Version: 1}
	for _, e := range s.entries {
		if !e.BuiltIn() {
			f.Entries = append(f.Entries, e)
		}
	}
	raw, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("trust: %w", err)
	}
	if err := replace(s.path, raw); err != nil {
		return fmt.Errorf("trust: %w", err)
	}
	return nil
}

// replace writes a file so that either the old or the new one is there after a power cut.
func replace(path string, raw []byte) error {
	const dirMode = 0o700 // the data directory may come with it, which the store takes only if it is nobody else's
	if err := os.MkdirAll(filepath.Dir(path), dirMode); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), FileName+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(raw)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
