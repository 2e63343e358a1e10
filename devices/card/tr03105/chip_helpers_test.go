package tr03105_test

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"maps"
	"testing"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/cardtest"
	"motcua/devices/card/vncard"
)

// smallProfile is the first persona's card with a portrait of a few pixels.
func smallProfile(t *testing.T, o cardsim.ProfileOptions) *cardsim.Profile {
	t.Helper()
	if o.Photo == nil && o.PhotoBytes == 0 && !o.JPEG2000 {
		var photo bytes.Buffer
		if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
			t.Fatal(err)
		}
		o.Photo = photo.Bytes()
	}
	p, err := cardsim.Build(cardsim.Personas()[0], o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// changed is a profile with one file changed; nil takes it away.
func changed(t *testing.T, p *cardsim.Profile, id cardsim.FileID, change func([]byte) []byte) *cardsim.Profile {
	t.Helper()
	other := *p
	other.Files = maps.Clone(p.Files)
	if content := change(bytes.Clone(p.Files[id])); content != nil {
		other.Files[id] = content
	} else {
		delete(other.Files, id)
	}
	return &other
}

// requestFor is what the QR code of the persona says.
func requestFor(p cardsim.Persona) vncard.Request {
	date := func(t time.Time) vncard.Date { return vncard.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()} }
	return vncard.Request{Number: p.Number, Birth: date(p.Birth), Issued: date(p.Issued)}
}

// readOver reads a card whole through a transport.
func readOver(t *testing.T, transport card.Transport, p cardsim.Persona) (*vncard.Card, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	return vncard.Read(ctx, transport, requestFor(p))
}

func tryReading(t *testing.T, p *cardsim.Profile, o cardsim.Options) (*vncard.Card, error) {
	t.Helper()
	return readOver(t, cardsim.New(p, o).Transport(), p.Persona)
}

// reading is tryReading of a card that can be read.
func reading(t *testing.T, p *cardsim.Profile, o cardsim.Options) *vncard.Card {
	t.Helper()
	c, err := tryReading(t, p, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// recorded is a chip whose commands are kept.
func recorded(p *cardsim.Profile, o cardsim.Options) *cardtest.Record {
	return cardtest.NewRecord(cardsim.New(p, o).Transport())
}

// wants compares one check of a card.
func wants(t *testing.T, c *vncard.Card, name vncard.CheckName, outcome vncard.Outcome, cause vncard.Cause) {
	t.Helper()
	for _, check := range c.Checks {
		if check.Name == name {
			if check.Outcome != outcome || check.Cause != cause {
				t.Errorf("%+v, want %s %s", check, outcome, cause)
			}
			return
		}
	}
	t.Errorf("no check %s", name)
}
