package emrtd

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"errors"
	"fmt"
	"math/big"

	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd/agree"
	"motcua/devices/card/emrtd/der"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/tlv"
)

// Data objects of MSE:Set AT and GENERAL AUTHENTICATE, 9303-11 §4.4.4.
const (
	tagProtocol    tlv.Tag = 0x80
	tagPasswordRef tlv.Tag = 0x83
	tagDomain      tlv.Tag = 0x84

	tagDynamic   tlv.Tag = 0x7C
	tagNonce     tlv.Tag = 0x80
	tagMapOwn    tlv.Tag = 0x81
	tagMapChip   tlv.Tag = 0x82
	tagAgreeOwn  tlv.Tag = 0x83
	tagAgreeChip tlv.Tag = 0x84
	tagTokenOwn  tlv.Tag = 0x85
	tagTokenChip tlv.Tag = 0x86
	tagChipData  tlv.Tag = 0x8A // of the chip authentication mapping, encrypted
	tagPublicKey tlv.Tag = 0x7F49

	msePACEp1, msePACEp2 byte = 0xC1, 0xA4
	nonceSize                 = 16 // of the generic mappings: one block of AES, or two of 3DES
)

// Password references of 9303-11 §4.4.4.1.
const (
	refMRZ byte = 0x01
	refCAN byte = 0x02
)

// Password is what PACE proves knowledge of.
type Password struct {
	reference byte
	secret    []byte
}

// CAN is the card access number; on Vietnam's citizen card the last six digits of the personal number.
func CAN(number string) Password { return Password{refCAN, []byte(number)} }

// MRZ is the machine readable zone: SHA-1 of the MRZ information (9303-11 §9.7.3).
func MRZ(information string) Password {
	sum := sha1.Sum([]byte(information))
	return Password{refMRZ, sum[:]}
}

// pace is one run of the protocol.
type pace struct {
	conn  *Conn
	info  lds.PACEInfo
	group agree.Group
	oid   []byte

	mapped agree.Element // the chip's public key of the mapping, which CAM refers to
}

// Supported says whether PACE can be run as info has it.
func Supported(info lds.PACEInfo) bool {
	g, ok := agree.ByID(info.Parameters())
	if !ok {
		return false
	}
	numbers := info.Mapping == lds.DHGenericMapping || info.Mapping == lds.DHIntegratedMapping
	const firstCurve = 8
	unmappable := info.Mapping == lds.ECDHIntegratedMapping && g.Name() == "secp224r1" // 9303-11 appendix B.2 needs p = 3 mod 4
	return numbers == (info.Parameters() < firstCurve) && !unmappable
}

// Best is the strongest offer that can be run: a mapping that also authenticates the chip, then the longest key, then
// curves before numbers, which take the chip longer, then the largest parameters. ErrUnsupported if there is none.
func Best(offers []lds.PACEInfo) (lds.PACEInfo, error) {
	var best lds.PACEInfo
	for _, o := range offers {
		if Supported(o) && (best.OID == "" || stronger(o, best)) {
			best = o
		}
	}
	if best.OID == "" {
		return best, fmt.Errorf("%w: %d kinds of PACE offered", ErrUnsupported, len(offers))
	}
	return best, nil
}

func stronger(a, b lds.PACEInfo) bool {
	authenticates := func(i lds.PACEInfo) bool { return i.Mapping == lds.ECDHChipAuthenticationMapping }
	switch {
	case authenticates(a) != authenticates(b):
		return authenticates(a)
	case a.Cipher != b.Cipher:
		return a.Cipher > b.Cipher
	}
	return a.Parameters() > b.Parameters() // curves have the higher ids, and larger ones higher still
}

