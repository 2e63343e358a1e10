package tr03105_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"motcua/devices/card/cardsim"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/tlv"
	"motcua/devices/card/vncard"
)

// zone is a TD3 zone by its fields. Check digits that are not given are computed.
type zone struct {
	code, issuer, names, number, nationality, birth, sex, expiry, optional string

	numberCheck, birthCheck, expiryCheck, optionalCheck, composite string
}

func goodZone() zone {
	return zone{code: "P<", issuer: "VNM", names: "NGUYEN<<VAN<MAU", number: "099000001", nationality: "VNM",
		birth: "900101", sex: "M", expiry: "300101"}
}

func filled(s string, n int) string { return s + strings.Repeat(lds.Filler, n-len(s)) }

func checkDigit(given, field string) string {
	digit, _ := lds.CheckDigit(field)
	if given != "" {
		return given
	}
	return string(rune(digit))
}

func (z zone) text() string {
	number, optional := filled(z.number, 9), filled(z.optional, 14)
	if z.optional == "" && z.optionalCheck == "" {
		z.optionalCheck = lds.Filler
	}
	number += checkDigit(z.numberCheck, number)
	birth := z.birth + checkDigit(z.birthCheck, z.birth)
	expiry := z.expiry + checkDigit(z.expiryCheck, z.expiry)
	optional += checkDigit(z.optionalCheck, optional)
	return filled(z.code+z.issuer+z.names, 44) + number + z.nationality + birth + z.sex + expiry + optional +
		checkDigit(z.composite, number+birth+expiry+optional)
}

func (z zone) file() []byte { return tlv.New(lds.TagDG1, tlv.New(0x5F1F, []byte(z.text()))) }

// zoneWith checks a zone that differs from a good one.
func zoneWith(change func(z *zone), want ...lds.Finding) func(*testing.T) {
	return func(t *testing.T) {
		z := goodZone()
		change(&z)
		m, err := lds.ParseDG1(z.file())
		if err != nil || !slices.Equal(m.Findings(), want) {
			t.Errorf("%v, %v, want %v", m.Findings(), err, want)
		}
	}
}

// mrzChecks are about DG1.
func mrzChecks() []check {
	parse := func(file []byte) error { _, err := lds.ParseDG1(file); return err }
	good := goodZone().file()
	return []check{
		{"LDS_B_01", zoneWith(func(z *zone) { z.optional = "ABC123" })},
		{"LDS_B_02", zoneWith(func(z *zone) { z.names = "NGUYENNGUYENNGUYENNGUYENNGUYENN<<VAN<M" })},
		{"LDS_B_03", zoneWith(func(z *zone) { z.names = "NGUYEN" })},
		{"LDS_B_04", zoneWith(func(z *zone) { z.optionalCheck = "0" })},
		{"LDS_B_05", refused(parse, retagged(good, 0x62))},
		{"LDS_B_06", refused(parse, lengthened(good, -1))},
		{"LDS_B_07", refused(parse, lengthened(good, 1))},
		{"LDS_B_08", zoneWith(func(z *zone) { z.code = "X<" }, lds.FindingDocumentCode)},
		{"LDS_B_09", zoneWith(func(z *zone) { z.issuer = "V1M" }, lds.FindingIssuer)},
		{"LDS_B_10", zoneWith(func(z *zone) { z.names = "" }, lds.FindingName)},
		{"LDS_B_11", otherName},
		{"LDS_B_12", otherNumber},
		{"LDS_B_13", zoneWith(func(z *zone) { z.numberCheck = wrong(z.number) }, lds.FindingNumberCheck)},
		{"LDS_B_14", zoneWith(func(z *zone) { z.nationality = "V<M" }, lds.FindingNationality)},
		{"LDS_B_15", zoneWith(func(z *zone) { z.birth = "9O0101" }, lds.FindingBirth)},
		{"LDS_B_16", zoneWith(func(z *zone) { z.birth = "900231" }, lds.FindingBirth)},
		{"LDS_B_17", zoneWith(func(z *zone) { z.birthCheck = wrong(z.birth) }, lds.FindingBirthCheck)},
		{"LDS_B_18", zoneWith(func(z *zone) { z.sex = "X" }, lds.FindingSex)},
		{"LDS_B_19", zoneWith(func(z *zone) { z.expiry = "3001O1" }, lds.FindingExpiry)},
		{"LDS_B_20", zoneWith(func(z *zone) { z.expiry = "301301" }, lds.FindingExpiry)},
		{"LDS_B_21", zoneWith(func(z *zone) { z.expiryCheck = wrong(z.expiry) }, lds.FindingExpiryCheck)},
		{"LDS_B_22", zoneWith(func(z *zone) { z.optional, z.optionalCheck = "ABC123", wrong("ABC123") }, lds.FindingPersonalCheck)},
		{"LDS_B_23", wrongComposite},
		{"LDS_B_24", refused(parse, tlv.New(lds.TagDG1))},
		{"LDS_B_25", zoneWith(func(z *zone) { z.birth = "9001<<" })},
		{"LDS_B_26", zoneWith(func(z *zone) { z.birth = "90<<01" })},
		{"LDS_B_27", zoneWith(func(z *zone) { z.birth = "<<0101" })},
		{"LDS_B_28", zoneWith(func(z *zone) { z.birth = "<<<<<<" })},
	}
}

// wrong is another check digit than that of a field.
func wrong(field string) string {
	digit, _ := lds.CheckDigit(field)
	return string(rune('0' + (digit-'0'+1)%10))
}

func wrongComposite(t *testing.T) {
	text := goodZone().text()
	last := text[len(text)-1]
	zoneWith(func(z *zone) { z.composite = string(rune('0' + (last-'0'+1)%10)) }, lds.FindingComposite)(t)
}

// otherName: the reader gives the name as the chip has it, for a person to compare with the page. A chip in which somebody
// changed it is found by its hash.
func otherName(t *testing.T) {
	z := goodZone()
	z.names = "TRAN<<THI<KHAC"
	m, err := lds.ParseDG1(z.file())
	if err != nil || m.Surname != "TRAN" || m.GivenNames != "THI KHAC" || len(m.Findings()) > 0 {
		t.Errorf("%q %q, %v", m.Surname, m.GivenNames, err)
	}
	p := changed(t, smallProfile(t, cardsim.ProfileOptions{}), cardsim.DG(1), func(b []byte) []byte {
		at := len(b) - 30 // the third line
		b[at], b[at+1] = 'Q', 'Q'
		return b
	})
	wants(t, reading(t, p, cardsim.Options{}), vncard.CheckDataGroups, vncard.Failed, vncard.CauseHash)
}

// otherNumber: the chip is opened with what is printed, and then is of somebody else.
func otherNumber(t *testing.T) {
	p := smallProfile(t, cardsim.ProfileOptions{})
	other, err := cardsim.Build(cardsim.Personas()[1], cardsim.ProfileOptions{Photo: p.Photo})
	if err != nil {
		t.Fatal(err)
	}
	p = changed(t, p, cardsim.DG(1), func([]byte) []byte { return other.Files[cardsim.DG(1)] })
	if c, err := tryReading(t, p, cardsim.Options{}); !errors.Is(err, vncard.ErrOtherCard) || c != nil {
		t.Errorf("%v", err)
	}
	if _, raw := p.Files[cardsim.FileID(emrtd.DG1.Identifier())]; !raw {
		t.Error("the chip has no DG1")
	}
}
