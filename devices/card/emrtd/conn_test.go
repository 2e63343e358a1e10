package emrtd

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"motcua/devices/card"
	"motcua/devices/card/apdu"
	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/tlv"
)

// fileChip holds one file and answers READ BINARY in the clear.
type fileChip struct {
	file     []byte
	maxLe    int // refused above; 0: no limit
	extended bool
	noSFI    bool
	atMost   int // answers so many bytes at a time; 0: all
	refusal  apdu.StatusWord
	noB1     bool
	selected bool
	commands []apdu.Command
}

func (f *fileChip) ATR() []byte  { return nil }
func (f *fileChip) Close() error { return nil }

func (f *fileChip) Transmit(_ context.Context, raw []byte) ([]byte, error) {
	c, err := apdu.ParseCommand(raw)
	if err != nil {
		return nil, err
	}
	f.commands = append(f.commands, c)
	return f.answer(c).Encode(), nil
}

func (f *fileChip) answer(c apdu.Command) apdu.Response {
	offset := int(c.P1)<<8 | int(c.P2)
	switch {
	case c.Extended && !f.extended:
		return apdu.Response{SW: apdu.WrongLength}
	case f.maxLe > 0 && c.Ne > f.maxLe:
		return apdu.Response{SW: f.refusal}
	case c.INS == apdu.InsSelect:
		f.selected = true
		return apdu.Response{SW: apdu.OK}
	case c.INS == apdu.InsReadBinaryOdd:
		o, err := tlv.One(c.Data)
		if f.noB1 || err != nil || o.Tag != 0x54 {
			return apdu.Response{SW: apdu.WrongINS}
		}
		offset = 0
		for _, b := range o.Value {
			offset = offset<<8 | int(b)
		}
	case c.P1&0x80 != 0:
		if f.noSFI {
			return apdu.Response{SW: apdu.WrongP1P2}
		}
		offset = int(c.P2)
	}
	if offset >= len(f.file) {
		return apdu.Response{SW: apdu.OffsetOutside}
	}
	n := min(c.Ne, len(f.file)-offset)
	if f.atMost > 0 {
		n = min(n, f.atMost)
	}
	data := f.file[offset : offset+n]
	if c.INS == apdu.InsReadBinaryOdd {
		data = tlv.New(0x53, data[:min(n, c.Ne-4)])
	}
	return apdu.Response{Data: data, SW: apdu.OK}
}

func group(size int) []byte { return tlv.New(0x75, bytes.Repeat([]byte{0x5A}, size)) }

func TestReadFile(t *testing.T) {
	for name, v := range map[string]struct {
		chip  fileChip
		sizes Sizes
		reads int
	}{
		"one block":             {fileChip{file: group(100)}, Sizes{}, 1},
		"exactly one block":     {fileChip{file: group(253)}, Sizes{}, 1},
		"one byte more":         {fileChip{file: group(254)}, Sizes{}, 2},
		"padding behind":        {fileChip{file: append(group(50), make([]byte, 400)...)}, Sizes{}, 1},
		"extended":              {fileChip{file: group(20000), extended: true}, Sizes{Extended: true}, 1},
		"extended refused":      {fileChip{file: group(500)}, Sizes{Extended: true}, 1 + 2},
		"remembered size":       {fileChip{file: group(500)}, Sizes{Chunk: 160}, 4},
		"6700 above 192":        {fileChip{file: group(500), maxLe: 192, refusal: 0x6700}, Sizes{}, 2 + 3},
		"6CA0 above 160":        {fileChip{file: group(500), maxLe: 160, refusal: 0x6CA0}, Sizes{}, 1 + 4},
		"less than asked":       {fileChip{file: group(400), atMost: 100}, Sizes{}, 5},
		"no short identifiers":  {fileChip{file: group(100), noSFI: true}, Sizes{}, 1 + 1 + 1},
		"over 32767":            {fileChip{file: group(33000)}, Sizes{}, 128 + 1},
		"over 32767, extended":  {fileChip{file: group(33000), extended: true, atMost: 32768}, Sizes{Extended: true}, 2},
		"far over 32767, small": {fileChip{file: group(70000)}, Sizes{}, 128 + 148},
	} {
		t.Run(name, func(t *testing.T) {
			chip := v.chip
			c := New(&chip)
			c.SetSizes(v.sizes)
			last := 0
			got, err := c.ReadFile(context.Background(), DG2, func(read, size int) {
				if read <= last || read > size {
					t.Errorf("progress from %d to %d of %d", last, read, size)
				}
				last = read
			})
			if err != nil {
				t.Fatal(err)
			}
			o, err := tlv.Tolerant.One(chip.file)
			if err != nil || !bytes.Equal(got, o.Raw) || last != len(got) {
				t.Errorf("%d bytes, want %d, progress ended at %d", len(got), len(o.Raw), last)
			}
			if len(chip.commands) != v.reads || c.Stats().APDUs != v.reads {
				t.Errorf("%d commands, want %d", len(chip.commands), v.reads)
			}
			sfi := 0
			for _, command := range chip.commands {
				if command.INS == apdu.InsReadBinary && command.P1&0x80 != 0 && command.Ne <= 256 {
					sfi++
				}
			}
			if sfi > 3 {
				t.Errorf("%d reads name the short identifier", sfi)
			}
		})
	}
}