// PACE runs the protocol of 9303-11 §4.4 with the mapping, cipher and domain parameters that info names. ErrNoPACE and
// ErrKeyNotKnown come from MSE:Set AT, before anything is tried; ErrWrongKey is the chip's refusal of our token (a
// *WrongKeyError where the chip counts); ErrSecureMessaging means that the chip's own token is wrong.
func (c *Conn) PACE(ctx context.Context, info lds.PACEInfo, password Password) error {
	if err := c.beginAccess(); err != nil {
		return err
	}
	group, ok := agree.ByID(info.Parameters())
	if !ok || !Supported(info) {
		return fmt.Errorf("%w: PACE %s with parameters %d", ErrUnsupported, info.OID, info.ParameterID)
	}
	oid, err := der.EncodeOID(info.OID)
	if err != nil {
		return err
	}
	p := &pace{conn: c, info: info, group: group, oid: oid}
	if err := p.set(ctx, password.reference); err != nil {
		return err
	}
	secret, chipData, err := p.run(ctx, password)
	if err != nil {
		return err
	}
	defer clear(secret)
	session, err := secmsg.Derive(info.Cipher, secret, nil)
	if err != nil {
		return err
	}
	if info.Mapping == lds.ECDHChipAuthenticationMapping {
		c.mapping = p.chipMapping(secret, chipData)
	}
	c.secure(session)
	return nil
}

// set is MSE:Set AT. The domain parameters are named only where the chip offers several (9303-11 §4.4.4.1): a chip
// that offers one may refuse an object too many.
func (p *pace) set(ctx context.Context, reference byte) error {
	data := append(tlv.New(tagProtocol, p.oid), tlv.New(tagPasswordRef, []byte{reference})...)
	if p.info.Ambiguous {
		data = append(data, tlv.New(tagDomain, []byte{byte(p.info.ParameterID)})...)
	}
	r, err := p.conn.Send(ctx, apdu.Command{INS: apdu.InsManageSecurityEnvironment, P1: msePACEp1, P2: msePACEp2, Data: data})
	if err != nil {
		return err
	}
	switch err := r.SW.Err(); {
	// 63Cx is a warning: the password is accepted, x tries are left (9303-11 §4.4.4.1).
	case err == nil, r.SW&0xFFF0 == 0x63C0:
		return nil
	case errors.Is(err, apdu.ErrReferenceNotFound):
		return fmt.Errorf("%w: %w", ErrKeyNotKnown, err)
	default:
		return fmt.Errorf("%w: %w: MSE:Set AT: %w", ErrAccess, ErrNoPACE, err)
	}
}

// run is the four GENERAL AUTHENTICATE commands; it returns the shared secret, and the chip's encrypted data of CAM.
func (p *pace) run(ctx context.Context, password Password) (secret, chipData []byte, err error) {
	nonce, err := p.nonce(ctx, password)
	if err != nil {
		return nil, nil, err
	}
	defer clear(nonce)
	generator, err := p.mapNonce(ctx, nonce)
	if err != nil {
		return nil, nil, err
	}
	private, own, err := p.group.Generate(p.conn.random(), generator)
	if err != nil {
		return nil, nil, err
	}
	chip, shared, err := p.exchange(ctx, private, own, tagAgreeOwn, tagAgreeChip)
	if err != nil {
		return nil, nil, err
	}
	secret = p.group.Secret(shared)
	chipData, err = p.confirm(ctx, secret, own, chip)
	return secret, chipData, err
}

// nonce is step 1: the chip's random number, encrypted with the password's key.
func (p *pace) nonce(ctx context.Context, password Password) ([]byte, error) {
	encrypted, err := p.step(ctx, 0, nil, tagNonce)
	if err != nil {
		return nil, err
	}
	size := nonceSize
	if p.integrated() {
		size = agree.NonceSize(p.info.Cipher)
	}
	if len(encrypted) != size {
		return nil, fmt.Errorf("%w: nonce of %d bytes", ErrAccess, len(encrypted))
	}
	key := secmsg.KDF(password.secret, secmsg.CounterPassword, p.info.Cipher)
	defer clear(key)
	return p.info.Cipher.Decrypt(key, nil, encrypted)
}

// exchange sends our public key, checks the chip's, and returns it with the shared element. The chip's must be in the
// group and not our own sent back (9303-11 §4.4.1: the keys differ).
func (p *pace) exchange(ctx context.Context, private *big.Int, own agree.Element, ownTag, chipTag tlv.Tag) (chip, shared agree.Element, err error) {
	raw, err := p.step(ctx, ownTag, p.group.Encode(own), chipTag)
	if err != nil {
		return chip, shared, err
	}
	if chip, err = p.group.Decode(raw); err != nil {
		return chip, shared, fmt.Errorf("%w: the chip's public key: %w", ErrAccess, err)
	}
	if p.group.Same(chip, own) {
		return chip, shared, fmt.Errorf("%w: the chip sent our own public key back", ErrAccess)
	}
	if shared, err = p.group.Apply(private, chip); err != nil {
		return chip, shared, fmt.Errorf("%w: %w", ErrAccess, err)
	}
	return chip, shared, nil
}

