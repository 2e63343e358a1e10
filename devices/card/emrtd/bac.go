package emrtd

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"errors"
	"fmt"
	"io"

	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd/secmsg"
)

// Sizes of basic access control, 9303-11 §4.3.
const (
	challengeSize  = 8
	keySeedSize    = 16
	bacPlainSize   = 2*challengeSize + keySeedSize
	bacMessageSize = bacPlainSize + secmsg.MACSize // 40: the Le of EXTERNAL AUTHENTICATE
	sscHalf        = 4
)

// bacKeys derives K_Enc and K_MAC from MRZ information, 9303-11 §4.3.2 and §9.7.2.
func bacKeys(information string) (enc, mac []byte) {
	seed := sha1.Sum([]byte(information))
	defer clear(seed[:])
	return secmsg.KDF(seed[:keySeedSize], secmsg.CounterEncryption, secmsg.TripleDES),
		secmsg.KDF(seed[:keySeedSize], secmsg.CounterMAC, secmsg.TripleDES)
}

// BAC runs basic access control with MRZ information (lds.MRZ.Information), 9303-11 §4.3. The application must be
// selected. ErrWrongKey is the chip's refusal of the key; ErrSecureMessaging means that the chip, or whoever answers
// for it, does not know the key itself; ErrAccess that the answers have not the form of the protocol.
func (c *Conn) BAC(ctx context.Context, information string) error {
	if err := c.beginAccess(); err != nil {
		return err
	}
	challenge, err := c.Send(ctx, apdu.Command{INS: apdu.InsGetChallenge, Ne: challengeSize})
	if err != nil {
		return err
	}
	if err := challenge.SW.Err(); err != nil {
		return fmt.Errorf("%w: GET CHALLENGE: %w", ErrAccess, err)
	}
	if len(challenge.Data) != challengeSize {
		return fmt.Errorf("%w: challenge of %d bytes", ErrAccess, len(challenge.Data))
	}
	c.noteChallenge(challenge.Data)
	own := make([]byte, challengeSize+keySeedSize) // RND.IFD || K.IFD
	if _, err := io.ReadFull(c.random(), own); err != nil {
		return fmt.Errorf("emrtd: random: %w", err)
	}
	defer clear(own)
	session, err := c.mutualAuthenticate(ctx, information, challenge.Data, own)
	if err != nil {
		return err
	}
	c.secure(session)
	return nil
}

// mutualAuthenticate sends E_IFD || M_IFD and checks the chip's E_IC || M_IC.
func (c *Conn) mutualAuthenticate(ctx context.Context, information string, chip, own []byte) (*secmsg.Session, error) {
	enc, mac := bacKeys(information)
	defer clear(enc)
	defer clear(mac)
	message, err := seal(enc, mac, bytes.Join([][]byte{own[:challengeSize], chip, own[challengeSize:]}, nil))
	if err != nil {
		return nil, err
	}
	r, err := c.Send(ctx, apdu.Command{INS: apdu.InsExternalAuthenticate, Data: message, Ne: bacMessageSize})
	if err != nil {
		return nil, err
	}
	if err := bacRefusal(r.SW); err != nil {
		return nil, err
	}
	plain, err := unseal(enc, mac, r.Data)
	if err != nil {
		return nil, c.die(err)
	}
	rndIC, rndIFD, keyIC := plain[:challengeSize], plain[challengeSize:2*challengeSize], plain[2*challengeSize:]
	if !bytes.Equal(rndIC, chip) || !bytes.Equal(rndIFD, own[:challengeSize]) {
		return nil, c.die(fmt.Errorf("%w: the chip's answer to BAC is for another challenge", ErrSecureMessaging))
	}
	secret := make([]byte, keySeedSize)
	for i := range secret {
		secret[i] = keyIC[i] ^ own[challengeSize+i]
	}
	defer clear(secret)
	ssc := append(append([]byte(nil), chip[sscHalf:]...), rndIFD[sscHalf:]...)
	return secmsg.Derive(secmsg.TripleDES, secret, ssc)
}

// bacRefusal sorts the answers to EXTERNAL AUTHENTICATE. 9303-11 says 6300; chips were seen to answer other words of
// the 69xx and 6Axx families to a wrong MAC, none of which a right key would get.
func bacRefusal(sw apdu.StatusWord) error {
	err := sw.Err()
	switch {
	case err == nil:
		return nil
	case errors.Is(err, apdu.ErrAuthentication), errors.Is(err, apdu.ErrSecurityStatus), errors.Is(err, apdu.ErrSecureMessagingObj),
		errors.Is(err, apdu.ErrReferenceNotFound), errors.Is(err, apdu.ErrConditions):
		return fmt.Errorf("%w: EXTERNAL AUTHENTICATE: %w", ErrWrongKey, err)
	}
	return fmt.Errorf("%w: EXTERNAL AUTHENTICATE: %w", ErrAccess, err)
}

func seal(enc, mac, plain []byte) ([]byte, error) {
	cryptogram, err := secmsg.TripleDES.Encrypt(enc, nil, plain)
	if err != nil {
		return nil, err
	}
	tag, err := secmsg.TripleDES.MAC(mac, cryptogram)
	if err != nil {
		return nil, err
	}
	return append(cryptogram, tag...), nil
}

func unseal(enc, mac, message []byte) ([]byte, error) {
	if len(message) != bacMessageSize {
		return nil, fmt.Errorf("%w: answer to BAC of %d bytes", ErrAccess, len(message))
	}
	tag, err := secmsg.TripleDES.MAC(mac, message[:bacPlainSize])
	if err != nil {
		return nil, err
	}
	if !hmac.Equal(tag, message[bacPlainSize:]) {
		return nil, fmt.Errorf("%w: answer to BAC: %w", ErrSecureMessaging, secmsg.ErrMAC)
	}
	return secmsg.TripleDES.Decrypt(enc, nil, message[:bacPlainSize])
}
