package station

import (
	"io/fs"
	"path/filepath"

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
