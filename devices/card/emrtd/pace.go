package emrtd

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"errors"
	"fmt"
	"math/big"

	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/tlv"
)

// Data objects of MSE:Set AT and GENERAL AUTHENTICATE, 9303-11 §4.4.4.
const (
	tagProtocol    tlv.Tag = 0x80
	tagPasswordRef tlv.Tag = 0x83
	tagDomain      tlv.Tag = 0x84

	tagDynamic     tlv.Tag = 0x7C
	tagNonce       tlv.Tag = 0x80
	tagMapOwn      tlv.Tag = 0x81
	tagMapChip     tlv.Tag = 0x82
	tagAgreeOwn    tlv.Tag = 0x83
	tagAgreeChip   tlv.Tag = 0x84
	tagTokenOwn    tlv.Tag = 0x85
	tagTokenChip   tlv.Tag = 0x86
	tagPublicKey   tlv.Tag = 0x7F49
	tagOID         tlv.Tag = 0x06
	tagPublicPoint tlv.Tag = 0x86

	msePACEp1, msePACEp2 byte = 0xC1, 0xA4
	nonceSize                 = 16 // 9303-11 §4.4.3.3: 128 bits
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
	curve *ec.Curve
	oid   []byte
}

// PACE runs the generic mapping over elliptic curves, 9303-11 §4.4, with the domain parameters that info names.
// ErrNoPACE and ErrKeyNotKnown come from MSE:Set AT, before anything is tried; ErrWrongKey is the chip's refusal of
// our token; ErrSecureMessaging means that the chip's own token is wrong.
func (c *Conn) PACE(ctx context.Context, info lds.PACEInfo, password Password) error {
	if err := c.beginAccess(); err != nil {
		return err
	}
	curve, ok := ec.ByID(info.ParameterID)
	if !ok || info.Mapping != lds.ECDHGenericMapping {
		return fmt.Errorf("%w: PACE %s with parameters %d", ErrUnsupported, info.OID, info.ParameterID)
	}
	oid, err := lds.EncodeOID(info.OID)
	if err != nil {
		return err
	}
	p := &pace{c, info, curve, oid}
	if err := p.set(ctx, password.reference); err != nil {
		return err
	}
	secret, err := p.run(ctx, password)
	if err != nil {
		return err
	}
	defer clear(secret)
	session, err := secmsg.Derive(info.Cipher, secret, nil)
	if err != nil {
		return err
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

// run is the four GENERAL AUTHENTICATE commands; it returns the shared secret.
func (p *pace) run(ctx context.Context, password Password) ([]byte, error) {
	nonce, err := p.nonce(ctx, password)
	if err != nil {
		return nil, err
	}
	generator, err := p.mapNonce(ctx, nonce)
	if err != nil {
		return nil, err
	}
	secret, own, chip, err := p.agree(ctx, generator)
	if err != nil {
		return nil, err
	}
	return secret, p.confirm(ctx, secret, own, chip)
}

// nonce is step 1: the chip's random number, encrypted with the password's key.
func (p *pace) nonce(ctx context.Context, password Password) (*big.Int, error) {
	encrypted, err := p.step(ctx, 0, nil, tagNonce)
	if err != nil {
		return nil, err
	}
	if len(encrypted) != nonceSize {
		return nil, fmt.Errorf("%w: nonce of %d bytes", ErrAccess, len(encrypted))
	}
	key := secmsg.KDF(password.secret, secmsg.CounterPassword, p.info.Cipher)
	defer clear(key)
	plain, err := p.info.Cipher.Decrypt(key, nil, encrypted)
	if err != nil {
		return nil, err
	}
	defer clear(plain)
	return new(big.Int).SetBytes(plain), nil
}

// mapNonce is step 2, generic mapping: G' = s·G + H with H from an anonymous key agreement (9303-11 §4.4.3.3.1).
func (p *pace) mapNonce(ctx context.Context, nonce *big.Int) (ec.Point, error) {
	_, _, shared, err := p.exchange(ctx, p.curve.Generator(), tagMapOwn, tagMapChip)
	if err != nil {
		return ec.Point{}, err
	}
	generator := p.curve.Add(p.curve.Multiply(nonce, p.curve.Generator()), shared)
	if generator.Infinity() {
		return ec.Point{}, fmt.Errorf("%w: mapping to infinity", ErrAccess)
	}
	return generator, nil
}

// agree is step 3: the key agreement on the mapped generator. The secret is the x coordinate, leading zeros and all.
func (p *pace) agree(ctx context.Context, generator ec.Point) (secret []byte, own, chip ec.Point, err error) {
	own, chip, shared, err := p.exchange(ctx, generator, tagAgreeOwn, tagAgreeChip)
	if err != nil {
		return nil, own, chip, err
	}
	return p.curve.EncodeX(shared), own, chip, nil
}

// exchange sends a fresh public key on base, checks the chip's, and returns both with the shared point. The chip's
// must be on the curve and not our own sent back (9303-11 §4.4.3.1: PK_IC ≠ PK_IFD).
func (p *pace) exchange(ctx context.Context, base ec.Point, ownTag, chipTag tlv.Tag) (own, chip, shared ec.Point, err error) {
	private, own, err := p.curve.GenerateKey(p.conn.random(), base)
	if err != nil {
		return own, chip, shared, err
	}
	raw, err := p.step(ctx, ownTag, p.curve.Encode(own), chipTag)
	if err != nil {
		return own, chip, shared, err
	}
	if chip, err = p.curve.Decode(raw); err != nil {
		return own, chip, shared, fmt.Errorf("%w: the chip's public key: %w", ErrAccess, err)
	}
	if chip.X.Cmp(own.X) == 0 {
		return own, chip, shared, fmt.Errorf("%w: the chip sent our own public key back", ErrAccess)
	}
	if shared = p.curve.Multiply(private, chip); shared.Infinity() {
		return own, chip, shared, fmt.Errorf("%w: agreement on infinity", ErrAccess)
	}
	return own, chip, shared, nil
}

// confirm is step 4: tokens over the other side's public key (9303-11 §4.4.3.4).
func (p *pace) confirm(ctx context.Context, secret []byte, own, chip ec.Point) error {
	key := secmsg.KDF(secret, secmsg.CounterMAC, p.info.Cipher)
	defer clear(key)
	token, err := p.token(key, chip)
	if err != nil {
		return err
	}
	got, err := p.step(ctx, tagTokenOwn, token, tagTokenChip)
	if errors.Is(err, apdu.ErrAuthentication) || errors.Is(err, apdu.ErrBlocked) {
		return fmt.Errorf("%w: %w", ErrWrongKey, err)
	}
	if err != nil {
		return err
	}
	want, err := p.token(key, own)
	if err != nil {
		return err
	}
	if !hmac.Equal(got, want) {
		return p.conn.die(fmt.Errorf("%w: the chip's PACE token is wrong", ErrSecureMessaging))
	}
	return nil
}

// token is the MAC over a public key data object, 9303-11 §4.4.3.4 and §9.4.5.
func (p *pace) token(key []byte, point ec.Point) ([]byte, error) {
	object := tlv.New(tagPublicKey, tlv.New(tagOID, p.oid), tlv.New(tagPublicPoint, p.curve.Encode(point)))
	return p.info.Cipher.MAC(key, object)
}

// step is one GENERAL AUTHENTICATE: it sends one dynamic authentication data object (tag 0: none) and takes the one
// that must come back. All but the last command of PACE are chained (9303-11 §4.4.4.2). An answer to the last step
// may carry certification authority references beside the token; they serve EAC and are passed over.
func (p *pace) step(ctx context.Context, tag tlv.Tag, value []byte, want tlv.Tag) ([]byte, error) {
	command := apdu.Command{CLA: apdu.ClassChained, INS: apdu.InsGeneralAuthenticate, Ne: apdu.MaxShortNe}
	if tag == tagTokenOwn {
		command.CLA = 0
	}
	var inner []byte
	if tag != 0 {
		inner = tlv.New(tag, value)
	}
	command.Data = tlv.New(tagDynamic, inner)
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
	if err != nil || o.Tag != tagDynamic || len(objects) == 0 || objects[0].Tag != want || len(objects) > 1 && want != tagTokenChip {
		return nil, fmt.Errorf("%w: GENERAL AUTHENTICATE %s: wrong objects", ErrAccess, want)
	}
	return objects[0].Value, nil
}
