package seal

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"motcua/kiosk/seal/internal/cost"

	"golang.org/x/crypto/chacha20poly1305"
)

// MinPIN and MaxPIN are how many digits a PIN has.
const MinPIN, MaxPIN = 8, 16

// What a try of a PIN costs (argon2id, RFC 9106): PINMemory in KiB, PINTime passes, one thread. On the machines of an office that
// is about half a second.
const (
	PINMemory = cost.PINMemory
	PINTime   = cost.PINTime
)

var (
	// ErrPIN: not the form of a PIN.
	ErrPIN = fmt.Errorf("seal: a PIN has %d to %d digits, and not all the same", MinPIN, MaxPIN)
	// ErrWrong: the PIN or the card is not the one that locked the key. Which of them is not said.
	ErrWrong = errors.New("seal: wrong PIN or card")
)

// Secret is what an officer locks keys with: a PIN, what their card says, or both.
type Secret struct {
	PIN  string
	Card []byte // what only the chip of the officer's own card says: EF.SOD; empty for no card
}

// CheckPIN reports whether a PIN can be one.
func CheckPIN(pin string) error {
	if len(pin) < MinPIN || len(pin) > MaxPIN {
		return ErrPIN
	}
	same, rising, falling := true, true, true
	for i := range len(pin) {
		if pin[i] < '0' || pin[i] > '9' {
			return ErrPIN
		}
		if i > 0 {
			step := int(pin[i]) - int(pin[i-1])
			same, rising, falling = same && step == 0, rising && step == 1, falling && step == -1
		}
	}
	if same || rising || falling {
		return ErrPIN
	}
	return nil
}

// Locked is an identity under a Secret, as it lies on the disk.
type Locked struct {
	Version int    `json:"version"` // 1
	PIN     bool   `json:"pin"`     // a PIN is needed
	Card    bool   `json:"card"`    // a card is needed
	Time    uint32 `json:"time"`    // argon2id, as it was when this was locked
	Memory  uint32 `json:"memory"`  // KiB
	Salt    []byte `json:"salt"`
	Nonce   []byte `json:"nonce"`
	Sealed  []byte `json:"sealed"` // XChaCha20-Poly1305

	Or   *Locked `json:"or,omitempty"`   // the same identity under a card alone, see OrCard
	Chip *Sealed `json:"chip,omitempty"` // see WithChip
}

// Bounds of a Locked that is taken: what a changed file could make us spend.
const (
	saltBytes           = 16
	maxTime, maxMemory  = 10, 1 << 20
	maxLocked           = 16 << 10
	leastTime, leastMem = 1, 8
)

// Lock puts an identity under a secret. owner is bound to it, so that one officer's keys do not open as another's.
func Lock(id *Identity, owner string, s Secret) (Locked, error) {
	return lock(id, owner, s, cost.Time, cost.Memory)
}

func lock(id *Identity, owner string, s Secret, time, memory uint32) (Locked, error) {
	if s.PIN == "" && len(s.Card) == 0 {
		return Locked{}, ErrWrong
	}
	if s.PIN != "" {
		if err := CheckPIN(s.PIN); err != nil {
			return Locked{}, err
		}
	}
	plain, err := id.bytes()
	if err != nil {
		return Locked{}, err
	}
	defer clear(plain)
	l := Locked{Version: 1, PIN: s.PIN != "", Card: len(s.Card) > 0, Time: time, Memory: memory,
		Salt: make([]byte, saltBytes), Nonce: make([]byte, chacha20poly1305.NonceSizeX)}
	if err := errors.Join(read(l.Salt), read(l.Nonce)); err != nil {
		return Locked{}, err
	}
	key, err := l.key(s)
	if err != nil {
		return Locked{}, err
	}
	defer clear(key)
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return Locked{}, fmt.Errorf("seal: %w", err)
	}
	l.Sealed = aead.Seal(nil, l.Nonce, plain, []byte("motcua locked "+owner))
	return l, nil
}

// Unlock gives the identity. It takes as long as PINTime and PINMemory want, right or wrong. The errors are ErrWrong, and ErrKey for what is
// no Locked. A card without a PIN opens what OrCard made.
func (l Locked) Unlock(owner string, s Secret) (*Identity, error) {
	if or := l.Or; or != nil && s.PIN == "" && len(s.Card) > 0 {
		if or.PIN || or.Or != nil {
			return nil, ErrKey
		}
		return or.Unlock(owner, s)
	}
	if l.Version != 1 || len(l.Salt) != saltBytes || len(l.Nonce) != chacha20poly1305.NonceSizeX || len(l.Sealed) > maxLocked ||
		l.Time < leastTime || l.Time > maxTime || l.Memory < leastMem || l.Memory > maxMemory || !l.PIN && !l.Card {
		return nil, ErrKey
	}
	key, err := l.key(s)
	if err != nil {
		return nil, err
	}
	defer clear(key)
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	plain, err := aead.Open(nil, l.Nonce, l.Sealed, []byte("motcua locked "+owner))
	if err != nil {
		return nil, ErrWrong
	}
	defer clear(plain)
	return parse(plain)
}

// key is what the secret opens: of the PIN by argon2id, then the card, each only if it is needed.
func (l Locked) key(s Secret) ([]byte, error) {
	if l.PIN && (s.PIN == "" || len(s.PIN) > MaxPIN) || l.Card && len(s.Card) == 0 {
		return nil, ErrWrong
	}
	var material []byte
	if l.PIN {
		material = derive(s.PIN, l.Salt, l.Time, l.Memory, chacha20poly1305.KeySize)
	}
	if l.Card {
		card := sha256.Sum256(s.Card)
		material = append(material, card[:]...)
	}
	defer clear(material)
	key, err := hkdf.Key(sha256.New, material, l.Salt, "motcua officer key 1", chacha20poly1305.KeySize)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return key, nil
}

// ParseLocked reads a Locked strictly; ErrKey if it is none.
func ParseLocked(data []byte) (Locked, error) {
	var l Locked
	if len(data) > 2*maxLocked || json.Unmarshal(data, &l) != nil {
		return Locked{}, ErrKey
	}
	return l, nil
}
