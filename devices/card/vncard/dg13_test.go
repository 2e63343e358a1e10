package vncard_test

import (
	"errors"
	"strings"
	"testing"

	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/tlv"
	"motcua/devices/card/vncard"
)

// sampleDG13 was put together from what was published of the structure; nobody's card.
const sampleDG13 = "6d8201a23082019e020101060628d3160100083182018f3011020101130c30393930393030303030313730180201020c134e677579e1bb856e2056c4836e204de1baab75300f020103130a30312f30312f3139393030080201040c034e616d300f0201050c0a5669e1bb8774204e616d30090201060c044b696e68300b0201070c064b68c3b46e67302b0201080c2658c3a3204de1baab752c20487579e1bb876e204de1baab752c2054e1bb896e68204de1baab7530440201090c3f53e1bb9120312c20c490c6b0e1bb9d6e67204de1baab752c2058c3a3204de1baab752c20487579e1bb876e204de1baab752c2054e1bb896e68204de1baab75302c02010a0c274ee1bb9174207275e1bb936920433a31636d207472c3aa6e20736175206dc3a970207472c3a169300f02010b130a30312f30322f32303231300f02010c0c0a30312f30312f32303330302d02010d30130c114e677579e1bb856e2056c4836e2043686130130c115472e1baa76e205468e1bb8b204de1bab9300302010e300e02010f13093031323334353637383015020110131030313233343536373839414243444546"

func TestDG13Sample(t *testing.T) {
	d, err := vncard.ParseDG13(cardtest.Hex(t, sampleDG13))
	if err != nil {
		t.Fatal(err)
	}
	want := vncard.DG13{Number: "099090000017", Name: "Nguyễn Văn Mẫu", Birth: "01/01/1990", Sex: "Nam", Nationality: "Việt Nam", Ethnicity: "Kinh",
		Religion: "Không", Origin: "Xã Mẫu, Huyện Mẫu, Tỉnh Mẫu", Residence: "Số 1, Đường Mẫu, Xã Mẫu, Huyện Mẫu, Tỉnh Mẫu",
		Features: "Nốt ruồi C:1cm trên sau mép trái", Issued: "01/02/2021", Expires: "01/01/2030", Father: "Nguyễn Văn Cha", Mother: "Trần Thị Mẹ",
		OldNumber: "012345678", Serial: "0123456789ABCDEF"}
	if d.Unknown != nil || d.Father+d.Mother+d.Spouse != want.Father+want.Mother {
		t.Errorf("%+v", d)
	}
	for _, pair := range [][2]string{{d.Number, want.Number}, {d.Name, want.Name}, {d.Birth, want.Birth}, {d.Sex, want.Sex}, {d.Nationality, want.Nationality},
		{d.Ethnicity, want.Ethnicity}, {d.Religion, want.Religion}, {d.Origin, want.Origin}, {d.Residence, want.Residence}, {d.Features, want.Features},
		{d.Issued, want.Issued}, {d.Expires, want.Expires}, {d.OldNumber, want.OldNumber}, {d.Serial, want.Serial}} {
		if pair[0] != pair[1] {
			t.Errorf("%q, want %q", pair[0], pair[1])
		}
	}
}

func field(n byte, value ...[]byte) []byte {
	return tlv.New(0x30, append([][]byte{{2, 1, n}}, value...)...)
}

func text(s string) []byte { return tlv.New(0x0C, []byte(s)) }

func dg13(fields ...[]byte) []byte {
	return tlv.New(0x6D, tlv.New(0x30, []byte{2, 1, 1}, []byte{6, 6, 0x28, 0xD3, 0x16, 1, 0, 8}, tlv.New(0x31, fields...)))
}

