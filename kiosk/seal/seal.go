package seal

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
)

// The errors that callers act on.
var (
	// ErrShut: this identity is none of those that the filing was sealed to, or its key was destroyed.
	ErrShut = errors.New("seal: sealed to others")
	// ErrChanged: what was sealed is not what is there.
	ErrChanged = errors.New("seal: changed since it was sealed")
	// ErrNobody: there is nobody to seal to.
	ErrNobody = errors.New("seal: no recipients")
	// ErrKey: no key of this package.
	ErrKey = errors.New("seal: not a key")
)

// Limits of what is sealed and opened, in bytes.
const (
	MaxContent = 64 << 20
	maxKey     = 1 << 20 // some six hundred recipients
	maxAbout   = 256
	overhead   = 1 << 20 // of a Body over its content: age adds 16 bytes to each 64 kB
)

// Sealed is a filing as it lies on the disk.
type Sealed struct {
	Body []byte // the content; names nobody
	Key  []byte // what opens Body, for each recipient; empty once it was destroyed
}

// capture is the age recipient of a Body: it keeps the file key, and writes down nothing of it.
type capture struct{ fileKey []byte }

// stanza is what the header of a Body says; age wants one.
const stanza = "motcua.vn/filing"

func (c *capture) Wrap(fileKey []byte) ([]*age.Stanza, error) {
	c.fileKey = bytes.Clone(fileKey)
	return []*age.Stanza{{Type: stanza}}, nil
}

// Seal encrypts content to everybody in to. about, a reference, is bound to it: it opens only under the same name.
func Seal(content []byte, about string, to []Public) (Sealed, error) {
	if len(to) == 0 {
		return Sealed{}, ErrNobody
	}
	if len(content) > MaxContent || len(about) > maxAbout {
		return Sealed{}, fmt.Errorf("seal: %d bytes about %d bytes are too many", len(content), len(about))
	}
	var c capture
	body, err := encrypt(append(named(about), content...), &c)
	if err != nil {
		return Sealed{}, err
	}
	defer clear(c.fileKey)
	key, err := wrap(c.fileKey, to)
	if err != nil {
		return Sealed{}, err
	}
	return Sealed{body, key}, nil
}

// named is the name in front of a content: its length in a byte, and itself.
func named(about string) []byte { return append([]byte{byte(len(about))}, about...) }

func encrypt(content []byte, to ...age.Recipient) ([]byte, error) {
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to...)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if _, err := w.Write(content); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return out.Bytes(), nil
}

func wrap(fileKey []byte, to []Public) ([]byte, error) {
	var recipients []age.Recipient
	for _, p := range to {
		r, err := age.ParseHybridRecipient(p.Seal)
		if err != nil {
			return nil, ErrKey
		}
		recipients = append(recipients, r)
	}
	key, err := encrypt(fileKey, recipients...)
	if err == nil && len(key) > maxKey {
		return nil, fmt.Errorf("seal: %d recipients are too many", len(to))
	}
	return key, err
}

// Open gives the content back. The errors are ErrShut and ErrChanged.
func Open(s Sealed, about string, id *Identity) ([]byte, error) {
	fileKey, err := unwrap(s.Key, id)
	if err != nil {
		return nil, err
	}
	defer clear(fileKey)
	if len(s.Body) > MaxContent+overhead {
		return nil, ErrChanged
	}
	content, err := decrypt(s.Body, MaxContent+maxAbout+1, age.NewInjectedFileKeyIdentity(fileKey))
	if err != nil {
		return nil, ErrChanged
	}
	content, ok := bytes.CutPrefix(content, named(about))
	if !ok {
		return nil, ErrChanged
	}
	return content, nil
}

func unwrap(key []byte, id *Identity) ([]byte, error) {
	if len(key) == 0 {
		return nil, ErrShut
	}
	if len(key) > maxKey {
		return nil, ErrChanged
	}
	const fileKeyBytes = 16 // of age
	fileKey, err := decrypt(key, fileKeyBytes+1, id.age)
	var none *age.NoIdentityMatchError
	switch {
	case errors.As(err, &none):
		return nil, ErrShut
	case err != nil || len(fileKey) != fileKeyBytes:
		return nil, ErrChanged
	}
	return fileKey, nil
}

func decrypt(data []byte, limit int64, id age.Identity) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(data), id)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, limit))
}

// Rewrap writes a Key anew for others: when an officer comes or goes. Body stays as it is. Who had a copy of the old Key can still
// open the old Body.
func Rewrap(key []byte, id *Identity, to []Public) ([]byte, error) {
	if len(to) == 0 {
		return nil, ErrNobody
	}
	fileKey, err := unwrap(key, id)
	if err != nil {
		return nil, err
	}
	defer clear(fileKey)
	return wrap(fileKey, to)
}
