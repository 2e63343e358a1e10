package cardsim

import (
	"crypto/subtle"

	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/tlv"
)

// Data objects of secure messaging, ICAO 9303-11 §9.8.4.
const (
	tagCryptogramOdd tlv.Tag = 0x85 // of odd instructions: no padding indicator
	tagCryptogram    tlv.Tag = 0x87
	tagLe            tlv.Tag = 0x97
	tagStatus        tlv.Tag = 0x99
	tagMAC           tlv.Tag = 0x8E
	tagUnknown       tlv.Tag = 0x9B // of no meaning; odd, so that the MAC would cover it (ISO 7816-4 §10.2)

	paddingISO = 0x01 // ISO 9797-1 method 2
)

// session is the chip's end of secure messaging. The terminal's end is secmsg.Session; this one is written apart from
// it, so that they can judge each other.
type session struct {
	cipher          secmsg.Cipher
	encryption, mac []byte
	counter         []byte // moves once for each command and once for each answer
}

// newSession derives the keys from what was agreed on. counter nil is zero.
func newSession(c secmsg.Cipher, secret, counter []byte) *session {
	if counter == nil {
		counter = make([]byte, c.BlockSize())
	}
	return &session{
		cipher:     c,
		encryption: secmsg.KDF(secret, secmsg.CounterEncryption, c),
		mac:        secmsg.KDF(secret, secmsg.CounterMAC, c),
		counter:    counter,
	}
}

func (s *session) step() {
	for i := len(s.counter) - 1; i >= 0; i-- {
		s.counter[i]++
		if s.counter[i] != 0 {
			return
		}
	}
}

// authenticate is the MAC over the counter and blocks, each of them padded by itself unless it is empty.
func (s *session) authenticate(blocks ...[]byte) []byte {
	message := append([]byte(nil), s.counter...)
	for _, b := range blocks {
		if len(b) > 0 {
			message = append(message, secmsg.Pad(b, s.cipher.BlockSize())...)
		}
	}
	var mac []byte
	var err error
	if s.cipher == secmsg.TripleDES {
		mac, err = secmsg.RetailMAC(s.mac, message)
	} else {
		mac, err = s.cipher.MAC(s.mac, message)
	}
	if err != nil {
		panic("cardsim: " + err.Error()) // key and block sizes are this package's own
	}
	return mac
}

// iv is zero for 3DES and the encrypted counter for AES (9303-11 §9.8.6.1, §9.8.7.1).
func (s *session) iv() []byte {
	if s.cipher == secmsg.TripleDES {
		return nil
	}
	return mustCrypt(s.cipher.Encrypt(s.encryption, nil, s.counter))
}

func mustCrypt(out []byte, err error) []byte {
	if err != nil {
		panic("cardsim: " + err.Error()) // whole blocks are ensured before
	}
	return out
}

// unprotect opens a protected command: Data and Ne of the result are those of the command inside. Otherwise the status
// word says what is wrong: 6987 an object is missing, 6988 one is not as it should be.
func (s *session) unprotect(c apdu.Command) (apdu.Command, apdu.StatusWord) {
	s.step()
	objects, err := tlv.Parse(c.Data)
	if err != nil {
		return c, apdu.SMObjectWrong
	}
	given, sw := sortOut(objects, c.INS)
	if sw != apdu.OK {
		return c, sw
	}
	covered := c.Data[:len(c.Data)-len(given[tagMAC].Raw)]
	mac := s.authenticate([]byte{c.CLA, c.INS, c.P1, c.P2}, covered)
	if subtle.ConstantTimeCompare(mac, given[tagMAC].Value) != 1 {
		return c, apdu.SMObjectWrong
	}
	inner := apdu.Command{CLA: c.CLA &^ apdu.ClassSecure, INS: c.INS, P1: c.P1, P2: c.P2, Extended: c.Extended}
	if inner.Data, sw = s.commandData(given); sw != apdu.OK {
		return c, sw
	}
	inner.Ne, sw = commandNe(given)
	return inner, sw
}

