package cardsim

import (
	"bytes"
	"testing"

	"motcua/devices/card/apdu"
	"motcua/devices/card/tlv"
)

func TestReadsUnderSecureMessaging(t *testing.T) {
	for name, o := range map[string]Options{
		"short": {}, "extended": {Extended: true}, "end of file": {EndOfFileWarning: true}, "fit": {Oversize: Fit},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCard(t, o)
			x := login(t, c)
			block := map[bool]int{true: 65536, false: 223}[o.Extended]
			for id, want := range c.profile.Files {
				if id == EFCardAccess || id == fingerprints {
					continue
				}
				if got := x.read(id, block); !bytes.Equal(got, want) {
					t.Errorf("%04X: %d bytes, want %d", id, len(got), len(want))
				}
			}
			if r := x.protected(selectEF(fingerprints)); r.SW != apdu.SecurityStatus {
				t.Errorf("fingerprints: %s", r.SW)
			}
			if r := x.protected(selectEF(DG(11))); r.SW != apdu.FileNotFound {
				t.Errorf("DG11: %s", r.SW)
			}
		})
	}
}

// TestOddRead reads with B1 and DO'54', as files over 32 KiB need.
func TestOddRead(t *testing.T) {
	c := newCard(t, Options{})
	x := login(t, c)
	want := c.profile.Files[DG(2)]
	r := x.protected(apdu.Command{INS: apdu.InsReadBinaryOdd, P2: 0x02, Data: tlv.New(tagOffset, []byte{0x10, 0x00}), Ne: 200})
	object, err := tlv.One(r.Data)
	if err != nil || r.SW != apdu.OK || object.Tag != tagDiscretionary {
		t.Fatalf("%v %s %X", err, r.SW, r.Data)
	}
	if len(r.Data) > 200 || !bytes.Equal(object.Value, want[0x1000:0x1000+len(object.Value)]) {
		t.Errorf("%d bytes, not those of the file", len(object.Value))
	}
}

func TestOversize(t *testing.T) {
	for oversize, want := range map[Oversize]struct {
		bytes int
		sw    apdu.StatusWord
	}{Overflow: {256, apdu.OK}, Fit: {231, apdu.OK}, Refuse: {0, apdu.WrongLength}} {
		x := login(t, newCard(t, Options{Oversize: oversize}))
		x.protected(selectEF(DG(2)))
		if r := x.protected(readAt(0, 256)); len(r.Data) != want.bytes || r.SW != want.sw {
			t.Errorf("%d: %d bytes, %s", oversize, len(r.Data), r.SW)
		}
	}
}

// TestSessionEnds: what ends secure messaging, and that nothing can be read after it.
func TestSessionEnds(t *testing.T) {
	cases := map[string]func(x *terminal){
		"plain command": func(x *terminal) { x.plain("00B0000004") },
		"no Le around":  func(x *terminal) { x.tampered(func(b []byte) []byte { return b[:len(b)-1] }, apdu.WrongLength) },
		"MAC":           func(x *terminal) { x.tampered(flipAt(-2), apdu.SMObjectWrong) },
		"header":        func(x *terminal) { x.tampered(flipAt(3), apdu.SMObjectWrong) },
		"Le inside":     func(x *terminal) { x.tampered(flipAt(7), apdu.SMObjectWrong) },
		"no MAC": func(x *terminal) {
			x.tampered(func(b []byte) []byte { return append(append(bytes.Clone(b[:4]), 3), 0x97, 1, 4, 0) }, apdu.SMObjectMissing)
		},
		"reset": func(x *terminal) { x.card.Reset(); x.plain(selectApplication) },
	}
	for name, do := range cases {
		t.Run(name, func(t *testing.T) {
			x := login(t, newCard(t, Options{}))
			x.protected(selectEF(DG(1)))
			do(x)
			for _, command := range []string{"00B0000004", "00B0810004", "0CB000000D9701048E08ED6705417E96BA5500"} {
				if r := x.plain(command); len(r.Data) > 0 || r.SW == apdu.OK {
					t.Errorf("%s: %s with %d bytes", command, r.SW, len(r.Data))
				}
			}
		})
	}
}

func flipAt(i int) func([]byte) []byte {
	return func(b []byte) []byte { return flipped(b, (i+len(b))%len(b)) }
}

// tampered protects a command, changes it, and wants this refusal.
func (x *terminal) tampered(change func([]byte) []byte, want apdu.StatusWord) {
	x.t.Helper()
	wrapped, err := x.session.Protect(readAt(0, 4))
	if err != nil {
		x.t.Fatal(err)
	}
	raw, err := wrapped.Encode()
	if err != nil {
		x.t.Fatal(err)
	}
	if r := x.send(change(raw)); r.SW != want || len(r.Data) > 0 {
		x.t.Errorf("got %s, want %s", r.SW, want)
	}
}