// confirm is step 4: tokens over the other side's public key (9303-11 §4.4.3.4). With the chip authentication mapping the
// answer also holds the chip's encrypted data; in other mappings whatever stands there is passed over.
func (p *pace) confirm(ctx context.Context, secret []byte, own, chip agree.Element) (chipData []byte, err error) {
	key := secmsg.KDF(secret, secmsg.CounterMAC, p.info.Cipher)
	defer clear(key)
	token, err := p.token(key, chip)
	if err != nil {
		return nil, err
	}
	objects, err := p.steps(ctx, tagTokenOwn, token, tagTokenChip)
	if errors.Is(err, apdu.ErrAuthentication) || errors.Is(err, apdu.ErrBlocked) {
		return nil, wrongKey(err)
	}
	if err != nil {
		return nil, err
	}
	want, err := p.token(key, own)
	if err != nil {
		return nil, err
	}
	if !hmac.Equal(objects[0].Value, want) {
		return nil, p.conn.die(fmt.Errorf("%w: the chip's PACE token is wrong", ErrSecureMessaging))
	}
	if o, ok := tlv.Find(objects, tagChipData); ok {
		chipData = o.Value
	}
	return chipData, nil
}

// token is the MAC over a public key data object, 9303-11 §4.4.3.4 and §9.4.5.
func (p *pace) token(key []byte, e agree.Element) ([]byte, error) {
	object := tlv.New(tagPublicKey, tlv.New(der.TagOID, p.oid), tlv.New(p.group.Tag(), p.group.Encode(e)))
	return p.info.Cipher.MAC(key, object)
}

// step is steps for an answer of one object.
func (p *pace) step(ctx context.Context, tag tlv.Tag, value []byte, want tlv.Tag) ([]byte, error) {
	objects, err := p.steps(ctx, tag, value, want)
	if err != nil {
		return nil, err
	}
	return objects[0].Value, nil
}

// steps is one GENERAL AUTHENTICATE: it sends one dynamic authentication data object (tag 0: none) and takes those that
// come back, of which the first must be want. All but the last command of PACE are chained (9303-11 §4.4.4.2). An
// answer to the last step may carry more: the data of CAM, and certification authority references, which serve EAC and
// are passed over. Public keys of more than 255 bytes need extended length.
func (p *pace) steps(ctx context.Context, tag tlv.Tag, value []byte, want tlv.Tag) ([]tlv.Object, error) {
	command := apdu.Command{CLA: apdu.ClassChained, INS: apdu.InsGeneralAuthenticate, Ne: apdu.MaxShortNe}
	if tag == tagTokenOwn {
		command.CLA = 0
	}
	var inner []byte
	if tag != 0 {
		inner = tlv.New(tag, value)
	}
	command.Data = tlv.New(tagDynamic, inner)
	if len(command.Data) > apdu.MaxShortLc {
		command.Extended, command.Ne = true, apdu.MaxExtendedNe
	}
	r, err := p.conn.Send(ctx, command)
	if err != nil {
		return nil, err
	}
	if err := r.SW.Err(); err != nil {
		return nil, fmt.Errorf("%w: GENERAL AUTHENTICATE %s: %w", ErrAccess, want, err)
	}
	o, err := tlv.One(r.Data)
	if err != nil {
		return nil, fmt.Errorf("%w: GENERAL AUTHENTICATE %s: %w", ErrAccess, want, err)
	}
	objects, err := o.Children()
	if err == nil && o.Tag == tagDynamic && len(objects) == 0 && want == tagMapChip && p.integrated() {
		return []tlv.Object{{Tag: want}}, nil
	}
	if err != nil || o.Tag != tagDynamic || len(objects) == 0 || objects[0].Tag != want || len(objects) > 1 && want != tagTokenChip {
		return nil, fmt.Errorf("%w: GENERAL AUTHENTICATE %s: wrong objects", ErrAccess, want)
	}
	return objects, nil
}
