package deskparts

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"motcua/devices/card/emrtd/trust"
	"motcua/kiosk/board"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/station"
)

// maxImport is the largest file that is imported, in bytes.
const maxImport = 16 << 20

// mostFound is how many files are offered.
const mostFound = 6

// sticks is where a desktop mounts what is plugged in.
var sticks = []string{"/media/*/*", "/run/media/*/*", "/media/*"}

// importable are the endings of certificates, master lists and revocation lists.
var importable = []string{".cer", ".crt", ".der", ".pem", ".crl", ".ml"}

// Trust is whom the office trusts: what lies in the data directory, with what is built in. Files to import are looked for in the folders, and on
// what is plugged in.
func Trust(data string, folders ...string) board.Trust { return trusting{data, folders} }

type trusting struct {
	data    string
	folders []string
}

// List implements board.Trust.
func (t trusting) List() ([]board.Trusted, error) {
	s, err := station.OpenTrust(t.data)
	if err != nil {
		return nil, err
	}
	return describeAll(s.Entries()), nil
}

func describeAll(entries []*trust.Entry) []board.Trusted {
	var all []board.Trusted
	for _, e := range entries {
		x := board.Trusted{Kind: string(e.Kind), Fingerprint: e.Fingerprint, Vouched: e.Vouched, Added: e.Added}
		switch c := e.Certificate; {
		case c != nil:
			x.Name, x.Country, x.Key, x.From, x.Until = c.Subject.String(), c.Subject.Country(), c.KeyName(), c.NotBefore, c.NotAfter
			if c.Issuer.Key() != c.Subject.Key() {
				x.Issuer = c.Issuer.String()
			}
		case e.CRL != nil:
			x.Name, x.Country, x.From, x.Until = e.CRL.Issuer.String(), e.CRL.Issuer.Country(), e.CRL.ThisUpdate, e.CRL.NextUpdate
		}
		all = append(all, x)
	}
	return all
}

// Files implements board.Trust: the newest first.
func (t trusting) Files() []string {
	type found struct {
		path string
		at   int64
	}
	var all []found
	for _, pattern := range slices.Concat(t.folders, sticks) {
		dirs, err := filepath.Glob(pattern)
		if err != nil {
			continue
		}
		for _, dir := range dirs {
			entries, err := os.ReadDir(dir)
			if err != nil {
				continue
			}
			for _, e := range entries {
				info, err := e.Info()
				if err == nil && info.Mode().IsRegular() && info.Size() <= maxImport && slices.Contains(importable, strings.ToLower(filepath.Ext(e.Name()))) {
					all = append(all, found{filepath.Join(dir, e.Name()), info.ModTime().UnixNano()})
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b found) int { return int(max(-1, min(1, b.at-a.at))) })
	var paths []string
	for _, f := range all[:min(len(all), mostFound)] {
		paths = append(paths, f.path)
	}
	return paths
}

// Add implements board.Trust. fault.NotFound for a file that is not there, fault.CardForged for one that does not prove what it says.
func (t trusting) Add(path string) (board.TrustAddition, error) {
	path, err := config.Expand(path)
	if err != nil {
		return board.TrustAddition{}, fault.New(fault.NotFound, err)
	}
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxImport {
		return board.TrustAddition{}, fault.New(fault.NotFound, errors.Join(err, errors.New("trust: no file, or too large")))
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return board.TrustAddition{}, fault.New(fault.NotFound, err)
	}
	s, err := station.OpenTrust(t.data)
	if err != nil {
		return board.TrustAddition{}, err
	}
	in, err := s.Import(raw)
	switch {
	case errors.Is(err, trust.ErrNotImported):
		return board.TrustAddition{}, fault.New(fault.CardForged, err)
	case err != nil:
		return board.TrustAddition{}, fault.New(fault.StoreFailed, err)
	}
	return board.TrustAddition{Added: describeAll(in.Added), Known: in.Known, LeftOut: len(in.Left), Vouched: in.Vouched}, nil
}

// Remove implements board.Trust.
func (t trusting) Remove(fingerprint string) error {
	s, err := station.OpenTrust(t.data)
	if err != nil {
		return err
	}
	_, err = s.Remove(fingerprint)
	switch {
	case errors.Is(err, trust.ErrNotFound):
		return fault.New(fault.NotFound, err)
	case err != nil:
		return fault.New(fault.StoreFailed, err)
	}
	return nil
}
