package secmsg

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des" //nolint:gosec // 9303-11 prescribes it for BAC
	"fmt"
)

// RetailMAC is ISO 9797-1 MAC algorithm 3 with DES and a key of 16 bytes, over data that is already padded to whole
// blocks (9303-11 §4.3.3.2 and §9.8.6.1). It gives 8 bytes.
func RetailMAC(key, padded []byte) ([]byte, error) {
	if len(key) != 2*des.BlockSize || len(padded) == 0 || len(padded)%des.BlockSize != 0 {
		return nil, fmt.Errorf("secmsg: retail MAC of %d bytes with a key of %d", len(padded), len(key))
	}
	first, err := des.NewCipher(key[:8])
	if err != nil {
		return nil, err
	}
	second, err := des.NewCipher(key[8:])
	if err != nil {
		return nil, err
	}
	mac := make([]byte, des.BlockSize)
	for ; len(padded) > 0; padded = padded[des.BlockSize:] {
		xor(mac, padded)
		first.Encrypt(mac, mac)
	}
	second.Decrypt(mac, mac)
	first.Encrypt(mac, mac)
	return mac, nil
}

// CMAC is AES-CMAC (NIST SP 800-38B, RFC 4493), all 16 bytes of it.
func CMAC(key, message []byte) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	k1, k2 := cmacSubkeys(block)
	mac := make([]byte, aes.BlockSize)
	for len(message) > aes.BlockSize {
		xor(mac, message[:aes.BlockSize])
		block.Encrypt(mac, mac)
		message = message[aes.BlockSize:]
	}
	if len(message) == aes.BlockSize {
		xor(mac, message)
		xor(mac, k1)
	} else {
		xor(mac, Pad(message, aes.BlockSize))
		xor(mac, k2)
	}
	block.Encrypt(mac, mac)
	return mac, nil
}

// cmacSubkeys follows SP 800-38B §6.1.
func cmacSubkeys(block cipher.Block) (k1, k2 []byte) {
	l := make([]byte, aes.BlockSize)
	block.Encrypt(l, l)
	k1 = doubled(l)
	return k1, doubled(k1)
}

// doubled multiplies by x in GF(2^128).
func doubled(b []byte) []byte {
	const reduction = 0x87
	out := make([]byte, len(b))
	carry := byte(0)
	for i := len(b) - 1; i >= 0; i-- {
		out[i] = b[i]<<1 | carry
		carry = b[i] >> 7
	}
	out[len(b)-1] ^= carry * reduction
	return out
}

// xor adds b to a, over a's length or b's, whichever is shorter.
func xor(a, b []byte) {
	for i := range min(len(a), len(b)) {
		a[i] ^= b[i]
	}
}
