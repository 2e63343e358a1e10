package cardsim

import (
	"math/big"

	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/tlv"
)

// This file is step 2 of PACE on the chip's side, ICAO 9303-11 §4.4.3.3, one function a mapping.

// mapNonce makes the generator of the nonce, by whatever the offer says.
func (p *pace) mapNonce(value []byte) ([]byte, apdu.StatusWord) {
	if p.offer.Mapping == Integrated {
		return p.mapIntegrated(value)
	}
	return p.mapGeneric(value)
}

// mapGeneric is G' = s·G + H, H the shared element of an anonymous key agreement, §4.4.3.3.1.
func (p *pace) mapGeneric(value []byte) ([]byte, apdu.StatusWord) {
	terminal, err := p.group.Decode(value)
	if err != nil {
		return nil, apdu.WrongData
	}
	private, public, err := p.group.Generate(p.random, p.group.Generator())
	if err != nil {
		return nil, apdu.NoDiagnosis
	}
	shared, err := p.group.Apply(private, terminal)
	if err != nil {
		return nil, apdu.AuthenticationFailed
	}
	if p.base, err = p.group.MapGeneric(new(big.Int).SetBytes(p.nonce), shared); err != nil {
		return nil, apdu.AuthenticationFailed
	}
	p.mapPrivate = private
	return tlv.New(tagMapChip, p.group.Encode(public)), apdu.OK
}

// mapIntegrated takes the terminal's nonce, which is as long as the key, and answers nothing, §4.4.3.3.2.
func (p *pace) mapIntegrated(value []byte) ([]byte, apdu.StatusWord) {
	if len(value) != p.offer.Cipher.KeySize() {
		return nil, apdu.WrongData
	}
	var err error
	if p.base, err = p.group.MapIntegrated(pseudorandom(p.offer.Cipher, p.nonce, value, p.group.Prime())); err != nil {
		return nil, apdu.AuthenticationFailed
	}
	return tlv.New(tagMapChip), apdu.OK
}

// nonceSize of the integrated mapping is the least number of whole blocks that are no shorter than the key; the other
// mappings use two blocks of 64 bits, or one of 128.
func (p *pace) nonceSize() int {
	const usual = 16
	size := usual
	for p.offer.Mapping == Integrated && size < p.offer.Cipher.KeySize() {
		size += p.offer.Cipher.BlockSize()
	}
	return size
}

// Constants c0 and c1 of §4.4.3.3.2 for nonces of 128 bits and of 256 bits.
const (
	c0Short = "\xA6\x68\x89\x2A\x7C\x41\xE3\xCA\x73\x9F\x40\xB0\x57\xD8\x59\x04"
	c1Short = "\xA4\xE1\x36\xAC\x72\x5F\x73\x8B\x01\xC1\xF6\x02\x17\xC1\x88\xAD"
	c0Long  = "\xD4\x63\xD6\x52\x34\x12\x4E\xF7\x89\x70\x54\x98\x6D\xCA\x0A\x17" +
		"\x4E\x28\xDF\x75\x8C\xBA\xA0\x3F\x24\x06\x16\x41\x4D\x5A\x16\x76"
	c1Long = "\x54\xBD\x72\x55\xF0\xAA\xF8\x31\xBE\xC3\x42\x3F\xCF\x39\xD6\x9B" +
		"\x6C\xBF\x06\x66\x77\xD0\xFA\xAE\x5A\xAD\xD9\x9D\xF8\xE5\x35\x17"
)

// pseudorandom is R_p(s, t) of §4.4.3.3.2. It is written apart from the terminal's, because the worked examples cover
// one cipher only.
func pseudorandom(c secmsg.Cipher, s, t []byte, prime *big.Int) *big.Int {
	const margin = 64
	c0, c1 := c0Short, c1Short
	if len(s) == len(c0Long) {
		c0, c1 = c0Long, c1Long
	}
	rounds := (prime.BitLen() + margin + 8*len(s) - 1) / (8 * len(s))
	k := mustCrypt(c.Encrypt(t, nil, s))
	x := new(big.Int)
	for range rounds {
		k = k[:c.KeySize()]
		x.Lsh(x, uint(8*len(s)))
		x.Or(x, new(big.Int).SetBytes(mustCrypt(c.Encrypt(k, nil, []byte(c1)))))
		k = mustCrypt(c.Encrypt(k, nil, []byte(c0)))
	}
	return x.Mod(x, prime)
}

// chipData is what the chip authentication mapping adds to step 4, §4.4.3.5.1: the private key of the mapping divided
// by the static one, encrypted under the new session key.
func (p *pace) chipData() []byte {
	order := p.group.Order()
	quotient := new(big.Int).ModInverse(p.static, order)
	quotient.Mul(quotient, p.mapPrivate).Mod(quotient, order)
	key := secmsg.KDF(p.secret, secmsg.CounterEncryption, p.offer.Cipher)
	block := p.offer.Cipher.BlockSize()
	ones := make([]byte, block)
	for i := range ones {
		ones[i] = 0xFF
	}
	iv := mustCrypt(p.offer.Cipher.Encrypt(key, nil, ones))
	size := (order.BitLen() + 7) / 8
	plain := secmsg.Pad(quotient.FillBytes(make([]byte, size)), block)
	return mustCrypt(p.offer.Cipher.Encrypt(key, iv, plain))
}