func TestDG13Parents(t *testing.T) {
	father, mother := tlv.New(0x30, text("Cha")), tlv.New(0x30, text("Mẹ"))
	none := tlv.New(0x30)
	for name, v := range map[string]struct {
		value          [][]byte
		father, mother string
	}{
		"two sequences":            {[][]byte{father, mother}, "Cha", "Mẹ"},
		"two in one":               {[][]byte{tlv.New(0x30, father, mother)}, "Cha", "Mẹ"},
		"two strings in one":       {[][]byte{tlv.New(0x30, text("Cha"), text("Mẹ"))}, "Cha", "Mẹ"},
		"bare strings":             {[][]byte{text("Cha"), text("Mẹ")}, "Cha", "Mẹ"},
		"no father":                {[][]byte{none, mother}, "", "Mẹ"},
		"no father, in one":        {[][]byte{tlv.New(0x30, none, mother)}, "", "Mẹ"},
		"no father, empty string":  {[][]byte{tlv.New(0x30, text("")), mother}, "", "Mẹ"},
		"no mother":                {[][]byte{father}, "Cha", ""},
		"neither":                  {nil, "", ""},
		"neither, empty sequences": {[][]byte{none, none}, "", ""},
	} {
		d, err := vncard.ParseDG13(dg13(field(13, v.value...)))
		if err != nil || d.Father != v.father || d.Mother != v.mother {
			t.Errorf("%s: %q, %q, %v", name, d.Father, d.Mother, err)
		}
	}
}

func TestDG13Oddities(t *testing.T) {
	decomposed := "Nguye\u0302\u0303n" // NFD
	raw := dg13(field(15, tlv.New(0x13, []byte("012345678"))), field(2, text(decomposed)), field(2, text("Second")), field(1, tlv.New(0x16, []byte("099090000017"))),
		field(14), field(40, text("?")), field(12, text("Không thời hạn")), field(5, []byte{5, 0}), field(7, text("Không\x00")))
	d, err := vncard.ParseDG13(append(raw, 0, 0, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	if d.Name != "Nguyễn" || d.Number != "099090000017" || d.OldNumber != "012345678" || d.Spouse != "" || d.Nationality != "" || d.Religion != "Không" {
		t.Errorf("%+v", d)
	}
	if len(d.Unknown) != 1 || string(d.Unknown[40]) != "\x0C\x01?" {
		t.Errorf("unknown: %v", d.Unknown)
	}
	if e, ok := d.ExpiryDate(); !ok || e != vncard.NoExpiry() {
		t.Errorf("expires %v", e)
	}
	// Padding inside: the outer length covers zero bytes after the sequence.
	inner := raw[3:]
	if raw[1] < 0x80 {
		inner = raw[2:]
	}
	if d, err := vncard.ParseDG13(tlv.New(0x6D, inner, make([]byte, 12))); err != nil || d.Name != "Nguyễn" {
		t.Errorf("padding inside: %v", err)
	}
	if _, ok := (vncard.DG13{Expires: "31/02/2030"}).ExpiryDate(); ok {
		t.Error("31 February")
	}
}

func TestDG13Opaque(t *testing.T) {
	for _, s := range []string{"6D081122334455667788", "6D03040101", "6D0430020401", "6D00"} {
		if d, err := vncard.ParseDG13(cardtest.Hex(t, s)); err != nil || !d.Opaque {
			t.Errorf("%s: %+v, %v", s, d, err)
		}
	}
}

func TestDG13Damaged(t *testing.T) {
	deep := text("x")
	for range 8 {
		deep = tlv.New(0x30, deep)
	}
	whole := cardtest.Hex(t, sampleDG13)
	for name, raw := range map[string][]byte{
		"nothing": nil, "other tag": {0x6E, 0}, "cut": whole[:200], "not UTF-8": dg13(field(2, tlv.New(0x0C, []byte{0xFF, 0xFE}))),
		"field without number": dg13(tlv.New(0x30, text("x"))), "field is no sequence": dg13(text("x")), "too deep": dg13(field(13, deep)),
		"long text": dg13(field(9, text(strings.Repeat("a", 2000)))), "cut inside": tlv.New(0x6D, whole[4:200]),
	} {
		if d, err := vncard.ParseDG13(raw); !errors.Is(err, lds.ErrFormat) {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
}

func FuzzDG13(f *testing.F) {
	f.Add(cardtest.Hex(f, sampleDG13))
	f.Add(dg13(field(13, tlv.New(0x30, text("Cha"), text("Mẹ")))))
	f.Add([]byte{0x6D, 0})
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := vncard.ParseDG13(raw)
		if err != nil {
			return
		}
		if d.Opaque && (d.Name != "" || d.Number != "") {
			t.Errorf("opaque, and yet %+v", d)
		}
		_, _ = d.ExpiryDate()
	})
}
