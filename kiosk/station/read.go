package station

import (
	"context"
	"errors"
	"io"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/pki"
	"motcua/devices/card/pcsc"
	"motcua/devices/card/vncard"
	"motcua/kiosk/fault"
	"motcua/kiosk/identity"
	"motcua/kiosk/session"
)

// Reading is a chip that was read, in the words of the counter.
type Reading struct {
	Person   identity.Person
	Photo    *identity.Photo
	Evidence identity.Evidence
	APDUs    int
	Up, Down int           // bytes of all commands and responses
	Took     time.Duration // from the first command to the last response
}

// Key is what is known before the chip is read: a number with dates from the QR code, or the lines of the MRZ.
type Key struct {
	Number        identity.Number
	Birth, Issued identity.Date
	MRZ           []string
}

// ReadCard reads the chip on the reader for the session. Progress and texts go out through emit.
func (s *Station) ReadCard(ctx context.Context, e session.ReadCard, emit func(session.Event)) (session.CardRead, error) {
	select {
	case <-s.reading: // a read that was just stopped still holds the card for a moment
		defer func() { s.reading <- struct{}{} }()
	case <-ctx.Done():
		return session.CardRead{}, fault.New(CardCode(ctx.Err()), ctx.Err())
	}
	transport, reader, err := s.connect(ctx)
	if err != nil {
		return session.CardRead{}, err
	}
	defer transport.Close()
	req := request(Key{Number: e.Access.Number, Birth: e.Access.Birth, Issued: e.Access.Issued})
	req.Reader, req.Hints, req.Trust = reader, s.memory.Hints, s.trust.now()
	if s.shortOnly(reader) {
		req.Extended = vncard.ExtendedNever
	}
	req.Progress = func(p vncard.Progress) {
		emit(session.CardProgress{Serial: e.Serial, Try: e.Try, Done: p.Bytes, Total: p.TotalBytes})
	}
	req.OnText = func(c *vncard.Card) {
		emit(session.CardText{Serial: e.Serial, Try: e.Try, Person: personOf(c)})
	}
	reading, err := read(ctx, transport, req)
	if err != nil {
		s.setAside(reader, err, emit)
		return session.CardRead{}, err
	}
	s.memory.keep(reader)
	return session.CardRead{Serial: e.Serial, Try: e.Try, Person: reading.Person, Photo: reading.Photo,
		Evidence: reading.Evidence}, nil
}

// setAside lets another card count where this one turned out to be no ID card.
func (s *Station) setAside(reader string, err error, emit func(session.Event)) {
	if !errors.Is(err, vncard.ErrNotEMRTD) {
		return
	}
	s.mu.Lock()
	events := s.slots.setForeign(reader)
	s.mu.Unlock()
	for _, e := range events {
		emit(e)
	}
}

// shortOnly reports whether the reader's driver says that it carries no extended APDUs. It says so once a card was
// powered on it.
func (s *Station) shortOnly(reader string) bool {
	capable, ok := s.cards.(pcsc.Capable)
	if !ok {
		return false
	}
	const longestShort = 261 // header, Lc, 255 bytes, Le
	longest, known := capable.MaxAPDU(reader)
	return known && longest <= longestShort
}

// connect powers the card on the reader.
func (s *Station) connect(ctx context.Context) (card.Transport, string, error) {
	if s.cards == nil {
		return nil, "", fault.New(fault.ReaderAbsent, card.ErrNoReader)
	}
	s.mu.Lock()
	reader := s.slots.reader()
	s.mu.Unlock()
	if reader == "" {
		return nil, "", fault.New(fault.ReaderGone, card.ErrNoReader)
	}
	transport, err := s.cards.Connect(ctx, reader)
	if err != nil {
		return nil, "", fault.New(CardCode(err), err)
	}
	return transport, reader, nil
}

