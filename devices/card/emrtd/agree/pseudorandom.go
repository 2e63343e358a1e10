package agree

import (
	"encoding/hex"
	"math/big"

	"motcua/devices/card/emrtd/secmsg"
)

// Constants of the pseudo-random function of PACE's integrated mapping, 9303-11 §4.4.3.3.2: c0 for the next key, c1 for
// the output, for blocks of 128 and of 256 bits.
const (
	short0 = "a668892a7c41e3ca739f40b057d85904"
	short1 = "a4e136ac725f738b01c1f60217c188ad"
	long0  = "d463d65234124ef7897054986dca0a174e28df758cbaa03f240616414d5a1676"
	long1  = "54bd7255f0aaf831bec3423fcf39d69b6cbf066677d0faae5aadd99df8e53517"
)

// NonceSize is how many bytes the chip's nonce has where the integrated mapping is used: whole blocks, no fewer than the
// key.
func NonceSize(c secmsg.Cipher) int {
	if c == secmsg.AES192 || c == secmsg.AES256 {
		return 32
	}
	return 16
}

// Pseudorandom is R_p(s, t) of 9303-11 §4.4.3.3.2: a number below the prime from the chip's nonce s and the terminal's
// nonce t, which is as long as the cipher's key.
func Pseudorandom(c secmsg.Cipher, prime *big.Int, s, t []byte) (*big.Int, error) {
	const surplus = 64 // bits beyond the prime's, which make the bias negligible
	next, output := constants(c)
	key, err := c.Encrypt(t, nil, s)
	if err != nil {
		return nil, err
	}
	var bits []byte
	for 8*len(bits) < prime.BitLen()+surplus {
		x, err := c.Encrypt(key[:c.KeySize()], nil, output)
		if err != nil {
			return nil, err
		}
		bits = append(bits, x...)
		if key, err = c.Encrypt(key[:c.KeySize()], nil, next); err != nil {
			return nil, err
		}
	}
	x := new(big.Int).SetBytes(bits)
	return x.Mod(x, prime), nil
}

func constants(c secmsg.Cipher) (next, output []byte) {
	if NonceSize(c) == len(long0)/2 {
		return mustHex(long0), mustHex(long1)
	}
	return mustHex(short0), mustHex(short1)
}

func mustHex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic("agree: constants") // of this file
	}
	return b
}
