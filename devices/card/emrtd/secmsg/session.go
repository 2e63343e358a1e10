package secmsg

import (
	"bytes"
	"crypto/hmac"
	"errors"
	"fmt"

	"motcua/devices/card/apdu"
	"motcua/devices/card/tlv"
)

// Errors of a Session. All but ErrPlainStatus mean that somebody changed, lost or invented bytes on the way.
var (
	ErrDead        = errors.New("secmsg: session has ended")
	ErrMAC         = errors.New("secmsg: wrong MAC or padding") // the two are not told apart, so that nobody learns which
	ErrStatus      = errors.New("secmsg: protected status word differs from the one outside")
	ErrUnprotected = errors.New("secmsg: response without the objects of secure messaging")
	ErrFormat      = errors.New("secmsg: response is malformed")
	// ErrPlainStatus: the card answered a bare error, which by 9303-11 §9.8.3 means that it ended the session. The
	// chain also holds the *apdu.StatusError. Being unprotected, it may also be a forgery.
	ErrPlainStatus = errors.New("secmsg: card ended the session")
)

// Data objects of secure messaging, 9303-11 §9.8.4.
const (
	tagCryptogramOdd tlv.Tag = 0x85 // of odd INS: no padding indicator
	tagCryptogram    tlv.Tag = 0x87 // padding indicator 01 and cryptogram
	tagLe            tlv.Tag = 0x97
	tagStatus        tlv.Tag = 0x99
	tagMAC           tlv.Tag = 0x8E

	paddingIndicator = 0x01 // ISO 9797-1 method 2, or proprietary
)

// Session is the terminal's end of one secure messaging session. It is used by one goroutine at a time.
type Session struct {
	cipher          Cipher
	encryption, mac []byte
	ssc             []byte
	dead            error
	waiting         bool // a command is out whose response has not come
	odd             bool // of that command
}

// NewSession begins a session with the keys KSenc and KSmac and the send sequence counter as it stands before the
// first command (BlockSize bytes; nil means zero, which is what PACE and chip authentication begin with).
func NewSession(c Cipher, encryption, mac, ssc []byte) (*Session, error) {
	for _, key := range [][]byte{encryption, mac} {
		if _, err := c.Block(key); err != nil {
			return nil, err
		}
	}
	if ssc == nil {
		ssc = make([]byte, c.BlockSize())
	}
	if len(ssc) != c.BlockSize() {
		return nil, fmt.Errorf("secmsg: send sequence counter of %d bytes for %s", len(ssc), c)
	}
	clone := func(b []byte) []byte { return append([]byte(nil), b...) }
	return &Session{cipher: c, encryption: clone(encryption), mac: clone(mac), ssc: clone(ssc)}, nil
}

// Derive begins a session with the keys that follow from a shared secret (9303-11 §9.7.1).
func Derive(c Cipher, secret, ssc []byte) (*Session, error) {
	return NewSession(c, KDF(secret, CounterEncryption, c), KDF(secret, CounterMAC, c), ssc)
}

// Cipher is what the session encrypts with.
func (s *Session) Cipher() Cipher { return s.cipher }

// Dead is nil as long as the session can be used, and why it ended after that.
func (s *Session) Dead() error { return s.dead }

// Kill ends the session and wipes its keys. The first reason stays.
func (s *Session) Kill(reason error) {
	if s.dead != nil {
		return
	}
	s.dead = reason
	clear(s.encryption)
	clear(s.mac)
	clear(s.ssc)
}

// Protect wraps a plain command, 9303-11 §9.8.4 and figures 3 and 5: DO'87' (DO'85' of an odd INS) with the data,
// DO'97' with Le, DO'8E' with the MAC. The result asks for 256 bytes, or for 65536 if c is Extended; c.Ne may be
// anything up to that. The counter moves on, so the response has to go to Unprotect before the next command.
func (s *Session) Protect(c apdu.Command) (apdu.Command, error) {
	if s.dead != nil {
		return apdu.Command{}, fmt.Errorf("%w: %w", ErrDead, s.dead)
	}
	if s.waiting {
		return apdu.Command{}, s.fail(fmt.Errorf("%w: command before the response to the last one", ErrFormat))
	}
	if _, err := c.Encode(); err != nil {
		return apdu.Command{}, s.fail(err)
	}
	c.CLA |= apdu.ClassSecure
	s.count()
	body, err := s.commandObjects(c)
	if err != nil {
		return apdu.Command{}, s.fail(err)
	}
	mac, err := s.commandMAC(c, body)
	if err != nil {
		return apdu.Command{}, s.fail(err)
	}
	s.waiting, s.odd = true, c.INS&1 == 1
	c.Data = append(body, tlv.New(tagMAC, mac)...)
	c.Ne = apdu.MaxShortNe
	if c.Extended {
		c.Ne = apdu.MaxExtendedNe
	}
	return c, nil
}

