package apdu_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"regexp"
	"strconv"
	"testing"

	"motcua/devices/card/apdu"
	"motcua/devices/card/cardtest"
)

// command reads the notation of the worked examples: "cla: 0x00, …, data: "…".parseHex(), ne: 0x180".
func command(t *testing.T, args string) apdu.Command {
	t.Helper()
	number := func(name string) int {
		m := regexp.MustCompile(`\b` + name + `: (0x[0-9A-Fa-f]+|[0-9]+)`).FindStringSubmatch(args)
		if m == nil {
			return 0
		}
		n, err := strconv.ParseInt(m[1], 0, 32)
		if err != nil {
			t.Fatal(err)
		}
		return int(n)
	}
	c := apdu.Command{CLA: byte(number("cla")), INS: byte(number("ins")), P1: byte(number("p1")), P2: byte(number("p2")), Ne: number("ne")}
	if m := regexp.MustCompile(`data: "([0-9A-Fa-f]*)"`).FindStringSubmatch(args); m != nil {
		c.Data = cardtest.Hex(t, m[1])
	}
	c.Extended = c.Ne > apdu.MaxShortNe || len(c.Data) > apdu.MaxShortLc
	return c
}

func TestVectors(t *testing.T) {
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) {
		c := command(t, v.In("args"))
		raw, err := c.Encode()
		if err != nil || !bytes.Equal(raw, v.OutHex(t, "apdu")) {
			t.Fatalf("%X, %v; want %s", raw, err, v.Out("apdu"))
		}
		back, err := apdu.ParseCommand(raw)
		if err != nil || !equal(back, c) {
			t.Fatalf("parsed %+v, %v", back, err)
		}
	}, "apdu_encode")
}

func equal(a, b apdu.Command) bool {
	return a.CLA == b.CLA && a.INS == b.INS && a.P1 == b.P1 && a.P2 == b.P2 && a.Ne == b.Ne && a.Extended == b.Extended &&
		bytes.Equal(a.Data, b.Data)
}