// sortOut takes exactly [DO'87' or DO'85'] [DO'97'] DO'8E', in this order: an object too many is refused, not skipped.
func sortOut(objects []tlv.Object, ins byte) (map[tlv.Tag]tlv.Object, apdu.StatusWord) {
	order := []tlv.Tag{tagCryptogram, tagLe, tagMAC}
	if ins&1 == 1 {
		order[0] = tagCryptogramOdd
	}
	if _, found := tlv.Find(objects, tagMAC); !found {
		return nil, apdu.SMObjectMissing
	}
	given := map[tlv.Tag]tlv.Object{}
	for _, o := range objects {
		for len(order) > 0 && order[0] != o.Tag {
			order = order[1:]
		}
		if len(order) == 0 {
			return nil, apdu.SMObjectWrong
		}
		given[o.Tag], order = o, order[1:]
	}
	return given, apdu.OK
}

func (s *session) commandData(given map[tlv.Tag]tlv.Object) ([]byte, apdu.StatusWord) {
	object, even := given[tagCryptogram]
	value := object.Value
	if even {
		if len(value) == 0 || value[0] != paddingISO {
			return nil, apdu.SMObjectWrong
		}
		value = value[1:]
	} else if object, even = given[tagCryptogramOdd]; even {
		value = object.Value
	} else {
		return nil, apdu.OK
	}
	block := s.cipher.BlockSize()
	if len(value) == 0 || len(value)%block != 0 {
		return nil, apdu.SMObjectWrong
	}
	data, err := secmsg.Unpad(mustCrypt(s.cipher.Decrypt(s.encryption, s.iv(), value)), block)
	if err != nil {
		return nil, apdu.SMObjectWrong
	}
	return data, apdu.OK
}

// commandNe reads DO'97': one byte or two, zero standing for the most that form can say. Without it Ne is 0.
func commandNe(given map[tlv.Tag]tlv.Object) (int, apdu.StatusWord) {
	object, found := given[tagLe]
	if !found {
		return 0, apdu.OK
	}
	switch v := object.Value; len(v) {
	case 1:
		return (int(v[0])+apdu.MaxShortNe-1)%apdu.MaxShortNe + 1, apdu.OK
	case 2:
		return (int(v[0])<<8+int(v[1])+apdu.MaxExtendedNe-1)%apdu.MaxExtendedNe + 1, apdu.OK
	}
	return 0, apdu.SMObjectWrong
}

// protect wraps an answer. The lie of a fault goes in under a right MAC.
func (s *session) protect(r apdu.Response, odd bool, lie lie) []byte {
	s.step()
	parts := [][]byte{s.dataObject(r.Data, odd, lie), nil, statusObject(r.SW, lie)}
	if lie.extra {
		parts[1] = tlv.New(tagUnknown, []byte{1})
	}
	if lie.swap {
		parts[0], parts[2] = parts[2], parts[0]
	}
	objects := join(parts...)
	mac := append(s.authenticate(objects), make([]byte, max(0, lie.longerMAC))...)
	objects = append(objects, tlv.New(tagMAC, mac[:secmsg.MACSize+lie.longerMAC])...)
	return apdu.Response{Data: objects, SW: r.SW}.Encode()
}

func statusObject(sw apdu.StatusWord, lie lie) []byte {
	if lie.omitStatus {
		return nil
	}
	if lie.statusInside != 0 {
		sw = lie.statusInside
	}
	return tlv.New(tagStatus, []byte{byte(sw >> 8), byte(sw)})
}

// dataObject is DO'87', or DO'85' of an odd instruction; no data, no object.
func (s *session) dataObject(data []byte, odd bool, lie lie) []byte {
	if len(data) == 0 || lie.omitData {
		return nil
	}
	padded := secmsg.Pad(data, s.cipher.BlockSize())
	if lie.noPadding {
		padded[len(data)] = 0
	}
	cryptogram := mustCrypt(s.cipher.Encrypt(s.encryption, s.iv(), padded))
	tag, indicator := tagCryptogram, []byte{paddingISO}
	if lie.indicator != nil {
		indicator = lie.indicator
	}
	if odd {
		tag, indicator = tagCryptogramOdd, nil
	}
	value := join(indicator, cryptogram)
	switch {
	case lie.longForm:
		return join([]byte{byte(tag), 0x83, 0, byte(len(value) >> 8), byte(len(value))}, value)
	case lie.endless:
		return join([]byte{byte(tag), 0x80}, value, []byte{0, 0})
	}
	return tlv.New(tag, value)
}