// Recall takes the place of Protect for a protected command that was sent before, in a session with the same keys: it
// checks the command's MAC and moves the counter on, so that the response can go to Unprotect.
func (s *Session) Recall(c apdu.Command) error {
	if s.dead != nil || s.waiting {
		return ErrDead
	}
	s.count()
	end := len(c.Data) - 2 - MACSize
	if end < 0 {
		return s.fail(fmt.Errorf("%w: command of %d bytes", ErrFormat, len(c.Data)))
	}
	body := c.Data[:end]
	mac, err := s.commandMAC(c, body)
	if err != nil {
		return s.fail(err)
	}
	if !bytes.Equal(c.Data[end:], tlv.New(tagMAC, mac)) {
		return s.fail(ErrMAC)
	}
	s.waiting, s.odd = true, c.INS&1 == 1
	return nil
}

// commandMAC is the MAC over counter, header and objects of a command.
func (s *Session) commandMAC(c apdu.Command, body []byte) ([]byte, error) {
	covered := append(append([]byte(nil), s.ssc...), Pad([]byte{c.CLA, c.INS, c.P1, c.P2}, s.cipher.BlockSize())...)
	return s.authenticate(append(covered, body...), len(body) > 0)
}

// commandObjects builds the objects before the MAC.
func (s *Session) commandObjects(c apdu.Command) ([]byte, error) {
	var body []byte
	if len(c.Data) > 0 {
		cryptogram, err := s.encrypt(c.Data)
		if err != nil {
			return nil, err
		}
		if c.INS&1 == 1 {
			body = tlv.New(tagCryptogramOdd, cryptogram)
		} else {
			body = tlv.New(tagCryptogram, []byte{paddingIndicator}, cryptogram)
		}
	}
	if c.Ne > 0 {
		body = append(body, tlv.New(tagLe, encodeLe(c))...)
	}
	return body, nil
}

// encodeLe is Le as it would stand in the plain command: one byte, or two in an extended one.
func encodeLe(c apdu.Command) []byte {
	if c.Extended {
		return []byte{byte(c.Ne >> 8), byte(c.Ne)}
	}
	return []byte{byte(c.Ne)}
}

// Unprotect checks and opens the response to the last protected command: MAC first, in constant time, then DO'99'
// against the status word outside, then the data. The status word may be a warning or an error; that it is genuine is
// all that Unprotect says. Any failure ends the session.
func (s *Session) Unprotect(r apdu.Response) (apdu.Response, error) {
	if s.dead != nil {
		return apdu.Response{}, fmt.Errorf("%w: %w", ErrDead, s.dead)
	}
	if !s.waiting {
		return apdu.Response{}, s.fail(fmt.Errorf("%w: response without a command", ErrFormat))
	}
	s.waiting = false
	s.count()
	opened, err := s.open(r)
	if err != nil {
		return apdu.Response{}, s.fail(err)
	}
	return opened, nil
}

func (s *Session) open(r apdu.Response) (apdu.Response, error) {
	if len(r.Data) == 0 {
		if r.SW == apdu.OK {
			return apdu.Response{}, fmt.Errorf("%w: 9000 and nothing else", ErrUnprotected)
		}
		return apdu.Response{}, fmt.Errorf("%w: %w", ErrPlainStatus, r.SW.Err())
	}
	o, err := s.readObjects(r.Data)
	if err != nil {
		return apdu.Response{}, err
	}
	mac, err := s.authenticate(append(append([]byte(nil), s.ssc...), o.covered...), true)
	if err != nil {
		return apdu.Response{}, err
	}
	if !hmac.Equal(mac, o.mac) {
		return apdu.Response{}, ErrMAC
	}
	if apdu.StatusWord(o.status[0])<<8|apdu.StatusWord(o.status[1]) != r.SW {
		return apdu.Response{}, ErrStatus
	}
	data, err := s.decrypt(o.cryptogram)
	if err != nil {
		return apdu.Response{}, err
	}
	return apdu.Response{Data: data, SW: r.SW}, nil
}

// responseObjects are the parts of a protected response.
type responseObjects struct {
	cryptogram, status, mac []byte
	covered                 []byte // what the MAC is over, without the counter
}

