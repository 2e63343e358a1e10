package cardsim

import (
	"crypto/sha1"
	"crypto/subtle"
	"math/big"

	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/tlv"
)

// Data objects of GENERAL AUTHENTICATE, ICAO 9303-11 §4.4.4.1, and of MSE:Set AT.
const (
	tagDynamicData   tlv.Tag = 0x7C
	tagNonce         tlv.Tag = 0x80
	tagMapTerminal   tlv.Tag = 0x81
	tagMapChip       tlv.Tag = 0x82
	tagKeyTerminal   tlv.Tag = 0x83
	tagKeyChip       tlv.Tag = 0x84
	tagTokenTerminal tlv.Tag = 0x85
	tagTokenChip     tlv.Tag = 0x86
	tagPublicKey     tlv.Tag = 0x7F49
	tagPublicPoint   tlv.Tag = 0x86

	nonceSize = 16 // s, 9303-11 §4.4.3.3
)

// pace is the chip's part of PACE-ECDH-GM-AES-CBC-CMAC-128 on brainpoolP256r1, ICAO 9303-11 §4.4.
type pace struct {
	curve    *ec.Curve
	password []byte // K of 9303-11 §9.7.3
	random   func(base ec.Point) (*big.Int, ec.Point, error)
	bytes    func(n int) ([]byte, bool)

	step        int // commands answered
	nonce       []byte
	base        ec.Point // the mapped generator
	chip, other ec.Point // ephemeral public keys
	secret      []byte
}

const paceSteps = 4

// paceProtocol is id-PACE-ECDH-GM-AES-CBC-CMAC-128 as it stands in data objects, without tag and length.
func paceProtocol() []byte { return []byte{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x02} }

// mrzPassword is K for the MRZ: its SHA-1.
func mrzPassword(information string) []byte {
	digest := sha1.Sum([]byte(information))
	return digest[:]
}

func (c *Card) newPACE(password []byte) *pace {
	curve := ec.BrainpoolP256r1()
	return &pace{
		curve: curve, password: password, bytes: c.random,
		random: func(base ec.Point) (*big.Int, ec.Point, error) { return curve.GenerateKey(c.options.Random, base) },
	}
}

// last says whether the next command is the last one: the only one that is not chained.
func (p *pace) last() bool { return p.step == paceSteps-1 }

// answer takes the terminal's data object (tag 0: none) and gives the chip's.
func (p *pace) answer(tag tlv.Tag, value []byte) ([]byte, apdu.StatusWord) {
	steps := [paceSteps]struct {
		tag tlv.Tag
		do  func([]byte) ([]byte, apdu.StatusWord)
	}{{0, p.encryptNonce}, {tagMapTerminal, p.mapNonce}, {tagKeyTerminal, p.agree}, {tagTokenTerminal, p.confirm}}
	now := steps[p.step]
	if tag != now.tag {
		return nil, apdu.WrongData
	}
	p.step++
	return now.do(value)
}

func (p *pace) encryptNonce([]byte) ([]byte, apdu.StatusWord) {
	nonce, ok := p.bytes(nonceSize)
	if !ok {
		return nil, apdu.NoDiagnosis
	}
	p.nonce = nonce
	key := secmsg.KDF(p.password, secmsg.CounterPassword, sessionCipher)
	return tlv.New(tagNonce, mustCrypt(sessionCipher.Encrypt(key, nil, nonce))), apdu.OK
}

// mapNonce is the generic mapping, 9303-11 §4.4.3.3.2: G' = s·G + H, H the shared point of an anonymous key agreement.
func (p *pace) mapNonce(value []byte) ([]byte, apdu.StatusWord) {
	terminal, err := p.curve.Decode(value)
	if err != nil {
		return nil, apdu.WrongData
	}
	private, public, err := p.random(p.curve.Generator())
	if err != nil {
		return nil, apdu.NoDiagnosis
	}
	scaled := p.curve.Multiply(new(big.Int).SetBytes(p.nonce), p.curve.Generator())
	p.base = p.curve.Add(scaled, p.curve.Multiply(private, terminal))
	if p.base.Infinity() {
		return nil, apdu.AuthenticationFailed
	}
	return tlv.New(tagMapChip, p.curve.Encode(public)), apdu.OK
}

func (p *pace) agree(value []byte) ([]byte, apdu.StatusWord) {
	terminal, err := p.curve.Decode(value)
	if err != nil {
		return nil, apdu.WrongData
	}
	private, public, err := p.random(p.base)
	if err != nil {
		return nil, apdu.NoDiagnosis
	}
	if terminal.Equal(public) { // 9303-11 §4.4.1 step 3 d
		return nil, apdu.AuthenticationFailed
	}
	p.chip, p.other = public, terminal
	p.secret = p.curve.EncodeX(p.curve.Multiply(private, terminal))
	return tlv.New(tagKeyChip, p.curve.Encode(public)), apdu.OK
}

// confirm: the token can only be right if both had the same password. A wrong one is answered 6300.
func (p *pace) confirm(value []byte) ([]byte, apdu.StatusWord) {
	if subtle.ConstantTimeCompare(value, p.token(p.chip)) != 1 {
		return nil, apdu.AuthenticationFailed
	}
	return tlv.New(tagTokenChip, p.token(p.other)), apdu.OK
}

// token is the MAC over the other side's public key, 9303-11 §4.4.3.4.
func (p *pace) token(point ec.Point) []byte {
	object := tlv.New(tagPublicKey, tlv.New(tagOID, paceProtocol()), tlv.New(tagPublicPoint, p.curve.Encode(point)))
	return mustCrypt(sessionCipher.MAC(secmsg.KDF(p.secret, secmsg.CounterMAC, sessionCipher), object))
}
