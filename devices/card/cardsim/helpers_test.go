package cardsim

import (
	"encoding/base64"
	"strings"
	"testing"

	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/tlv"
)

func readHeader(b []byte) (tag tlv.Tag, header, length int, err error) { return tlv.Strict.Header(b) }

func base64Lines(b []byte) string {
	const width = 64
	text := base64.StdEncoding.EncodeToString(b)
	var out strings.Builder
	for len(text) > 0 {
		n := min(width, len(text))
		out.WriteString(text[:n] + "\n")
		text = text[n:]
	}
	return out.String()
}

// terminal is a reader's side that is just clever enough to test the chip: BAC, and secure messaging by secmsg.
type terminal struct {
	t       testing.TB
	card    *Card
	session *secmsg.Session
}

const selectApplication = "00A4040C07A0000002471001"

// plain sends a command without secure messaging.
func (x *terminal) plain(hexCommand string) apdu.Response {
	x.t.Helper()
	return x.send(unhex(x.t, hexCommand))
}

func (x *terminal) send(command []byte) apdu.Response {
	x.t.Helper()
	r, err := apdu.ParseResponse(x.card.Transmit(command).Response)
	if err != nil {
		x.t.Fatal(err)
	}
	return r
}

// protected sends a command under secure messaging and opens the answer.
func (x *terminal) protected(c apdu.Command) apdu.Response {
	x.t.Helper()
	wrapped, err := x.session.Protect(c)
	if err != nil {
		x.t.Fatal(err)
	}
	raw, err := wrapped.Encode()
	if err != nil {
		x.t.Fatal(err)
	}
	r, err := x.session.Unprotect(x.send(raw))
	if err != nil {
		x.t.Fatal(err)
	}
	return r
}

// login selects the application and does BAC.
func login(t testing.TB, c *Card) *terminal {
	t.Helper()
	x := &terminal{t: t, card: c}
	if r := x.plain(selectApplication); r.SW != apdu.OK {
		t.Fatalf("select: %s", r.SW)
	}
	challenge := x.plain("0084000008")
	if challenge.SW != apdu.OK {
		t.Fatalf("challenge: %s", challenge.SW)
	}
	keys := newDocumentKeys(c.profile.MRZInformation)
	ours, key := []byte("terminal"), []byte("key of terminal!")
	command := apdu.Command{INS: apdu.InsExternalAuthenticate, Data: keys.seal(ours, challenge.Data, key), Ne: 40}
	raw, err := command.Encode()
	if err != nil {
		t.Fatal(err)
	}
	answer := x.send(raw)
	if answer.SW != apdu.OK {
		t.Fatalf("external authenticate: %s", answer.SW)
	}
	opened, genuine := keys.open(answer.Data)
	if !genuine {
		t.Fatal("the chip does not know its own keys")
	}
	for i := range key {
		key[i] ^= opened[16+i]
	}
	counter := append(append([]byte(nil), challenge.Data[4:]...), ours[4:]...)
	x.session, err = secmsg.Derive(secmsg.TripleDES, key, counter)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// read reads a whole file in blocks.
func (x *terminal) read(id FileID, block int) []byte {
	x.t.Helper()
	if r := x.protected(selectEF(id)); r.SW != apdu.OK {
		x.t.Fatalf("select %04X: %s", id, r.SW)
	}
	var content []byte
	for {
		r := x.protected(readAt(len(content), block))
		if r.SW == apdu.OffsetOutside {
			return content
		}
		if isRefusal(r.SW) || len(r.Data) == 0 {
			x.t.Fatalf("read %04X at %d: %s", id, len(content), r.SW)
		}
		content = append(content, r.Data...)
	}
}

func selectEF(id FileID) apdu.Command {
	return apdu.Command{INS: apdu.InsSelect, P1: 2, P2: 0x0C, Data: []byte{byte(id >> 8), byte(id)}}
}

func readAt(offset, ne int) apdu.Command {
	return apdu.Command{INS: apdu.InsReadBinary, P1: byte(offset >> 8), P2: byte(offset), Ne: ne, Extended: ne > apdu.MaxShortNe}
}
