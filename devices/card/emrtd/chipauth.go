package emrtd

import (
	"bytes"
	"context"
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

// Data objects and parameters of chip authentication, 9303-11 §6.2.4.
const (
	tagEphemeral tlv.Tag = 0x91 // the terminal's public key in MSE:Set KAT
	tagKeyRef    tlv.Tag = 0x84 // private key reference, in both

	mseChipP1   byte = 0x41
	mseKeyAgree byte = 0xA6 // P2 of MSE:Set KAT, for 3DES
	mseAuth     byte = 0xA4 // P2 of MSE:Set AT, for AES
	tagChipKey       = tlv.Tag(0x80)
)

// ChipProof is a run of chip authentication, with all that is needed to check it again without the chip: anybody can
// compute the session keys from our private key and the chip's public one, and whether the first answer under them came
// from somebody who knows the chip's private key or ours. A terminal that wants to lie can, so it proves as much as the
// terminal that kept it is believed; active authentication proves more.
type ChipProof struct {
	Protocol string `json:"protocol"`
	KeyID    []byte `json:"key_id,omitempty"`
	Key      []byte `json:"key"`     // the chip's SubjectPublicKeyInfo, as DG14 has it
	Private  []byte `json:"private"` // ours, of this one run
	Public   []byte `json:"public"`
	Command  []byte `json:"command,omitempty"`  // the first one under the new keys
	Response []byte `json:"response,omitempty"` // and its answer; nil while there is none
}

// Proven says whether an answer under the new keys has come.
func (p *ChipProof) Proven() bool { return p != nil && p.Response != nil }

// ChipAuthenticate agrees with the chip on new session keys by its static key, 9303-11 §6.2: only the chip that has the
// private one can go on. It must run under secure messaging. What the chip says to it proves nothing: the proof comes
// with the first answer under the new keys, whatever command is next; if that answer is wrong, that command fails with
// ErrNotGenuine. A refusal is ErrChipRefused and leaves the old session as it was.
func (c *Conn) ChipAuthenticate(ctx context.Context, key lds.ChipKey) (*ChipProof, error) {
	group, static, ok := agree.Of(key.Key)
	if !ok {
		return nil, fmt.Errorf("%w: chip authentication with a key that is for something else", ErrUnsupported)
	}
	if c.session == nil {
		return nil, fmt.Errorf("%w: chip authentication without a session", ErrAccess)
	}
	private, public, err := group.Generate(c.random(), group.Generator())
	if err != nil {
		return nil, err
	}
	proof := &ChipProof{Protocol: key.Protocol, Key: key.Key.Raw, Private: private.Bytes(), Public: group.Encode(public)}
	if key.Named {
		proof.KeyID = key.ID.Bytes()
		if len(proof.KeyID) == 0 {
			proof.KeyID = []byte{0}
		}
	}
	run := c.setAT
	if key.Cipher == secmsg.TripleDES {
		run = c.setKAT
	}
	if err := run(ctx, key, proof); err != nil {
		return nil, err
	}
	session, err := chipSession(group, static, private, key.Cipher)
	if err != nil {
		return nil, err
	}
	c.session.Kill(secmsg.ErrDead)
	c.secure(session)
	c.proof = proof
	return proof, nil
}

func chipSession(group agree.Group, static agree.Element, private *big.Int, cipher secmsg.Cipher) (*secmsg.Session, error) {
	shared, err := group.Apply(private, static)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAccess, err)
	}
	secret := group.Secret(shared)
	defer clear(secret)
	return secmsg.Derive(cipher, secret, nil)
}

// setKAT is the whole protocol with 3DES, 9303-11 §6.2.4.1: one MSE:Set KAT.
func (c *Conn) setKAT(ctx context.Context, _ lds.ChipKey, proof *ChipProof) error {
	data := tlv.New(tagEphemeral, proof.Public)
	if proof.KeyID != nil {
		data = append(data, tlv.New(tagKeyRef, proof.KeyID)...)
	}
	_, err := c.chipCommand(ctx, apdu.Command{INS: apdu.InsManageSecurityEnvironment, P1: mseChipP1, P2: mseKeyAgree, Data: data})
	return err
}