// Read reads the chip behind a transport, and believes whom trust does. trace, if not nil, gets each command and response
// as a line. An error has a fault.Code.
func Read(ctx context.Context, transport card.Transport, key Key, trust pki.Trust, trace io.Writer) (Reading, error) {
	req := request(key)
	req.Trace, req.Trust = trace, trust
	return read(ctx, transport, req)
}

func request(key Key) vncard.Request {
	return vncard.Request{Number: string(key.Number), Birth: vncard.Date(key.Birth), Issued: vncard.Date(key.Issued), MRZ: key.MRZ}
}

// read reads the chip and turns what it says into the counter's words. The files themselves are wiped; what is kept of
// them with the filing is in the evidence.
func read(ctx context.Context, transport card.Transport, req vncard.Request) (Reading, error) {
	c, err := vncard.Read(ctx, transport, req)
	if err != nil {
		return Reading{}, fault.New(CardCode(err), err)
	}
	defer c.Wipe()
	return readingOf(c)
}

func readingOf(c *vncard.Card) (Reading, error) {
	evidence, err := evidenceOf(c)
	return Reading{
		Person: personOf(c), Photo: photoOf(c), Evidence: evidence,
		APDUs: c.Stats.APDUs, Up: c.Stats.Up, Down: c.Stats.Down, Took: c.Stats.Duration,
	}, err
}

// Examine makes the checks of a reading again, from the evidence and the portrait that were kept with a filing and with
// the trust of today. at is when the card was read; zero believes the evidence. fault.NotFound if there is no proof.
func Examine(evidence identity.Evidence, photo *identity.Photo, trust pki.Trust, at time.Time) (Reading, error) {
	if len(evidence.Proof) == 0 {
		return Reading{}, fault.Newf(fault.NotFound, "no chip was read for this")
	}
	proof, err := vncard.ParseProof(evidence.Proof)
	if err != nil {
		return Reading{}, fault.New(fault.StoreDamaged, err)
	}
	var portrait []byte
	if photo != nil {
		portrait = photo.Data
	}
	return readingOf(vncard.Examine(proof, portrait, trust, at))
}

// Verdict gives a reading that is not to be believed its code, "" if nothing is against it.
func (r Reading) Verdict() fault.Code {
	switch r.Evidence.Verdict() {
	case identity.Forged, identity.Doubtful:
		return fault.CardForged
	case identity.Cloned:
		return fault.CardCloned
	case identity.Downgraded:
		return fault.CardDowngraded
	}
	return ""
}

// CardCode gives a failure of reader or chip its code. What the transport says comes first: a card that was pulled
// breaks everything above it, and must not be told as a wrong number.
func CardCode(err error) fault.Code {
	for _, c := range []struct {
		is   error
		code fault.Code
	}{
		{card.ErrRemoved, fault.CardRemoved}, {card.ErrNoCard, fault.CardRemoved}, {card.ErrNoReader, fault.ReaderGone},
		{card.ErrService, fault.ReaderGone}, {card.ErrUnresponsive, fault.CardMute}, {card.ErrBusy, fault.CardFailed},
		{context.DeadlineExceeded, fault.CardTimeout}, {context.Canceled, fault.CardTimeout},
		{vncard.ErrNotEMRTD, fault.CardNotID}, {vncard.ErrWrongKey, fault.CardWrongKey},
		{vncard.ErrOtherCard, fault.CardOther}, {vncard.ErrKeyMissing, fault.CardKeyNeeded},
		{vncard.ErrUnsupported, fault.CardUnsupported}, {emrtd.ErrNotGenuine, fault.CardCloned},
		{vncard.ErrRequest, fault.CardKeyNeeded}, {vncard.ErrSecureMessaging, fault.CardSecure},
		{emrtd.ErrSessionEnded, fault.CardSecure}, {vncard.ErrDamaged, fault.CardDamaged},
	} {
		if errors.Is(err, c.is) {
			return c.code
		}
	}
	return fault.CardFailed
}
