package seal

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"

	"filippo.io/age"
)

// Identity is the secret half of an officer's keys: it opens what was sealed to them and signs what they do. It is for several
// goroutines.
type Identity struct {
	age  *age.HybridIdentity
	sign ed25519.PrivateKey
}

// Public is the other half, which everybody may know.
type Public struct {
	Seal   string `json:"seal"`   // age1pq1…
	Verify string `json:"verify"` // Ed25519, base64
}

// New makes an identity; random is crypto/rand if nil.
func New() (*Identity, error) {
	a, err := age.GenerateHybridIdentity()
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	_, s, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return &Identity{a, s}, nil
}

// Public is what to seal to, and to verify with.
func (i *Identity) Public() Public {
	return Public{i.age.Recipient().String(), base64.StdEncoding.EncodeToString(i.sign.Public().(ed25519.PublicKey))}
}

// Sign signs a message. context keeps a signature from meaning anything elsewhere.
func (i *Identity) Sign(context string, message []byte) []byte {
	return ed25519.Sign(i.sign, inContext(context, message))
}

// Verified reports whether a signature is of this key, for this context and message.
func (p Public) Verified(context string, message, signature []byte) bool {
	key, err := base64.StdEncoding.DecodeString(p.Verify)
	return err == nil && len(key) == ed25519.PublicKeySize && ed25519.Verify(key, inContext(context, message), signature)
}

func inContext(context string, message []byte) []byte {
	return append(append([]byte("motcua "+context), 0), message...)
}

// Check reports whether both halves can be keys.
func (p Public) Check() error {
	if _, err := age.ParseHybridRecipient(p.Seal); err != nil {
		return ErrKey
	}
	if key, err := base64.StdEncoding.DecodeString(p.Verify); err != nil || len(key) != ed25519.PublicKeySize {
		return ErrKey
	}
	return nil
}

// secret is an Identity in bytes.
type secret struct {
	Seal string `json:"seal"` // AGE-SECRET-KEY-PQ-1…
	Sign []byte `json:"sign"` // seed
}

// bytes is the identity as it is locked and split.
func (i *Identity) bytes() ([]byte, error) {
	return json.Marshal(secret{i.age.String(), i.sign.Seed()})
}

// parse is the inverse of bytes.
func parse(data []byte) (*Identity, error) {
	var s secret
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, ErrKey
	}
	a, err := age.ParseHybridIdentity(s.Seal)
	if err != nil || len(s.Sign) != ed25519.SeedSize {
		return nil, ErrKey
	}
	return &Identity{a, ed25519.NewKeyFromSeed(s.Sign)}, nil
}

// read fills b with random bytes.
func read(b []byte) error {
	if _, err := io.ReadFull(rand.Reader, b); err != nil {
		return fmt.Errorf("seal: random source: %w", err)
	}
	return nil
}