// readObjects takes exactly [DO'87' or DO'85'] DO'99' DO'8E', in this order (9303-11 figures 4 and 6).
func (s *Session) readObjects(data []byte) (responseObjects, error) {
	objects, err := tlv.Parse(data)
	if err != nil {
		return responseObjects{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	var o responseObjects
	if len(objects) == 3 {
		if o.cryptogram, err = s.cryptogramOf(objects[0]); err != nil {
			return responseObjects{}, err
		}
		objects = objects[1:]
	}
	if len(objects) != 2 || objects[0].Tag != tagStatus || objects[1].Tag != tagMAC {
		return responseObjects{}, fmt.Errorf("%w: %d data objects", ErrUnprotected, len(objects))
	}
	o.status, o.mac = objects[0].Value, objects[1].Value
	if len(o.status) != 2 || len(o.mac) != MACSize {
		return responseObjects{}, fmt.Errorf("%w: status of %d bytes, MAC of %d", ErrFormat, len(o.status), len(o.mac))
	}
	o.covered = data[:len(data)-len(objects[1].Raw)]
	return o, nil
}

func (s *Session) cryptogramOf(o tlv.Object) ([]byte, error) {
	value := o.Value
	switch {
	case o.Tag == tagCryptogramOdd && s.odd:
	case o.Tag == tagCryptogram && !s.odd && len(value) > 0 && value[0] == paddingIndicator:
		value = value[1:]
	default:
		return nil, fmt.Errorf("%w: data in object %s", ErrFormat, o.Tag)
	}
	if len(value) == 0 || len(value)%s.cipher.BlockSize() != 0 {
		return nil, fmt.Errorf("%w: cryptogram of %d bytes", ErrFormat, len(value))
	}
	return value, nil
}

// authenticate computes the MAC over counter and objects. pad is false where only the header, padded already, stands
// after the counter: nothing is added then (9303-11 §9.8.4).
func (s *Session) authenticate(message []byte, pad bool) ([]byte, error) {
	if pad {
		message = Pad(message, s.cipher.BlockSize())
	}
	if s.cipher == TripleDES {
		return RetailMAC(s.mac, message)
	}
	return s.cipher.MAC(s.mac, message)
}

// count moves the send sequence counter on by one, 9303-11 §9.8.2. It cannot wrap in a session that a person sees.
func (s *Session) count() {
	for i := len(s.ssc) - 1; i >= 0; i-- {
		if s.ssc[i]++; s.ssc[i] != 0 {
			return
		}
	}
}

// iv is zero for 3DES and the encrypted counter for AES, 9303-11 §9.8.6.1 and §9.8.7.1.
func (s *Session) iv() ([]byte, error) {
	if s.cipher == TripleDES {
		return nil, nil
	}
	return s.cipher.Encrypt(s.encryption, nil, s.ssc)
}

func (s *Session) encrypt(data []byte) ([]byte, error) {
	iv, err := s.iv()
	if err != nil {
		return nil, err
	}
	return s.cipher.Encrypt(s.encryption, iv, Pad(data, s.cipher.BlockSize()))
}

// decrypt opens a cryptogram; none is no data. The padding was under the MAC, so a wrong one is no oracle; it is
// the same error all the same.
func (s *Session) decrypt(cryptogram []byte) ([]byte, error) {
	if len(cryptogram) == 0 {
		return nil, nil
	}
	iv, err := s.iv()
	if err != nil {
		return nil, err
	}
	padded, err := s.cipher.Decrypt(s.encryption, iv, cryptogram)
	if err != nil {
		return nil, err
	}
	data, err := Unpad(padded, s.cipher.BlockSize())
	if err != nil {
		return nil, ErrMAC
	}
	return data, nil
}

func (s *Session) fail(err error) error {
	s.Kill(err)
	return err
}

// Overhead limits: objects of a protected response beside the data.
const (
	statusObjectSize = 4           // 99 02 SW
	macObjectSize    = 2 + MACSize // 8E 08 MAC
)

// ProtectedSize is the length of the response data field that carries n plain bytes.
func (c Cipher) ProtectedSize(n int, odd bool) int {
	if n == 0 {
		return statusObjectSize + macObjectSize
	}
	block := c.BlockSize()
	value := (n/block + 1) * block
	if !odd {
		value++
	}
	return len(tlv.New(tagCryptogram, make([]byte, value))) + statusObjectSize + macObjectSize
}

// Capacity is the largest number of plain bytes whose protected response data field is at most limit bytes: 231 for
// 3DES and 223 for AES in a short APDU.
func (c Cipher) Capacity(limit int, odd bool) int {
	n := limit
	for n > 0 && c.ProtectedSize(n, odd) > limit {
		n--
	}
	return n
}

// CommandCapacity is the largest number of plain bytes that fit into a protected command of an even instruction whose
// data field is at most limit bytes: DO'87', DO'97' and DO'8E' around them.
func (c Cipher) CommandCapacity(limit int) int {
	const expectedSize = 4 // 97 02 Le, or 97 01 Le
	return c.Capacity(limit-expectedSize+statusObjectSize, false)
}
