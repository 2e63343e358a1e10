package station

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"motcua/assets"
	"motcua/devices/card/emrtd/pki"
	"motcua/devices/card/emrtd/trust"
	"motcua/kiosk/fault"
)

// trustDir is where a station keeps whom it trusts, below the data directory.
const trustDir = "trust"

// OpenTrust opens what is trusted: what is built in, and what the office imported into the data directory; "" is what is
// built in alone.
func OpenTrust(dir string) (*trust.Store, error) {
	builtIn, err := fs.Sub(assets.FS, "trust")
	if err != nil {
		return nil, fault.New(fault.Internal, err)
	}
	if dir != "" {
		dir = filepath.Join(dir, trustDir)
	}
	s, err := trust.Open(dir, builtIn)
	if err != nil {
		return nil, fault.New(fault.StoreDamaged, err)
	}
	return s, nil
}

// Unsaid compares what is trusted, beside what is built in, with what officers trust by the journal (store.Verdict.Trusted). It gives the
// fingerprints that no officer put there, which makes chips genuine that are not, and those that are missing, each sorted.
func Unsaid(dir string, said map[string]bool) (unsaid, missing []string, err error) {
	s, err := OpenTrust(dir)
	if err != nil {
		return nil, nil, err
	}
	left := maps.Clone(said)
	for _, e := range s.Entries() {
		if !e.BuiltIn() && !said[e.Fingerprint] {
			unsaid = append(unsaid, e.Fingerprint)
		}
		delete(left, e.Fingerprint)
	}
	slices.Sort(unsaid)
	return unsaid, slices.Sorted(maps.Keys(left)), nil
}

// trusted is what a station trusts, and how the file was when it was read.
type trusted struct {
	dir  string
	mu   sync.Mutex
	is   pki.Trust
	mark fs.FileInfo // nil: there was none
}

// trustMark is how the file of what is trusted is now; nil if there is none.
func trustMark(dir string) fs.FileInfo {
	info, err := os.Stat(filepath.Join(dir, trustDir, trust.FileName))
	if err != nil || dir == "" {
		return nil
	}
	return info
}

func (t *trusted) now() pki.Trust {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.is
}

// TrustAgain reads what is trusted anew if it changed since: an office added or removed somebody. A read that is under way goes on with what
// it began with.
func (s *Station) TrustAgain() {
	mark := trustMark(s.trust.dir)
	s.trust.mu.Lock()
	was := s.trust.mark
	s.trust.mu.Unlock()
	// The file is replaced as a whole each time: another one has another identity.
	if mark == nil && was == nil || mark != nil && was != nil && os.SameFile(mark, was) && mark.ModTime().Equal(was.ModTime()) {
		return
	}
	now := s.openTrust(s.trust.dir)
	s.trust.mu.Lock()
	defer s.trust.mu.Unlock()
	s.trust.is, s.trust.mark = now, mark
}

// openTrust is OpenTrust for a station that has to go on: a store that cannot be read trusts nobody, and every card's
// issuer is unknown until somebody mends it.
func (s *Station) openTrust(dir string) pki.Trust {
	store, err := OpenTrust(dir)
	if err != nil {
		s.log.Error("trust.failed", "err", err)
		return pki.Nobody{}
	}
	for _, f := range store.Faults() {
		s.log.Warn("trust.fault", "what", f)
	}
	s.log.Info("trust.loaded", "entries", len(store.Entries()))
	return store
}
