package emrtd

import (
	"bytes"
	"errors"
	"testing"

	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/emrtd/spki"
)

// The worked example of the chip authentication mapping, 9303-11 appendix I: brainpoolP256r1 and AES-128.
const (
	camSecret   = "67950559D0C06B4D4B86972D14460837461087F8419FDBC36AAF6CEAAC462832"
	camData     = "1EEA964DAAE372AC990E3EFDE6333353BFC89A6704D93DA8798CF77F5B7A54BD10CBA372B42BE0B9B5F28AA8DE2F4F92"
	camMapped   = "04A234236AA9B9621E8EFB73B5245C0E09D2576E5277183C1208BDD55280CAE8B304F365713A356E65A451E165ECC9AC0AC46E3771342C8FE5AEDD092685338E23"
	camStatic   = "041872709494399E7470A6431BE25E83EEE24FEA568C2ED28DB48E05DB3A610DC884D256A40E35EFCB59BF6753D3A489D28C7A4D973C2DA138A6E7A4A08F68E16F"
	camChip     = "0402AD566F3C6EC7F9324509AD50A51FA52030782A4968FCFEDF737DAEA993333111C3B9B4C2287789BD137E7F8AA882E2A3C633CCD6ECC2C63C57AD401A09C2E1"
	camTerminal = "04446C934084D9DAB863944F219520076C29EE3F7AE6722B11FF319EC1C7728F955483400BFF60BF0C5929270009277DC2A515E12575010AD9BA916CF1BF86FEFC"
)

// exampleCAM is the run of the example, at its end.
func exampleCAM(t *testing.T) *pace {
	t.Helper()
	info, ok := lds.NewPACEInfo("0.4.0.127.0.7.2.2.4.6.2", 13)
	if !ok {
		t.Fatal("no such PACE")
	}
	p := &pace{info: info, group: mustGroup(t, info.ParameterID), oid: cardtest.Hex(t, "04007F00070202040602")}
	mapped, err := p.group.Decode(cardtest.Hex(t, camMapped))
	if err != nil {
		t.Fatal(err)
	}
	p.mapped = mapped
	return p
}

func camKey(t *testing.T, id int, point string) spki.Key {
	t.Helper()
	curve, ok := ec.ByID(id)
	if !ok {
		t.Fatal("no curve", id)
	}
	p, err := curve.Decode(cardtest.Hex(t, point))
	if err != nil {
		t.Fatal(err)
	}
	return spki.Key{EC: &spki.EC{Curve: curve, Point: p}}
}

func TestChipAuthenticationMappingExample(t *testing.T) {
	p := exampleCAM(t)
	mac := secmsg.KDF(cardtest.Hex(t, camSecret), secmsg.CounterMAC, secmsg.AES128)
	for public, want := range map[string]string{camChip: "E86BD06018A1CD3B", camTerminal: "8596CF055C67C1A3"} {
		e, err := p.group.Decode(cardtest.Hex(t, public))
		if err != nil {
			t.Fatal(err)
		}
		if token, err := p.token(mac, e); err != nil || !bytes.Equal(token, cardtest.Hex(t, want)) {
			t.Errorf("token %X, %v", token, err)
		}
	}
	m := p.chipMapping(cardtest.Hex(t, camSecret), cardtest.Hex(t, camData))
	if err := m.Verify(camKey(t, 13, camStatic)); err != nil {
		t.Error(err)
	}
	for name, key := range map[string]spki.Key{
		"another key": camKey(t, 13, camChip), "no key": {}, "another curve": {EC: &spki.EC{Curve: ec.P256(), Point: ec.P256().Generator()}},
	} {
		if err := m.Verify(key); !errors.Is(err, ErrNotGenuine) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestChipMappingIsNotTrusted: whatever stands in tag 8A, PACE is done; only the chip is not proven. So it is with what
// was kept and changed.
func TestChipMappingIsNotTrusted(t *testing.T) {
	secret, data := cardtest.Hex(t, camSecret), cardtest.Hex(t, camData)
	key := camKey(t, 13, camStatic)
	for name, encrypted := range map[string][]byte{
		"none": nil, "half a block": data[:8], "one block less": data[:32], "the first block twice": append(bytes.Clone(data[:16]), data...),
	} {
		if err := exampleCAM(t).chipMapping(secret, encrypted).Verify(key); !errors.Is(err, ErrNotGenuine) {
			t.Errorf("%s: %v", name, err)
		}
	}
	good := exampleCAM(t).chipMapping(secret, data)
	curve := ec.BrainpoolP256r1()
	for name, change := range map[string]func(*ChipMapping){
		"parameters":         func(m *ChipMapping) { m.ParameterID = 12 },
		"unknown parameters": func(m *ChipMapping) { m.ParameterID = 99 },
		"public key":         func(m *ChipMapping) { m.Public = curve.Encode(curve.Generator()) },
		"no public key":      func(m *ChipMapping) { m.Public = nil },
		"zero":               func(m *ChipMapping) { m.Data = make([]byte, 32) },
		"order":              func(m *ChipMapping) { m.Data = curve.N.Bytes() },
		"too long":           func(m *ChipMapping) { m.Data = append(make([]byte, 1), m.Data...) },
	} {
		m := *good
		m.Data = bytes.Clone(good.Data)
		change(&m)
		if err := m.Verify(key); !errors.Is(err, ErrNotGenuine) {
			t.Errorf("another %s: %v", name, err)
		}
	}
}
