package station

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"slices"
	"testing"
	"time"

	"motcua/devices/card/cardsim"
	"motcua/devices/card/vncard"
	"motcua/kiosk/identity"
)

// readPersona reads a simulated card of a persona.
func readPersona(t *testing.T, p cardsim.Persona, o cardsim.ProfileOptions) *vncard.Card {
	t.Helper()
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	o.Photo = photo.Bytes()
	profile, err := cardsim.Build(p, o)
	if err != nil {
		t.Fatal(err)
	}
	c, err := vncard.Read(context.Background(), cardsim.New(profile, cardsim.Options{}).Transport(), vncard.Request{Number: p.Number})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func dayOf(t time.Time) identity.Date {
	if t.IsZero() {
		return identity.Date{}
	}
	return identity.DateOf(t)
}

// TestPersonOf: who the chip says its holder is, for every invented person; of a sealed DG13 only what DG1 has.
func TestPersonOf(t *testing.T) {
	for _, p := range cardsim.Personas() {
		want := identity.Person{Number: identity.Number(p.Number), Name: p.Name, Birth: dayOf(p.Birth), Sex: identity.Sex(p.Sex),
			Nationality: p.Nationality, Ethnicity: p.Ethnicity, Religion: p.Religion, Origin: p.Origin, Residence: p.Residence,
			Features: p.Features, Issued: dayOf(p.Issued), Expires: identity.Expiry{Date: dayOf(p.Expires), Never: p.Expires.IsZero()},
			Father: p.Father, Mother: p.Mother, Spouse: p.Spouse, OldNumber: p.CMND}
		if p.Sealed {
			want = identity.Person{Number: want.Number, Name: "BAN MUI PHAY", Birth: want.Birth, Sex: want.Sex, Nationality: want.Nationality, Expires: want.Expires}
		}
		c := readPersona(t, p, cardsim.ProfileOptions{})
		if got := personOf(c); got != want {
			t.Errorf("%s:\n got %+v\nwant %+v", p.Number, got, want)
		}
		code, err := identity.ParseQR(p.QR())
		if err != nil {
			t.Fatal(err)
		}
		qr := identity.View{Of: identity.PartQR, Person: code.Person}
		if got := append(differencesOf(c), identity.Differences(qr, identity.View{Of: identity.PartDG13, Person: personOf(c)})...); got != nil {
			t.Errorf("%s: one card, and yet %v", p.Number, got)
		}
		if got := identity.Warnings(personOf(c)); got != nil {
			t.Errorf("%s: %v", p.Number, got)
		}
	}
}

// TestPartsOfTwoPeople: DG1 is of one person and DG13 of another, and every fact on which they differ is named.
func TestPartsOfTwoPeople(t *testing.T) {
	people := cardsim.Personas()
	other, err := cardsim.Build(people[1], cardsim.ProfileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c := readPersona(t, people[0], cardsim.ProfileOptions{DG13: other.Files[cardsim.DG(13)]})
	var facts []string
	for _, d := range differencesOf(c) {
		if d.One != identity.PartDG1 || d.Other != identity.PartDG13 {
			t.Errorf("%v", d)
		}
		facts = append(facts, d.Fact)
	}
	if want := []string{"number", "name", "birth", "sex", "expires"}; !slices.Equal(facts, want) {
		t.Errorf("%v, want %v", facts, want)
	}
}
