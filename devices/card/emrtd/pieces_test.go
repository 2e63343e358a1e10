package emrtd

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"motcua/devices/card/apdu"
	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd/secmsg"
)

// TestPieces: the rest of an answer is asked for with GET RESPONSE and as many bytes as the chip says.
func TestPieces(t *testing.T) {
	c := New(cardtest.NewPlayback(t, cardtest.Recording{Steps: []cardtest.Step{
		{Command: "0084000008", Response: "01026102"},
		{Command: "00C0000002", Response: "036100"},
		{Command: "00C0000000", Response: "04059000"},
	}}))
	r, err := c.Send(t.Context(), apdu.Command{INS: apdu.InsGetChallenge, Ne: 8})
	if err != nil || r.SW != apdu.OK || !bytes.Equal(r.Data, []byte{1, 2, 3, 4, 5}) {
		t.Errorf("%X %s, %v", r.Data, r.SW, err)
	}
	if c.Stats().APDUs != 3 {
		t.Errorf("%d commands", c.Stats().APDUs)
	}
}

// TestPiecesHaveAnEnd: neither a chip that never gives the rest nor one that never ends it holds the reader.
func TestPiecesHaveAnEnd(t *testing.T) {
	c := New(&script{t: t, steps: []cardtest.Step{{Response: "6108"}, {Response: "6108"}}})
	r, err := c.Send(t.Context(), apdu.Command{INS: apdu.InsGetChallenge, Ne: 8})
	if err != nil || r.SW != 0x6108 || len(r.Data) > 0 {
		t.Errorf("no rest: %X %s, %v", r.Data, r.SW, err)
	}
	var endless []cardtest.Step
	for range apdu.MaxExtendedNe / apdu.MaxShortNe {
		endless = append(endless, cardtest.Step{Response: strings.Repeat("00", apdu.MaxShortNe) + "6100"})
	}
	c = New(&script{t: t, steps: endless})
	r, err = c.Send(t.Context(), apdu.Command{INS: apdu.InsGetChallenge, Ne: 8})
	if err != nil || r.SW != 0x6100 || len(r.Data) != apdu.MaxExtendedNe {
		t.Errorf("no end: %d bytes %s, %v", len(r.Data), r.SW, err)
	}
	for i := range endless {
		endless[i].Response = "006101"
	}
	c = New(&script{t: t, steps: append(endless, cardtest.Step{Response: "006101"})})
	r, err = c.Send(t.Context(), apdu.Command{INS: apdu.InsGetChallenge, Ne: 8})
	if err != nil || r.SW != 0x6101 || len(r.Data) > len(endless)+1 {
		t.Errorf("a byte at a time: %d bytes %s, %v", len(r.Data), r.SW, err)
	}
}

// TestPiecesAreNotTrusted: under secure messaging a piece counts for nothing before the whole is checked.
func TestPiecesAreNotTrusted(t *testing.T) {
	c, _ := secured(t, "01026102", "03049000")
	_, err := c.Send(t.Context(), apdu.Command{INS: apdu.InsInternalAuthenticate, Data: make([]byte, 8), Ne: 256})
	if !errors.Is(err, ErrSecureMessaging) || !errors.Is(err, secmsg.ErrFormat) && !errors.Is(err, secmsg.ErrUnprotected) {
		t.Errorf("%v", err)
	}
}
