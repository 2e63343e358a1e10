package tr03105_test

import (
	"errors"
	"slices"
	"testing"

	"motcua/devices/card/apdu"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/pki/pkitest"
	"motcua/devices/card/tlv"
	"motcua/devices/card/vncard"
)

// dg14 is the chip's DG14 with the entries about chip authentication changed; nil leaves the entry out.
func dg14(t *testing.T, change func(info lds.SecurityInfo) []byte) []byte {
	t.Helper()
	infos, err := lds.ParseDG14(smallProfile(t, cardsim.ProfileOptions{}).Files[cardsim.DG(14)])
	if err != nil {
		t.Fatal(err)
	}
	var out [][]byte
	for _, info := range infos {
		raw := info.Raw
		if len(info.OID) > len(lds.OIDChipAuthentication) && info.OID[:len(lds.OIDChipAuthentication)] == lds.OIDChipAuthentication {
			raw = change(info)
		}
		out = append(out, raw)
	}
	return tlv.New(lds.TagDG14, tlv.New(0x31, out...))
}

func parseDG14(file []byte) error { _, err := lds.ParseDG14(file); return err }

// noProtocol: nothing is made of an entry that means nothing. A key may then be taken for one without an entry.
func noProtocol(change func(info lds.SecurityInfo) []byte) func(*testing.T) {
	return func(t *testing.T) {
		infos, err := lds.ParseDG14(dg14(t, change))
		if err != nil {
			t.Fatal(err)
		}
		keys, err := infos.ChipKeys()
		if len(keys) == 0 && !errors.Is(err, lds.ErrOffer) {
			t.Errorf("no keys, %v", err)
		}
		for _, k := range keys {
			if !k.Inferred {
				t.Errorf("%+v", k.Protocol)
			}
		}
	}
}

// damagedGroup: a reading goes on without a data group that makes no sense, and says so.
func damagedGroup(n int, cause vncard.Cause, change func([]byte) []byte) func(*testing.T) {
	return func(t *testing.T) {
		p := changed(t, smallProfile(t, cardsim.ProfileOptions{}), cardsim.DG(n), change)
		c := reading(t, p, cardsim.Options{})
		if bad := append(slices.Clone(c.Damaged), c.Refused...); !slices.Contains(bad, emrtd.File(n)) || c.MRZ == nil {
			t.Errorf("%v damaged, %v refused", c.Damaged, c.Refused)
		}
		wants(t, c, vncard.CheckDataGroups, vncard.Failed, cause)
	}
}

// infosChecks are about DG14, DG15 and EF.ATR/INFO.
func infosChecks() []check {
	missing := func(part int) func(*testing.T) {
		return func(t *testing.T) {
			refused(parseDG14, dg14(t, func(info lds.SecurityInfo) []byte {
				if part == 0 {
					return tlv.New(0x30, info.Required.Raw)
				}
				return tlv.New(0x30, pkitest.OID(info.OID))
			}))(t)
		}
	}
	return []check{
		{"LDS_F_01", damagedGroup(14, vncard.CauseDamaged, func(b []byte) []byte { return retagged(b, 0x6F) })},
		{"LDS_F_02", damagedGroup(14, vncard.CauseHash, func(b []byte) []byte { return lengthened(b, -1) })},
		{"LDS_F_03", damagedGroup(14, vncard.CauseDamaged, func(b []byte) []byte { return lengthened(b, 1) })},
		{"LDS_F_04", noProtocol(func(info lds.SecurityInfo) []byte {
			return pkitest.Sequence(pkitest.OID(lds.OIDChipAuthentication+".2.9"), info.Required.Raw)
		})},
		{"LDS_F_05", missing(0)},
		{"LDS_F_06", noProtocol(func(info lds.SecurityInfo) []byte {
			return pkitest.Sequence(pkitest.OID(info.OID), pkitest.Number(9))
		})},
		{"LDS_F_07", missing(1)},
		{"LDS_I_01", damagedGroup(15, vncard.CauseDamaged, func(b []byte) []byte { return retagged(b, 0x70) })},
		{"LDS_I_02", damagedGroup(15, vncard.CauseHash, func(b []byte) []byte { return lengthened(b, -1) })},
		{"LDS_I_03", damagedGroup(15, vncard.CauseDamaged, func(b []byte) []byte { return lengthened(b, 1) })},
		{"LDS_K_01", lengths(tlv.New(0x7F66, pkitest.Number(0x0400), pkitest.Number(0x0400)))},
		{"LDS_K_02", lengths(tlv.New(0x7F66, pkitest.Number(0x010000), pkitest.Number(0x010000)))},
		{"LDS_K_03", lengths(tlv.New(0x7F66, pkitest.Number(0x0400)))},
		{"LDS_K_04", lengths(tlv.New(0x7F67, pkitest.Number(0x0400), pkitest.Number(0x0400)))},
	}
}

// lengths: the reader tries what lengths go through instead of believing what EF.ATR/INFO says of them, so that the chip is
// read whole whatever stands there, with extended length where the chip takes it and without where not.
func lengths(info []byte) func(*testing.T) {
	const efATR = 0x2F01
	return func(t *testing.T) {
		for _, extended := range []bool{false, true} {
			p := changed(t, smallProfile(t, cardsim.ProfileOptions{}), efATR, func([]byte) []byte { return info })
			record := recorded(p, cardsim.Options{Extended: extended})
			c, err := readOver(t, record, p.Persona)
			if err != nil || c.Photo == nil {
				t.Fatalf("extended %t: %v", extended, err)
			}
			long := 0
			for _, raw := range record.Commands() {
				command, err := apdu.ParseCommand(raw)
				if err != nil {
					t.Fatal(err)
				}
				if command.Extended {
					long++
				}
				if command.INS == apdu.InsSelect && slices.Equal(command.Data, []byte{efATR >> 8, efATR & 0xFF}) {
					t.Error("EF.ATR/INFO was asked for")
				}
			}
			if extended != (long > 1) {
				t.Errorf("extended %t: %d long commands", extended, long)
			}
		}
	}
}