// setAT is the protocol with AES, 9303-11 §6.2.4.2: MSE:Set AT and GENERAL AUTHENTICATE.
func (c *Conn) setAT(ctx context.Context, key lds.ChipKey, proof *ChipProof) error {
	oid, err := der.EncodeOID(key.Protocol)
	if err != nil {
		return err
	}
	data := tlv.New(tagProtocol, oid)
	if proof.KeyID != nil {
		data = append(data, tlv.New(tagKeyRef, proof.KeyID)...)
	}
	set := apdu.Command{INS: apdu.InsManageSecurityEnvironment, P1: mseChipP1, P2: mseAuth, Data: data}
	if _, err := c.chipCommand(ctx, set); err != nil {
		return err
	}
	agreement := apdu.Command{INS: apdu.InsGeneralAuthenticate, Data: tlv.New(tagDynamic, tlv.New(tagChipKey, proof.Public)), Ne: apdu.MaxShortNe}
	answer, err := c.chipCommand(ctx, agreement)
	if err != nil {
		return err
	}
	if o, err := tlv.One(answer); err != nil || o.Tag != tagDynamic {
		return fmt.Errorf("%w: answer to GENERAL AUTHENTICATE", ErrChipRefused)
	}
	return nil
}

// chipCommand sends a command of chip authentication, in pieces or with extended length where it is too long.
func (c *Conn) chipCommand(ctx context.Context, command apdu.Command) ([]byte, error) {
	for _, part := range c.cut(command) {
		r, err := c.Send(ctx, part)
		if err != nil {
			return nil, err
		}
		if err := r.SW.Err(); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrChipRefused, err)
		}
		if part.CLA&apdu.ClassChained == 0 {
			return r.Data, nil
		}
	}
	return nil, nil
}

// cut gives a command in parts that go through: one extended one where card and reader take that, else a chain
// (ISO 7816-4 §5.1.1.1). Keys of elliptic curves fit a short command, those of Diffie-Hellman do not.
func (c *Conn) cut(command apdu.Command) []apdu.Command {
	room := c.session.Cipher().CommandCapacity(apdu.MaxShortLc)
	if len(command.Data) <= room {
		return []apdu.Command{command}
	}
	if c.sizes.Extended {
		command.Extended = true
		return []apdu.Command{command}
	}
	var parts []apdu.Command
	for data := command.Data; len(data) > 0; {
		n := min(room, len(data))
		part := command
		part.Data, data = data[:n], data[n:]
		if len(data) > 0 {
			part.CLA |= apdu.ClassChained
			part.Ne = 0
		}
		parts = append(parts, part)
	}
	return parts
}

// prove takes the first exchange under the keys of chip authentication. An answer that fails any check is not from a chip
// that has the private key, and neither is the word that the command could not be read. Another refusal in the clear ends
// the session and proves nothing.
func (c *Conn) prove(command apdu.Command, response apdu.Response, err error) error {
	proof := c.proof
	c.proof = nil
	unread := errors.Is(err, apdu.ErrSecureMessagingObj) || errors.Is(err, apdu.ErrSecurityStatus)
	switch {
	case errors.Is(err, secmsg.ErrPlainStatus) && !unread:
		return err
	case err != nil:
		return fmt.Errorf("%w: %w: %w", ErrNotGenuine, ErrSecureMessaging, err)
	}
	raw, err := command.Encode()
	if err != nil {
		return err
	}
	proof.Command, proof.Response = raw, response.Encode()
	return nil
}

// ErrProof: what was kept of a run of chip authentication is not complete or does not fit together.
var ErrProof = errors.New("emrtd: proof of chip authentication is not complete")

// VerifyChipProof runs chip authentication again from what was kept of it: with the key of DG14 (lds.ChipKey, which must
// be the proof's), the private key and the exchange. ErrNotGenuine if the answer does not come from the chip.
func VerifyChipProof(p *ChipProof, key lds.ChipKey) error {
	if !p.Proven() || key.Protocol != p.Protocol || !bytes.Equal(key.Key.Raw, p.Key) {
		return ErrProof
	}
	group, static, ok := agree.Of(key.Key)
	if !ok {
		return fmt.Errorf("%w: %w", ErrProof, ErrUnsupported)
	}
	private := new(big.Int).SetBytes(p.Private)
	if public, err := group.Apply(private, group.Generator()); err != nil || !bytes.Equal(group.Encode(public), p.Public) {
		return fmt.Errorf("%w: the private key is not that of the public one", ErrProof)
	}
	session, err := chipSession(group, static, private, key.Cipher)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrProof, err)
	}
	return replay(session, p.Command, p.Response)
}

// replay opens a recorded answer to a recorded command, the first of a session.
func replay(session *secmsg.Session, command, response []byte) error {
	sent, err := apdu.ParseCommand(command)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrProof, err)
	}
	r, err := apdu.ParseResponse(response)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrProof, err)
	}
	if err := session.Recall(sent); err != nil {
		return fmt.Errorf("%w: %w", ErrProof, err)
	}
	if _, err := session.Unprotect(r); err != nil {
		return fmt.Errorf("%w: %w", ErrNotGenuine, err)
	}
	return nil
}
