package seal

import (
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"
)

// Secret32 makes a key for Box.
func Secret32() ([]byte, error) {
	b := make([]byte, chacha20poly1305.KeySize)
	return b, read(b)
}

// Box encrypts a few bytes under a key of Secret32 (XChaCha20-Poly1305, the nonce in front): for a great many small things that the same
// people read, where a key for each would cost more than the thing. about is bound to it.
func Box(key []byte, about string, plain []byte) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	nonce := make([]byte, chacha20poly1305.NonceSizeX, chacha20poly1305.NonceSizeX+len(plain)+chacha20poly1305.Overhead)
	if err := read(nonce); err != nil {
		return nil, err
	}
	return aead.Seal(nonce, nonce, plain, []byte(about)), nil
}

// Unbox is the inverse of Box; ErrChanged for what is none, of this key and this about.
func Unbox(key []byte, about string, box []byte) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if len(box) < chacha20poly1305.NonceSizeX {
		return nil, ErrChanged
	}
	plain, err := aead.Open(nil, box[:chacha20poly1305.NonceSizeX], box[chacha20poly1305.NonceSizeX:], []byte(about))
	if err != nil {
		return nil, ErrChanged
	}
	return plain, nil
}
