package emrtd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"

	"motcua/devices/card/emrtd/agree"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/emrtd/spki"
)

// This file is step 2 of PACE, from the nonce to a generator that nobody chose (9303-11 §4.4.3.3), and what the third of
// the mappings proves beside it.

func (p *pace) integrated() bool {
	return p.info.Mapping == lds.DHIntegratedMapping || p.info.Mapping == lds.ECDHIntegratedMapping
}

// mapNonce gives the generator for the key agreement.
func (p *pace) mapNonce(ctx context.Context, nonce []byte) (agree.Element, error) {
	mapping := p.mapGeneric
	if p.integrated() {
		mapping = p.mapIntegrated
	}
	generator, err := mapping(ctx, nonce)
	if errors.Is(err, agree.ErrElement) {
		err = fmt.Errorf("%w: %w", ErrAccess, err)
	}
	return generator, err
}

// mapGeneric combines the nonce with an anonymous key agreement; the chip authentication mapping does the same.
func (p *pace) mapGeneric(ctx context.Context, nonce []byte) (agree.Element, error) {
	private, own, err := p.group.Generate(p.conn.random(), p.group.Generator())
	if err != nil {
		return agree.Element{}, err
	}
	chip, shared, err := p.exchange(ctx, private, own, tagMapOwn, tagMapChip)
	if err != nil {
		return agree.Element{}, err
	}
	p.mapped = chip
	return p.group.MapGeneric(new(big.Int).SetBytes(nonce), shared)
}

// mapIntegrated sends a nonce of our own, as long as the key, and maps both at once. The chip answers nothing.
func (p *pace) mapIntegrated(ctx context.Context, nonce []byte) (agree.Element, error) {
	own := make([]byte, p.info.Cipher.KeySize())
	if _, err := io.ReadFull(p.conn.random(), own); err != nil {
		return agree.Element{}, fmt.Errorf("emrtd: random: %w", err)
	}
	answer, err := p.step(ctx, tagMapOwn, own, tagMapChip)
	if err != nil {
		return agree.Element{}, err
	}
	if len(answer) > 0 {
		return agree.Element{}, fmt.Errorf("%w: %d bytes in answer to the integrated mapping", ErrAccess, len(answer))
	}
	x, err := agree.Pseudorandom(p.info.Cipher, p.group.Prime(), nonce, own)
	if err != nil {
		return agree.Element{}, err
	}
	return p.group.MapIntegrated(x)
}

// ChipMapping is what the chip authentication mapping gives beside the session (9303-11 §4.4.3.5.2). It proves that the
// chip has the private key of EF.CardSecurity once Verify says so and EF.CardSecurity is known to be genuine.
type ChipMapping struct {
	ParameterID int    `json:"parameters"` // standardized domain parameters of the mapping
	Public      []byte `json:"public"`     // the chip's public key of the mapping
	Data        []byte `json:"data"`       // chip authentication data, decrypted; nil where it was missing or made no sense
}

// chipMapping decrypts the data of step 4. Whatever is wrong with it leaves the session as good as any PACE's: only the
// chip is not proven.
func (p *pace) chipMapping(secret, encrypted []byte) *ChipMapping {
	m := &ChipMapping{ParameterID: p.info.Parameters(), Public: p.group.Encode(p.mapped)}
	cipher := p.info.Cipher
	if len(encrypted) == 0 || len(encrypted)%cipher.BlockSize() != 0 {
		return m
	}
	key := secmsg.KDF(secret, secmsg.CounterEncryption, cipher)
	defer clear(key)
	iv, err := cipher.Encrypt(key, nil, bytes.Repeat([]byte{0xFF}, cipher.BlockSize())) // E(K, -1)
	if err != nil {
		return m
	}
	padded, err := cipher.Decrypt(key, iv, encrypted)
	if err != nil {
		return m
	}
	if data, err := secmsg.Unpad(padded, cipher.BlockSize()); err == nil {
		m.Data = data
	}
	return m
}

// Verify says whether the chip of the mapping has the private key of a public one: applied to the key, its data give the
// public key of the mapping. ErrNotGenuine if not.
func (m ChipMapping) Verify(key spki.Key) error {
	group, static, ok := agree.Of(key)
	same, known := agree.ByID(m.ParameterID)
	if !ok || !known || group.Name() != same.Name() {
		return fmt.Errorf("%w: EF.CardSecurity has a key of another group", ErrNotGenuine)
	}
	mapped, err := group.Decode(m.Public)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotGenuine, err)
	}
	if len(m.Data) == 0 || len(m.Data) > len(group.Secret(static)) {
		return fmt.Errorf("%w: chip authentication data of %d bytes", ErrNotGenuine, len(m.Data))
	}
	got, err := group.Apply(new(big.Int).SetBytes(m.Data), static)
	if err != nil || !bytes.Equal(group.Encode(got), group.Encode(mapped)) {
		return fmt.Errorf("%w: the chip does not know the private key of EF.CardSecurity", ErrNotGenuine)
	}
	return nil
}

// ChipMapping is what PACE with the chip authentication mapping gave; nil after any other way in.
func (c *Conn) ChipMapping() *ChipMapping { return c.mapping }
