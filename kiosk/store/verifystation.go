package store

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"

	"motcua/kiosk/fault"
)

// signature is a station's signature of an entry that is yet to be verified.
type signature struct {
	seq       int64
	key       ed25519.PublicKey
	hash, sig []byte
}

// verifyAtOnce is how many signatures are verified side by side.
const verifyAtOnce = 8192

var errUnsigned = errors.New("not signed by its station")

// byStation notes the keys of stations, and what they signed with them.
func (v *Verdict) byStation(r row) error {
	switch Kind(r.kind) {
	case StationKey:
		var named struct{ Verify, Replaces string }
		if err := json.Unmarshal([]byte(r.detail), &named); err != nil {
			return errors.New("detail cannot be read")
		}
		if named.Replaces != v.Stations[r.station] {
			return errors.New("another key than the station's came before")
		}
		if named.Replaces != "" {
			v.Replaced++
		}
		v.Stations[r.station] = named.Verify
	case JournalCut:
		v.Cut++
	}
	text := v.Stations[r.station]
	if text == "" { // of before stations signed; who has only the database could otherwise be a station that nobody has heard of
		if len(r.signature) != 0 || len(v.Stations) > 0 && !v.bare[r.station] {
			return errUnsigned
		}
		v.bare[r.station] = true
		return nil
	}
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(key) != ed25519.PublicKeySize || len(r.signature) != ed25519.SignatureSize {
		return errUnsigned
	}
	v.pending = append(v.pending, signature{r.seq, key, r.hash, r.signature})
	if len(v.pending) < verifyAtOnce {
		return nil
	}
	return v.signatures()
}

// signatures verifies those that are to be, on all cores: one takes longer than all else that is verified of an entry.
func (v *Verdict) signatures() error {
	pending := v.pending
	v.pending = nil
	var next, wrong atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.NumCPU(), len(pending)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(pending)); i = next.Add(1) - 1 {
				if s := pending[i]; !ed25519.Verify(s.key, entryMessage(s.hash), s.sig) {
					wrong.Store(s.seq)
				}
			}
		})
	}
	workers.Wait()
	if seq := wrong.Load(); seq != 0 {
		return fault.Newf(fault.StoreDamaged, "store: journal: entry %d: %w", seq, errUnsigned)
	}
	return nil
}
