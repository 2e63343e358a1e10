package cardsim

import (
	"crypto/sha1"
	"crypto/subtle"

	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd/secmsg"
)

// Sizes of basic access control, ICAO 9303-11 §4.3.
const (
	challengeSize  = 8
	keySeedSize    = 16
	cryptogramSize = 2*challengeSize + keySeedSize
)

// mayBAC is 9000 if basic access control may be done now.
func (c *Card) mayBAC() apdu.StatusWord {
	switch {
	case c.options.NoBAC:
		return apdu.WrongINS
	case !c.application || c.session != nil:
		return apdu.ConditionsOfUse
	}
	return apdu.OK
}

func (c *Card) getChallenge(command apdu.Command) apdu.Response {
	if sw := c.mayBAC(); sw != apdu.OK {
		return refusal(sw)
	}
	if command.Ne < challengeSize || len(command.Data) > 0 {
		return refusal(apdu.WrongLength)
	}
	challenge, ok := c.random(challengeSize)
	if !ok {
		return refusal(apdu.NoDiagnosis)
	}
	c.challenge = challenge
	return success(challenge)
}

// externalAuthenticate is the chip's part of 9303-11 §4.3.1: the terminal proves that it knows the keys that follow
// from the MRZ, and both add to the session keys.
func (c *Card) externalAuthenticate(command apdu.Command) apdu.Response {
	if sw := c.mayBAC(); sw != apdu.OK {
		return refusal(sw)
	}
	challenge := c.challenge
	c.challenge = nil
	switch {
	case challenge == nil:
		return refusal(apdu.ConditionsOfUse)
	case len(command.Data) != cryptogramSize+secmsg.MACSize || command.Ne == 0:
		return refusal(apdu.WrongLength)
	}
	keys := newDocumentKeys(c.profile.MRZInformation)
	opened, genuine := keys.open(command.Data)
	if !genuine || subtle.ConstantTimeCompare(opened[challengeSize:2*challengeSize], challenge) != 1 {
		return refusal(apdu.AuthenticationFailed)
	}
	terminalChallenge, terminalKey := opened[:challengeSize], opened[2*challengeSize:]
	chipKey, ok := c.random(keySeedSize)
	if !ok {
		return refusal(apdu.NoDiagnosis)
	}
	answer := keys.seal(challenge, terminalChallenge, chipKey)
	secret := make([]byte, keySeedSize)
	subtle.XORBytes(secret, chipKey, terminalKey)
	counter := append(append([]byte(nil), challenge[challengeSize/2:]...), terminalChallenge[challengeSize/2:]...)
	c.next = newSession(secmsg.TripleDES, secret, counter)
	return success(answer)
}

// documentKeys are the document basic access keys, 9303-11 §9.7.2.
type documentKeys struct {
	encryption, mac []byte
}

func newDocumentKeys(mrzInformation string) documentKeys {
	digest := sha1.Sum([]byte(mrzInformation))
	seed := digest[:keySeedSize]
	return documentKeys{
		encryption: secmsg.KDF(seed, secmsg.CounterEncryption, secmsg.TripleDES),
		mac:        secmsg.KDF(seed, secmsg.CounterMAC, secmsg.TripleDES),
	}
}

// open checks and decrypts a cryptogram of the right size.
func (k documentKeys) open(data []byte) (plain []byte, genuine bool) {
	cryptogram, mac := data[:cryptogramSize], data[cryptogramSize:]
	wanted := mustCrypt(secmsg.TripleDES.MAC(k.mac, cryptogram))
	if subtle.ConstantTimeCompare(wanted, mac) != 1 {
		return nil, false
	}
	return mustCrypt(secmsg.TripleDES.Decrypt(k.encryption, nil, cryptogram)), true
}

func (k documentKeys) seal(parts ...[]byte) []byte {
	var plain []byte
	for _, p := range parts {
		plain = append(plain, p...)
	}
	cryptogram := mustCrypt(secmsg.TripleDES.Encrypt(k.encryption, nil, plain))
	return append(cryptogram, mustCrypt(secmsg.TripleDES.MAC(k.mac, cryptogram))...)
}
