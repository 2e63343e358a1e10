// Package secmsg is the cryptography between a terminal and a travel document: key derivation, padding, MACs and the
// secure messaging of ICAO 9303-11 §9.7 and §9.8.
//
// Start with Session: NewSession with the keys that BAC, PACE or chip authentication agreed on, then Protect each
// command and Unprotect each response. The primitives (KDF, Pad, MAC, Encrypt …) are exported because the chip's side
// is built of the same ones; the session itself is the terminal's only, so that the simulated card cannot share a
// mistake with it.
//
// Why a Session dies: 9303-11 §9.8.3 ends secure messaging at the first error, and a terminal that retries under the
// same keys gives an attacker a second guess. After any failure every call returns ErrDead.
package secmsg

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des" //nolint:gosec // 9303-11 prescribes it for BAC
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
)

// Counters of the key derivation function, 9303-11 §9.7.1.
const (
	CounterEncryption uint32 = 1
	CounterMAC        uint32 = 2
	CounterPassword   uint32 = 3 // Kπ of PACE
)

// MACSize is how many bytes of a MAC go over the wire, whatever the cipher (9303-11 §9.8.6.2, §9.8.7.2, §4.4.3.4).
const MACSize = 8

// ErrPadding: no ISO 9797-1 padding method 2 at the end of the data.
var ErrPadding = errors.New("secmsg: wrong padding")

// Cipher is a block cipher with its MAC, as 9303-11 combines them.
type Cipher uint8

// The ciphers of 9303-11 §9.8.1.
const (
	TripleDES Cipher = iota + 1 // two keys, CBC; retail MAC
	AES128                      // CBC; CMAC
	AES192
	AES256
)

// String names the cipher.
func (c Cipher) String() string {
	switch c {
	case TripleDES:
		return "3DES"
	case AES128:
		return "AES-128"
	case AES192:
		return "AES-192"
	case AES256:
		return "AES-256"
	}
	return "unknown"
}

// BlockSize is in bytes, and also the size of the send sequence counter.
func (c Cipher) BlockSize() int {
	if c == TripleDES {
		return des.BlockSize
	}
	return aes.BlockSize
}

// KeySize is in bytes.
func (c Cipher) KeySize() int {
	switch c {
	case AES192:
		return 24
	case AES256:
		return 32
	}
	return 16
}

// KDF derives a key from a shared secret, 9303-11 §9.7.1: SHA-1 for keys of 128 bits and 3DES, SHA-256 for longer
// ones. 3DES keys come with adjusted parity (§9.7.1.1), as the worked examples have them.
func KDF(secret []byte, counter uint32, c Cipher) []byte {
	input := binary.BigEndian.AppendUint32(append(make([]byte, 0, len(secret)+4), secret...), counter)
	defer clear(input)
	if c == AES192 || c == AES256 {
		sum := sha256.Sum256(input)
		return append([]byte(nil), sum[:c.KeySize()]...)
	}
	sum := sha1.Sum(input)
	key := append([]byte(nil), sum[:c.KeySize()]...)
	if c == TripleDES {
		adjustParity(key)
	}
	return key
}

// adjustParity makes the number of one bits in each byte odd, FIPS 46-3.
func adjustParity(key []byte) {
	for i, b := range key {
		if bits.OnesCount8(b)%2 == 0 {
			key[i] = b ^ 1
		}
	}
}

// Pad appends ISO 9797-1 padding method 2: 80, then zero bytes up to a multiple of block. The result is a copy.
func Pad(data []byte, block int) []byte {
	out := make([]byte, (len(data)/block+1)*block)
	copy(out, data)
	out[len(data)] = 0x80
	return out
}

// Unpad takes ISO 9797-1 padding method 2 off, at most block bytes of it. The result shares data's memory.
func Unpad(data []byte, block int) ([]byte, error) {
	for i := len(data) - 1; i >= 0 && i >= len(data)-block; i-- {
		switch data[i] {
		case 0x80:
			return data[:i:i], nil
		case 0:
		default:
			return nil, ErrPadding
		}
	}
	return nil, ErrPadding
}

// Block opens the block cipher with a key of KeySize bytes; a 3DES key of 16 bytes is K1 || K2, with K3 = K1.
func (c Cipher) Block(key []byte) (cipher.Block, error) {
	if len(key) != c.KeySize() {
		return nil, fmt.Errorf("secmsg: %s key of %d bytes", c, len(key))
	}
	if c == TripleDES {
		return des.NewTripleDESCipher(append(append([]byte(nil), key...), key[:8]...))
	}
	return aes.NewCipher(key)
}

// Encrypt is CBC without padding; iv nil means zero. data must be whole blocks.
func (c Cipher) Encrypt(key, iv, data []byte) ([]byte, error) {
	return c.cbc(key, iv, data, cipher.NewCBCEncrypter)
}

// Decrypt undoes Encrypt.
func (c Cipher) Decrypt(key, iv, data []byte) ([]byte, error) {
	return c.cbc(key, iv, data, cipher.NewCBCDecrypter)
}

func (c Cipher) cbc(key, iv, data []byte, mode func(cipher.Block, []byte) cipher.BlockMode) ([]byte, error) {
	block, err := c.Block(key)
	if err != nil {
		return nil, err
	}
	if len(data)%block.BlockSize() != 0 {
		return nil, fmt.Errorf("secmsg: %d bytes are not whole blocks", len(data))
	}
	if iv == nil {
		iv = make([]byte, block.BlockSize())
	}
	out := make([]byte, len(data))
	mode(block, iv).CryptBlocks(out, data)
	return out, nil
}

// MAC is the message authentication code that goes over the wire, MACSize bytes: of data padded by method 2 for 3DES
// (retail MAC, ISO 9797-1 algorithm 3), of data as it is for AES (CMAC). Secure messaging pads before AES too.
func (c Cipher) MAC(key, data []byte) ([]byte, error) {
	if c == TripleDES {
		return RetailMAC(key, Pad(data, des.BlockSize))
	}
	mac, err := CMAC(key, data)
	if err != nil {
		return nil, err
	}
	return mac[:MACSize], nil
}
