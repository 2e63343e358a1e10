package tr03105_test

import (
	"errors"
	"slices"
	"testing"

	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/tlv"
)

// lengthened changes the length of a file's outer object.
func lengthened(file []byte, by int) []byte {
	changed := slices.Clone(file)
	at := 1
	if changed[1] > 0x80 {
		at += int(changed[1] & 0x7F)
	}
	changed[at] += byte(by)
	return changed
}

// retagged begins with another tag of one byte.
func retagged(file []byte, tag byte) []byte {
	return append([]byte{tag}, file[1:]...)
}

// refused: a parser does not take the bytes, with the error that says so.
func refused(parse func([]byte) error, file []byte) func(*testing.T) {
	return func(t *testing.T) {
		if err := parse(file); !errors.Is(err, lds.ErrFormat) {
			t.Errorf("%v, want %v", err, lds.ErrFormat)
		}
	}
}

// com is EF.COM; empty parts are left out.
func com(version, unicode, tags string) []byte {
	var parts [][]byte
	for _, o := range []struct {
		tag  tlv.Tag
		text string
	}{{0x5F01, version}, {0x5F36, unicode}, {0x5C, tags}} {
		if o.text != "" {
			parts = append(parts, tlv.New(o.tag, []byte(o.text)))
		}
	}
	return tlv.New(lds.TagCOM, parts...)
}

// comChecks are about EF.COM.
func comChecks() []check {
	const tags = "\x61\x75\x6E\x6F"
	parse := func(file []byte) error { _, err := lds.ParseCOM(file); return err }
	found := func(file []byte, want ...lds.Finding) func(*testing.T) {
		return func(t *testing.T) {
			c, err := lds.ParseCOM(file)
			if err != nil || !slices.Equal(c.Findings(), want) {
				t.Errorf("%v, %v, want %v", c.Findings(), err, want)
			}
		}
	}
	good := com("0107", "040000", tags)
	return []check{
		{"LDS_A_01", refused(parse, retagged(good, 0x61))},
		{"LDS_A_02", refused(parse, lengthened(good, -1))},
		{"LDS_A_03", refused(parse, lengthened(good, 1))},
		{"LDS_A_04", found(com("0300", "040000", tags), lds.FindingLDSVersion)},
		{"LDS_A_05", found(com("", "040000", tags), lds.FindingLDSVersion)},
		{"LDS_A_06", found(com("0107", "050000", tags), lds.FindingUnicodeVersion)},
		{"LDS_A_07", found(com("0107", "", tags), lds.FindingUnicodeVersion)},
		{"LDS_A_08", found(com("0107", "040000", "\x75\x6E\x6F"), lds.FindingNoGroup1)},
		{"LDS_A_09", refused(parse, com("0107", "040000", ""))},
		{"LDS_A_10", found(com("0108", "040000", tags))},
	}
}