func TestReadFileFails(t *testing.T) {
	for name, v := range map[string]struct {
		chip fileChip
		want error
	}{
		"truncated":           {fileChip{file: group(1000)[:700]}, ErrDamaged},
		"other tag":           {fileChip{file: tlv.New(0x61, make([]byte, 20))}, ErrDamaged},
		"2 GiB":               {fileChip{file: []byte{0x75, 0x84, 0x7F, 0xFF, 0xFF, 0xFF, 1, 2}}, ErrDamaged},
		"1 MiB":               {fileChip{file: []byte{0x75, 0x83, 0x10, 0x00, 0x00, 1, 2}}, ErrDamaged},
		"indefinite":          {fileChip{file: []byte{0x75, 0x80, 1, 2, 0, 0}}, ErrDamaged},
		"empty object":        {fileChip{file: []byte{0x75, 0}}, ErrDamaged},
		"a byte at a time":    {fileChip{file: group(5000), atMost: 2}, ErrDamaged},
		"no file":             {fileChip{}, apdu.ErrOffset},
		"no size is accepted": {fileChip{file: group(100), maxLe: 1, refusal: 0x6700}, apdu.ErrWrongLength},
		"no odd instruction":  {fileChip{file: group(33000), noB1: true}, apdu.ErrNotSupported},
	} {
		c := New(&v.chip)
		if got, err := c.ReadFile(context.Background(), DG2, nil); !errors.Is(err, v.want) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
}

// pacePlay runs PACE against answers that the caller changes.
func pacePlay(t *testing.T, change func([]cardtest.Step)) (*Conn, error) {
	t.Helper()
	steps := []cardtest.Step{}
	cardtest.EachVector(t, func(_ *testing.T, v cardtest.Vector) {
		if len(steps) < 5 {
			steps = append(steps, cardtest.Step{Command: v.Out("capdu"), Response: v.Out("rapdu")})
		}
	}, "pace_apdu")
	change(steps)
	c := New(&script{steps: steps, t: t})
	c.Random = fixedKeys(cardtest.Hex(t, "7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99"),
		cardtest.Hex(t, "A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595"))
	info, _ := lds.NewPACEInfo("0.4.0.127.0.7.2.2.4.2.2", 13)
	return c, c.PACE(context.Background(), info, MRZ(lds.MRZInformation("T22000129", "640812", "101031")))
}

// script gives answers in turn, whatever is asked.
type script struct {
	t     *testing.T
	steps []cardtest.Step
}

func (s *script) ATR() []byte  { return nil }
func (s *script) Close() error { return nil }

func (s *script) Transmit(context.Context, []byte) ([]byte, error) {
	if len(s.steps) == 0 {
		s.t.Error("a command too many")
		return nil, card.ErrUnresponsive
	}
	raw := cardtest.Hex(s.t, s.steps[0].Response)
	s.steps = s.steps[1:]
	return raw, nil
}

func TestPACERefuses(t *testing.T) {
	infinity, compressed := "7C038201009000", "7C238221"+"02"+"824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F57"+"9000"
	for name, v := range map[string]struct {
		step   int
		answer string
		want   error
	}{
		"MSE 6A88":                   {0, "6A88", ErrKeyNotKnown},
		"MSE 6A80":                   {0, "6A80", ErrNoPACE},
		"MSE 6D00":                   {0, "6D00", ErrNoPACE},
		"nonce missing":              {1, "9000", ErrAccess},
		"nonce empty":                {1, "7C0280009000", ErrAccess},
		"nonce short":                {1, "7C0A800895A3A016522EE98D9000", ErrAccess},
		"nonce in another tag":       {1, "7C12811095A3A016522EE98D01E76CB6B98B42C39000", ErrAccess},
		"template in another tag":    {1, "7D12801095A3A016522EE98D01E76CB6B98B42C39000", ErrAccess},
		"object too many":            {1, "7C14801095A3A016522EE98D01E76CB6B98B42C381009000", ErrAccess},
		"status at step 1":           {1, "6985", ErrAccess},
		"infinity":                   {2, infinity, ErrAccess},
		"compressed point":           {2, compressed, ErrAccess},
		"point off the curve":        {2, "7C43824104824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F5730D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C559000", ErrAccess},
		"our own mapping point back": {2, "7C438241047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D9000", ErrAccess},
		"our own key back":           {3, "7C438441042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB364629000", ErrAccess},
		"6300":                       {4, "6300", ErrWrongKey},
		"63C2":                       {4, "63C2", ErrWrongKey},
		"6983":                       {4, "6983", ErrWrongKey},
		"6A80 at the end":            {4, "6A80", ErrAccess},
		"token changed":              {4, "7C0A86083ABB9674BCE93C099000", ErrSecureMessaging},
		"our own token":              {4, "7C0A8608C2B0BD78D94BA8669000", ErrSecureMessaging},
		"token short":                {4, "7C0986073ABB9674BCE93C9000", ErrSecureMessaging},
		"token missing":              {4, "9000", ErrAccess},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := pacePlay(t, func(steps []cardtest.Step) { steps[v.step].Response = v.answer })
			if !errors.Is(err, v.want) || c.Secured() {
				t.Errorf("%v, secured %t", err, c.Secured())
			}
			for _, other := range []error{ErrWrongKey, ErrSecureMessaging, ErrKeyNotKnown} {
				if other != v.want && errors.Is(err, other) {
					t.Errorf("%v is also %v", err, other)
				}
			}
		})
	}
}

