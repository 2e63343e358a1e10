package office

import (
	"context"
	"strings"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/pki"
	"motcua/devices/card/vncard"
	"motcua/kiosk/fault"
	"motcua/kiosk/station"
)

// cardTime is how long a slow chip with a large portrait may take.
const cardTime = 60 * time.Second

// CardSecret reads what only the chip of an officer's own card says, for seal.Secret.Card: its EF.SOD, which is the same at each reading. The
// card lies on the reader whose name has this in it, "" for any; key opens the chip. A card that is not to be believed gives none: the error has
// the code of a failed reading, or of what is wrong with the card. The caller clears what it gets.
func CardSecret(ctx context.Context, readers card.Readers, reader string, key station.Key, trusted pki.Trust, wait time.Duration) ([]byte, error) {
	name, err := WaitForCard(ctx, readers, reader, wait)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, cardTime)
	defer cancel()
	transport, err := readers.Connect(ctx, name)
	if err != nil {
		return nil, fault.New(station.CardCode(err), err)
	}
	defer transport.Close()
	reading, err := station.Read(ctx, transport, key, trusted, nil)
	if err != nil {
		return nil, err
	}
	if code := reading.Verdict(); code != "" {
		return nil, fault.New(code, nil)
	}
	proof, err := vncard.ParseProof(reading.Evidence.Proof)
	if err != nil {
		return nil, fault.New(fault.CardDamaged, err)
	}
	secret := proof.Files[emrtd.SOD.String()]
	if len(secret) == 0 {
		return nil, fault.Newf(fault.CardIncomplete, "office: the chip gave no EF.SOD")
	}
	return secret, nil
}

// WaitForCard waits until a card lies on a reader of that name and names the reader. Without one, the failure says how
// far the best of the readers came: no service or reader, no card, a card that does not answer.
func WaitForCard(ctx context.Context, readers card.Readers, name string, wait time.Duration) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	absent := fault.New(fault.ReaderAbsent, card.ErrNoReader)
	far := map[string]*fault.Error{} // by reader
	for e := range readers.Watch(ctx) {
		if !strings.Contains(e.Reader, name) && e.Reader != "" {
			continue
		}
		switch e.Kind {
		case card.CardInserted:
			return e.Reader, nil
		case card.ServiceDown:
			absent = fault.New(fault.ReaderAbsent, e.Err)
		case card.ServiceUp:
			absent = fault.New(fault.ReaderAbsent, card.ErrNoReader)
		case card.ReaderAdded, card.CardRemoved:
			far[e.Reader] = fault.New(fault.CardAbsent, card.ErrNoCard)
		case card.CardMute:
			far[e.Reader] = fault.New(fault.CardMute, card.ErrUnresponsive)
		case card.ReaderGone:
			delete(far, e.Reader)
		}
	}
	best := absent
	for _, f := range far {
		if best == absent || f.Code == fault.CardMute {
			best = f
		}
	}
	return "", best
}
