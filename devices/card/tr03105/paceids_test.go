package tr03105_test

import (
	"errors"
	"testing"

	"motcua/devices/card/apdu"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/pki/pkitest"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/tlv"
)

// chosen: of several offers this one is taken.
func chosen(want cardsim.PACEOffer, o cardsim.ProfileOptions) func(*testing.T) {
	return func(t *testing.T) { newPACERun(t, o, nil).works(want) }
}

// accessDamaged: an EF.CardAccess that makes no sense is not guessed at.
func accessDamaged(t *testing.T) {
	for _, by := range []int{-1, 1} {
		r := newPACERun(t, offering(genericCurve), nil)
		r.profile = changed(t, r.profile, cardsim.EFCardAccess, func(b []byte) []byte { return lengthened(b, by) })
		if _, err := r.run(); !errors.Is(err, emrtd.ErrDamaged) || r.conn.Secured() {
			t.Errorf("length %+d: %v", by, err)
		}
	}
}

// noOffer: where there is no PACE that can be run, none is tried.
func noOffer(infos ...[]byte) func(*testing.T) {
	return func(t *testing.T) {
		r := newPACERun(t, offering(genericCurve), nil)
		r.profile = changed(t, r.profile, cardsim.EFCardAccess, func([]byte) []byte { return tlv.New(0x31, infos...) })
		if _, err := r.run(); !errors.Is(err, emrtd.ErrUnsupported) || r.conn.Secured() {
			t.Errorf("%v", err)
		}
	}
}

// paceChecks are about PACE with any mapping.
func paceChecks() []check {
	const set, nonce, mapping, agreement, token = 0, 1, 2, 3, 4
	sorts, public := everySort(), []cardsim.PACEOffer{genericCurve, genericNumbers, mappedCurve}
	strong := cardsim.PACEOffer{Cipher: secmsg.AES256, Parameters: 16}
	foreign := pkitest.Sequence(pkitest.OID("2.23.136.9.9"), pkitest.Number(1))
	domain := pkitest.Sequence(pkitest.OID("0.4.0.127.0.7.2.2.4.2"),
		pkitest.Sequence(pkitest.OID("0.4.0.127.0.7.1.2"), pkitest.Number(13)), pkitest.Number(77))
	cut := data(func(b []byte) []byte { return b[:len(b)-1] })
	flipped := data(func(b []byte) []byte { b[len(b)-1] ^= 1; return b })
	var ciphers []cardsim.PACEOffer
	for c := secmsg.TripleDES; c <= secmsg.AES256; c++ {
		for _, o := range []cardsim.PACEOffer{genericCurve, integratedCurve, {Parameters: 0}, {Mapping: cardsim.Integrated, Parameters: 0}} {
			o.Cipher = c
			ciphers = append(ciphers, o)
		}
	}
	return []check{
		{"ISO7816_G_01", paceWorks(sorts...)},
		{"ISO7816_G_02", paceWorks(everyGroup(cardsim.Generic, secmsg.AES128)...)},
		{"ISO7816_G_03", paceWorks(everyGroup(cardsim.Integrated, secmsg.AES128)...)},
		{"ISO7816_G_04", paceWorks(ciphers...)},
		{"ISO7816_G_05", chosen(genericCurve, cardsim.ProfileOptions{PACE: []cardsim.PACEOffer{genericCurve}, Infos: [][]byte{foreign}})},
		{"ISO7816_G_06", chosen(strong, offering(genericCurve, strong))},
		{"ISO7816_G_06", chosen(strong, offering(strong, genericCurve))},
		{"ISO7816_G_07", chosen(strong, cardsim.ProfileOptions{PACE: []cardsim.PACEOffer{genericCurve, strong}, Infos: [][]byte{domain}})},
		{"ISO7816_G_08", paceFails(set, emrtd.ErrNoPACE, word(0x6A80), sorts...)},
		{"ISO7816_G_09", nonceChanged},
		{"ISO7816_G_10", paceFails(nonce, emrtd.ErrAccess, word(0x6A80), sorts...)},
		{"ISO7816_G_11", paceFails(nonce, emrtd.ErrAccess, innerTag(0x90), sorts...)},
		{"ISO7816_G_12", paceFails(mapping, emrtd.ErrAccess, word(0x6A80), sorts...)},
		{"ISO7816_G_13", paceFails(mapping, emrtd.ErrAccess, innerTag(0x92), public...)},
		{"ISO7816_G_14", paceFails(mapping, emrtd.ErrAccess, cut, public...)},
		{"ISO7816_G_15", paceFails(mapping, emrtd.ErrAccess, key(0x82, []byte{1}), integratedCurve, integratedDH)},
		{"ISO7816_G_16", badKeys(mapping, genericCurve, 0x82)},
		{"ISO7816_G_17", badKeys(mapping, genericNumbers, 0x82)},
		{"ISO7816_G_18", paceFails(agreement, emrtd.ErrAccess, word(0x6A80), sorts...)},
		{"ISO7816_G_19", paceFails(agreement, emrtd.ErrAccess, innerTag(0x94), sorts...)},
		{"ISO7816_G_20", paceFails(agreement, emrtd.ErrAccess, cut, sorts...)},
		{"ISO7816_G_21", badKeys(agreement, genericCurve, 0x84)},
		{"ISO7816_G_22", badKeys(agreement, genericNumbers, 0x84)},
		{"ISO7816_G_23", paceFails(agreement, emrtd.ErrAccess, echoed, sorts...)},
		{"ISO7816_G_24", paceFails(token, emrtd.ErrAccess, word(0x6A80), sorts...)},
		{"ISO7816_G_25", paceFails(token, emrtd.ErrAccess, innerTag(0x96), sorts...)},
		{"ISO7816_G_26", paceFails(token, emrtd.ErrSecureMessaging, flipped, genericCurve, genericNumbers, integratedCurve, integratedDH)},
		{"ISO7816_G_27", accessDamaged},
		{"ISO7816_G_28", noOffer(paceInfo(paceGM+"2", 7))},
		{"ISO7816_G_28", noOffer(paceInfo(paceGM+"2", 31))},
		{"ISO7816_G_41", paceWorks(everyGroup(cardsim.ChipAuthentication, secmsg.AES128)...)},
	}
}

// nonceChanged: with another nonce than the chip's own the chip refuses the reader's token, as it would with a wrong
// password.
func nonceChanged(t *testing.T) {
	for _, offer := range everySort() {
		r := newPACERun(t, offering(offer), func(_ *paceRun, step int, plain apdu.Response) apdu.Response {
			if step == 1 {
				plain.Data[len(plain.Data)-1] ^= 1
			}
			return plain
		})
		r.fails(emrtd.ErrWrongKey, 5)
	}
}