func hexOf(b []byte) string { return strings.ToUpper(hex.EncodeToString(b)) }

func TestBACRefuses(t *testing.T) {
	const information = "L898902C<369080619406236"
	rnd := cardtest.Hex(t, "781723860C06C226"+"0B795240CB7049B01C19B33E32804F0B")
	good := "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D7449"
	enc, mac := bacKeys(information)
	sealed := func(plain string) string {
		raw, err := seal(enc, mac, cardtest.Hex(t, plain))
		if err != nil {
			t.Fatal(err)
		}
		return hexOf(raw) + "9000"
	}
	const ic, ifd, key = "4608F91988702212", "781723860C06C226", "0B4F80323EB3191CB04970CB4052790B"
	for name, v := range map[string]struct {
		challenge, answer string
		want              error
	}{
		"right":                      {ic + "9000", good + "9000", nil},
		"right, sealed here":         {ic + "9000", sealed(ic + ifd + key), nil},
		"GET CHALLENGE 6D00":         {"6D00", "", ErrAccess},
		"challenge of 7 bytes":       {ic[2:] + "9000", "", ErrAccess},
		"no challenge":               {"9000", "", ErrAccess},
		"6300":                       {ic + "9000", "6300", ErrWrongKey},
		"6985":                       {ic + "9000", "6985", ErrWrongKey},
		"6982":                       {ic + "9000", "6982", ErrWrongKey},
		"6988":                       {ic + "9000", "6988", ErrWrongKey},
		"6A88":                       {ic + "9000", "6A88", ErrWrongKey},
		"6F00":                       {ic + "9000", "6F00", ErrAccess},
		"MAC changed":                {ic + "9000", good[:78] + "48" + "9000", ErrSecureMessaging},
		"39 bytes":                   {ic + "9000", good[:78] + "9000", ErrAccess},
		"41 bytes":                   {ic + "9000", good + "009000", ErrAccess},
		"another reader's challenge": {ic + "9000", sealed(ic + "0000000000000000" + key), ErrSecureMessaging},
		"another chip's challenge":   {ic + "9000", sealed("0000000000000000" + ifd + key), ErrSecureMessaging},
	} {
		c := New(&script{t: t, steps: []cardtest.Step{{Response: v.challenge}, {Response: v.answer}}})
		c.Random = bytes.NewReader(rnd)
		err := c.BAC(context.Background(), information)
		if !errors.Is(err, v.want) || c.Secured() != (v.want == nil) {
			t.Errorf("%s: %v, secured %t", name, err, c.Secured())
		}
	}
}