// TestObjectsOutOfOrder: a right MAC over wrongly ordered objects is refused all the same.
func TestObjectsOutOfOrder(t *testing.T) {
	c := newCard(t, Options{})
	login(t, c)
	forge := func(objects []byte) apdu.StatusWord {
		login(t, c)
		s := *c.session
		s.counter = bytes.Clone(s.counter)
		s.step()
		header := []byte{0x0C, 0xB0, 0x81, 0x00}
		body := append(bytes.Clone(objects), tlv.New(tagMAC, s.authenticate(header, objects))...)
		raw, err := apdu.Command{CLA: header[0], INS: header[1], P1: header[2], Data: body, Ne: 256}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		r, err := apdu.ParseResponse(c.Transmit(raw).Response)
		if err != nil {
			t.Fatal(err)
		}
		return r.SW
	}
	le := tlv.New(tagLe, []byte{4})
	if sw := forge(le); sw != apdu.OK {
		t.Fatalf("the forge does not work: %s", sw)
	}
	for name, objects := range map[string][]byte{
		"Le twice":           append(bytes.Clone(le), le...),
		"unknown object":     append(bytes.Clone(le), tlv.New(0x99, []byte{0x90, 0x00})...),
		"cryptogram last":    append(bytes.Clone(le), tlv.New(tagCryptogram, make([]byte, 9))...),
		"cryptogram of odd":  tlv.New(tagCryptogramOdd, make([]byte, 8)),
		"padding indicator":  tlv.New(tagCryptogram, append([]byte{2}, make([]byte, 8)...)),
		"half a block":       tlv.New(tagCryptogram, append([]byte{1}, make([]byte, 7)...)),
		"no padding inside":  tlv.New(tagCryptogram, append([]byte{1}, make([]byte, 8)...)),
		"empty cryptogram":   tlv.New(tagCryptogram, []byte{1}),
		"Le of three bytes":  tlv.New(tagLe, []byte{0, 0, 4}),
		"Le of no bytes":     tlv.New(tagLe),
		"bytes that are not": {0x97, 0x05, 0x04},
	} {
		if sw := forge(objects); sw != apdu.SMObjectWrong {
			t.Errorf("%s: %s", name, sw)
		}
	}
}

func TestPlainErrors(t *testing.T) {
	x := login(t, newCard(t, Options{PlainErrors: true}))
	wrapped, err := x.session.Protect(selectEF(DG(11)))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := wrapped.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if r := x.send(raw); r.SW != apdu.FileNotFound || len(r.Data) > 0 {
		t.Errorf("%s with %d bytes", r.SW, len(r.Data))
	}
	if x.card.session != nil {
		t.Error("the session goes on")
	}
}

// TestEdit: what the chip says wrongly is under a right MAC, and an error that it is made to say is one that it means.
func TestEdit(t *testing.T) {
	edit := func(index int, ins byte, plain apdu.Response) apdu.Response { return plain }
	x := login(t, newCard(t, Options{Edit: func(index int, ins byte, plain apdu.Response) apdu.Response {
		return edit(index, ins, plain)
	}}))
	x.protected(selectEF(DG(1)))
	edit = func(index int, ins byte, plain apdu.Response) apdu.Response {
		if index != x.card.index || ins != apdu.InsReadBinary {
			t.Errorf("command %d, INS %02X", index, ins)
		}
		return apdu.Response{Data: plain.Data[1:], SW: apdu.EndOfFile}
	}
	if r := x.protected(readAt(0, 8)); r.SW != apdu.EndOfFile || !bytes.Equal(r.Data, x.card.profile.Files[DG(1)][1:8]) {
		t.Errorf("%X %s", r.Data, r.SW)
	}
	edit = func(int, byte, apdu.Response) apdu.Response { return apdu.Response{SW: apdu.SecurityStatus} }
	if r := x.protected(readAt(0, 8)); r.SW != apdu.SecurityStatus || len(r.Data) > 0 {
		t.Errorf("%X %s", r.Data, r.SW)
	}
	x.card.Reset()
	if r := x.plain(selectApplication); r.SW != apdu.SecurityStatus || len(r.Data) > 0 {
		t.Errorf("in the plain phase: %X %s", r.Data, r.SW)
	}
}

// TestEditedRefusalBeginsNoSession: a terminal that is told "no" and a chip that goes on under new keys would be two
// stories.
func TestEditedRefusalBeginsNoSession(t *testing.T) {
	for sw, begins := range map[apdu.StatusWord]bool{apdu.ConditionsOfUse: false, 0x63C2: true, apdu.OK: true} {
		c := newCard(t, Options{Edit: func(_ int, ins byte, plain apdu.Response) apdu.Response {
			if ins == apdu.InsExternalAuthenticate {
				plain.SW = sw
			}
			return plain
		}})
		x := &terminal{t: t, card: c}
		x.plain(selectApplication)
		challenge := x.plain("0084000008")
		keys := newDocumentKeys(c.profile.MRZInformation)
		raw, err := apdu.Command{INS: apdu.InsExternalAuthenticate, Ne: 40,
			Data: keys.seal([]byte("terminal"), challenge.Data, []byte("key of terminal!"))}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if r := x.send(raw); r.SW != sw || (c.session != nil) != begins {
			t.Errorf("%s: answered %s, session %t", sw, r.SW, c.session != nil)
		}
	}
}

func TestRewrite(t *testing.T) {
	c := newCard(t, Options{Fault: PlainOK.At(2), Rewrite: func(index int, raw []byte) []byte { return append(raw, byte(index)) }})
	for _, want := range []string{"\x90\x00\x01", "\x90\x00\x02"} {
		if got := c.Transmit(unhex(t, selectApplication)).Response; string(got) != want {
			t.Errorf("%X, want %X", got, want)
		}
	}
}