// The seven cases of ISO 7816-4 §5.1.
func TestCases(t *testing.T) {
	long := bytes.Repeat([]byte{0xAB}, 300)
	for name, c := range map[string]struct {
		command apdu.Command
		want    string
	}{
		"1":  {apdu.Command{INS: 0xA4}, "00A40000"},
		"2S": {apdu.Command{INS: 0xB0, Ne: 256}, "00B0000000"},
		"3S": {apdu.Command{INS: 0xA4, Data: []byte{1, 2}}, "00A40000020102"},
		"4S": {apdu.Command{INS: 0xA4, Data: []byte{1, 2}, Ne: 10}, "00A400000201020A"},
		"2E": {apdu.Command{INS: 0xB0, Ne: 65536, Extended: true}, "00B00000000000"},
		"3E": {apdu.Command{INS: 0xA4, Data: long, Extended: true}, "00A4000000012C" + hex.EncodeToString(long)},
		"4E": {apdu.Command{INS: 0xA4, Data: []byte{1}, Ne: 16, Extended: true}, "00A40000000001010010"},
	} {
		raw, err := c.command.Encode()
		if err != nil || !bytes.Equal(raw, cardtest.Hex(t, c.want)) {
			t.Errorf("case %s: %X, %v", name, raw, err)
		}
		back, err := apdu.ParseCommand(raw)
		if err != nil || !equal(back, c.command) {
			t.Errorf("case %s: parsed %+v, %v", name, back, err)
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	for name, c := range map[string]apdu.Command{
		"data too long": {Data: make([]byte, 256)}, "Ne too large": {Ne: 257}, "Ne negative": {Ne: -1},
		"Ne over extended": {Ne: 65537, Extended: true}, "data over extended": {Data: make([]byte, 65536), Extended: true},
	} {
		if raw, err := c.Encode(); !errors.Is(err, apdu.ErrEncoding) {
			t.Errorf("%s: %d bytes, %v", name, len(raw), err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, s := range []string{"", "00A400", "00A400000501", "00A4000002010203040506", "00A40000000000", "00A40000000000FF",
		"00A4000000000201", "00A400000000020102FF", "00A400000001", "00B000000001"} {
		c, err := apdu.ParseCommand(cardtest.Hex(t, s))
		if s == "00A40000000000" { // case 2E, the one that is right
			if err != nil || c.Ne != apdu.MaxExtendedNe || !c.Extended {
				t.Errorf("%s: %+v, %v", s, c, err)
			}
			continue
		}
		if !errors.Is(err, apdu.ErrEncoding) {
			t.Errorf("%s: %+v, %v", s, c, err)
		}
	}
}

func TestStatusWords(t *testing.T) {
	if apdu.OK.Err() != nil {
		t.Error("9000 is an error")
	}
	for sw, want := range map[apdu.StatusWord]error{
		0x6A82: apdu.ErrNotFound, 0x6A83: apdu.ErrNotFound, 0x6A88: apdu.ErrReferenceNotFound, 0x6982: apdu.ErrSecurityStatus,
		0x6983: apdu.ErrBlocked, 0x6985: apdu.ErrConditions, 0x6986: apdu.ErrConditions, 0x6300: apdu.ErrAuthentication,
		0x63C2: apdu.ErrAuthentication, 0x6700: apdu.ErrWrongLength, 0x6C10: apdu.ErrWrongLength, 0x6A80: apdu.ErrWrongParameters,
		0x6A86: apdu.ErrWrongParameters, 0x6B00: apdu.ErrOffset, 0x6D00: apdu.ErrNotSupported, 0x6E00: apdu.ErrNotSupported,
		0x6884: apdu.ErrNotSupported, 0x6987: apdu.ErrSecureMessagingObj, 0x6988: apdu.ErrSecureMessagingObj,
		0x6282: apdu.ErrEndOfFile, 0x6F00: apdu.ErrUnspecified, 0x0000: apdu.ErrUnspecified,
	} {
		err := sw.Err()
		var status *apdu.StatusError
		if !errors.Is(err, want) || !errors.As(err, &status) || status.SW != sw {
			t.Errorf("%s: %v, want %v", sw, err, want)
		}
	}
	for sw, want := range map[apdu.StatusWord]int{0x6C10: 16, 0x6C00: 256, 0x6700: 0} {
		if n, ok := sw.Available(); n != want || ok != (want > 0) {
			t.Errorf("%s: %d, %t", sw, n, ok)
		}
	}
	for sw, want := range map[apdu.StatusWord]int{0x6110: 16, 0x6100: 256, 0x9000: 0, 0x6210: 0} {
		if n, ok := sw.Remaining(); n != want || ok != (want > 0) {
			t.Errorf("%s: %d remaining, %t", sw, n, ok)
		}
	}
}

func TestRemaining(t *testing.T) {
	for n, sw := range map[int]apdu.StatusWord{1: 0x6101, 255: 0x61FF, 256: 0x6100, 4000: 0x6100} {
		if got := apdu.More(n); got != sw {
			t.Errorf("%d more: %s, want %s", n, got, sw)
		}
		if got, ok := sw.Remaining(); !ok || got != min(n, apdu.MaxShortNe) {
			t.Errorf("%s: %d, %t", sw, got, ok)
		}
	}
	for _, sw := range []apdu.StatusWord{apdu.OK, 0x6C10, 0x6282} {
		if n, ok := sw.Remaining(); ok {
			t.Errorf("%s has %d more", sw, n)
		}
	}
}

func TestResponse(t *testing.T) {
	for _, raw := range [][]byte{nil, {0x90}} {
		if _, err := apdu.ParseResponse(raw); !errors.Is(err, apdu.ErrEncoding) {
			t.Errorf("%X: %v", raw, err)
		}
	}
	raw := []byte{1, 2, 0x62, 0x82}
	r, err := apdu.ParseResponse(raw)
	if err != nil || r.SW != apdu.EndOfFile || !bytes.Equal(r.Encode(), raw) {
		t.Errorf("%+v, %v", r, err)
	}
}

// FuzzParseCommand: what parses encodes to the same bytes.
func FuzzParseCommand(f *testing.F) {
	for _, s := range []string{"00A4040C07A0000002471001", "00B0000000", "00B00000000000", "0CB000000D9701048E08ED6705417E96BA5500", "00A40000000001010010"} {
		raw, _ := hex.DecodeString(s)
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := apdu.ParseCommand(raw)
		if err != nil {
			return
		}
		back, err := c.Encode()
		if err != nil || !bytes.Equal(back, raw) {
			t.Errorf("%X became %X, %v", raw, back, err)
		}
	})
}