// secured makes a connection with a session whose chip side the test plays.
func secured(t *testing.T, answers ...string) (*Conn, *script) {
	t.Helper()
	s := &script{t: t}
	for _, a := range answers {
		s.steps = append(s.steps, cardtest.Step{Response: a})
	}
	c := New(s)
	session, err := secmsg.Derive(secmsg.AES128, []byte("k"), nil)
	if err != nil {
		t.Fatal(err)
	}
	c.secure(session)
	return c, s
}

// After an answer that is not genuine nothing goes out any more: script fails the test for a command too many.
func TestNothingAfterForgery(t *testing.T) {
	c, _ := secured(t, "9000")
	read := apdu.Command{INS: apdu.InsReadBinary, Ne: 10}
	for range 3 {
		if _, err := c.Send(context.Background(), read); !errors.Is(err, ErrSecureMessaging) {
			t.Errorf("%v", err)
		}
	}
	if err := c.SelectApplication(context.Background()); !errors.Is(err, ErrSecureMessaging) {
		t.Errorf("%v", err)
	}
	if err := c.BAC(context.Background(), "x"); !errors.Is(err, ErrSecureMessaging) {
		t.Errorf("%v", err)
	}
}

// After a bare error only access control goes out, and no READ BINARY in the clear even then.
func TestOnlyAccessAfterPlainError(t *testing.T) {
	c, s := secured(t, "6700", "9000")
	read := apdu.Command{INS: apdu.InsReadBinary, Ne: 10}
	for range 2 {
		if _, err := c.Send(context.Background(), read); !errors.Is(err, ErrSessionEnded) {
			t.Errorf("%v", err)
		}
	}
	if err := c.SelectApplication(context.Background()); err != nil || len(s.steps) != 0 {
		t.Errorf("selecting the application: %v", err)
	}
	for _, ins := range []byte{apdu.InsReadBinary, apdu.InsReadBinaryOdd} {
		if _, err := c.Send(context.Background(), apdu.Command{INS: ins, Ne: 10}); !errors.Is(err, ErrSecureMessaging) {
			t.Errorf("INS %02X: %v", ins, err)
		}
	}
	if _, _, err := c.ReadCardAccess(context.Background(), false); !errors.Is(err, ErrSecureMessaging) {
		t.Errorf("EF.CardAccess: %v", err)
	}
}

func TestForget(t *testing.T) {
	c, _ := secured(t)
	c.Forget()
	if _, err := c.Send(context.Background(), apdu.Command{INS: apdu.InsReadBinary, Ne: 1}); err == nil || c.Secured() {
		t.Errorf("%v", err)
	}
}

func TestNotATravelDocument(t *testing.T) {
	for sw, want := range map[string]error{"6A82": ErrNotEMRTD, "6D00": ErrNotEMRTD, "6E00": ErrNotEMRTD, "6999": ErrNotEMRTD, "6A81": ErrNotEMRTD,
		"6F00": ErrAccess, "6982": ErrAccess} {
		c := New(&script{t: t, steps: []cardtest.Step{{Response: sw}}})
		if err := c.SelectApplication(context.Background()); !errors.Is(err, want) {
			t.Errorf("%s: %v", sw, err)
		}
	}
}

func TestTransportFails(t *testing.T) {
	c := New(&cardtest.Cut{Transport: &fileChip{file: group(1000)}, After: 2})
	if _, err := c.ReadFile(context.Background(), DG2, nil); !errors.Is(err, card.ErrRemoved) {
		t.Errorf("%v", err)
	}
	if err := c.SelectApplication(context.Background()); !errors.Is(err, card.ErrRemoved) {
		t.Errorf("a command after the removal: %v", err)
	}
	empty := New(&script{t: t, steps: []cardtest.Step{{Response: ""}}})
	if err := empty.SelectApplication(context.Background()); !errors.Is(err, card.ErrUnresponsive) {
		t.Errorf("an empty answer: %v", err)
	}
}
