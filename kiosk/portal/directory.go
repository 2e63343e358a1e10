package portal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"motcua/kiosk/fault"
)

// Directory is a folder from which somebody takes bundles to the portal.
type Directory string

// bundleMode lets the folder's group take a bundle, and nobody else read it.
const bundleMode = 0o640

// Send puts the bundle into the folder as REFERENCE.zip: whole and durable, or not at all. A bundle of the same Digest, or of the Earlier one, that
// lies there already is left as it is. Of the receipt, only reference and Digest are there: nobody answers. An error is fault.PortalUnreachable if it cannot be written, fault.PortalRefused over a *Refusal if another bundle of the
// reference lies there.
func (d Directory) Send(_ context.Context, b Bundle) (Receipt, error) {
	path := filepath.Join(string(d), b.Manifest.Reference.String()+".zip")
	there, err := readBundle(path)
	switch {
	case err == nil && b.is(there.Digest):
		return Receipt{Reference: b.Manifest.Reference, Digest: there.Digest}, nil
	case err == nil:
		return Receipt{}, fault.New(fault.PortalRefused, &Refusal{Type: "conflict", digest: there.Digest})
	case fault.CodeOf(err) == fault.PortalBundle:
		return Receipt{}, fault.New(fault.PortalRefused, &Refusal{Type: "conflict"})
	case !errors.Is(err, fs.ErrNotExist):
		return Receipt{}, fault.New(fault.PortalUnreachable, err)
	}
	d.sweep(time.Now().Add(-staleAfter))
	if err := writeDurably(path, b.Data); err != nil {
		return Receipt{}, fault.New(fault.PortalUnreachable, fmt.Errorf("portal: %w", err))
	}
	return Receipt{Reference: b.Manifest.Reference, Digest: b.Digest}, nil
}

// staleAfter is when a beginning of a bundle is surely nobody's work any more.
const staleAfter = time.Hour

// sweep takes away what a process that died left behind before a moment: it holds what a bundle holds, and nobody fetches it. What cannot
// be taken away is left for the next time.
func (d Directory) sweep(before time.Time) {
	left, _ := filepath.Glob(filepath.Join(string(d), ".*.zip.*"))
	for _, path := range left {
		if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() && info.ModTime().Before(before) {
			_ = os.Remove(path)
		}
	}
}

func readBundle(path string) (*Opened, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxBundle+1))
	if err != nil {
		return nil, err
	}
	return Open(data)
}

// writeDurably makes a file of which nobody ever sees a part, and which is there after a power cut once this returns.
func writeDurably(path string, data []byte) error {
	dir, name := filepath.Split(path)
	f, err := os.CreateTemp(dir, "."+name+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(bundleMode)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncDir(dir)
}

// syncDir makes a rename durable. Windows has no such thing: NTFS journals it.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
