package vncard_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"reflect"
	"testing"
	"time"

	"motcua/devices/card/cardsim"
	"motcua/devices/card/vncard"
)

// tinyPhoto spares the tests the drawing of a portrait.
func tinyPhoto(t *testing.T) []byte {
	t.Helper()
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	return photo.Bytes()
}

// textOf is what a persona's DG13 says.
func textOf(p cardsim.Persona) vncard.DG13 {
	const dayFormat = "02/01/2006"
	if p.Sealed {
		return vncard.DG13{Opaque: true}
	}
	return vncard.DG13{Number: p.Number, Name: p.Name, Birth: p.Birth.Format(dayFormat), Sex: p.Sex.Text(), Nationality: p.Nationality,
		Ethnicity: p.Ethnicity, Religion: p.Religion, Origin: p.Origin, Residence: p.Residence, Features: p.Features,
		Issued: p.Issued.Format(dayFormat), Expires: p.ExpiryText(), Father: p.Father, Mother: p.Mother, Spouse: p.Spouse,
		OldNumber: p.CMND, Serial: p.ChipSerial}
}

// TestInventedPeople reads every card that cardsim has, by the number alone and by what the QR code gives to BAC.
func TestInventedPeople(t *testing.T) {
	t.Parallel()
	photo := tinyPhoto(t)
	for _, p := range cardsim.Personas() {
		for _, way := range []vncard.Access{vncard.PACECAN, vncard.BAC} {
			t.Run(p.Number+" "+string(way), func(t *testing.T) {
				t.Parallel()
				profile, err := cardsim.Build(p, cardsim.ProfileOptions{Photo: photo, BACOnly: way == vncard.BAC})
				if err != nil {
					t.Fatal(err)
				}
				request := vncard.Request{Number: p.Number}
				if way == vncard.BAC {
					request.Birth, request.Issued = vncard.DateOf(p.Birth), vncard.DateOf(p.Issued)
				}
				c, err := vncard.Read(deadline(t), cardsim.New(profile, cardsim.Options{NoPACE: way == vncard.BAC}).Transport(), request)
				if err != nil {
					t.Fatal(err)
				}
				mrz := p.MRZ()
				if c.Access != way || c.Number != p.Number || c.MRZ == nil || !reflect.DeepEqual(c.MRZ.Lines, mrz[:]) || c.Photo == nil {
					t.Errorf("%s, %+v", c.Access, c.MRZ)
				}
				if want := textOf(p); c.DG13 == nil || !reflect.DeepEqual(*c.DG13, want) {
					t.Errorf("DG13:\n got %+v\nwant %+v", c.DG13, want)
				}
			})
		}
	}
}

// The people's cards end as the law says, so that BAC with the days of the QR code opens them at the first attempt.
func TestInventedPeopleExpireByLaw(t *testing.T) {
	for _, p := range cardsim.Personas() {
		want := vncard.NoExpiry()
		if !p.Expires.IsZero() {
			want = vncard.DateOf(p.Expires)
		}
		got := vncard.ExpiryCandidates(vncard.DateOf(p.Birth), vncard.DateOf(p.Issued))
		if len(got) == 0 || got[0] != want {
			t.Errorf("%s: %v, and the card says %s", p.Number, got, p.Expires.Format(time.DateOnly))
		}
	}
}

// Two people's data groups on one chip are read, for the difference is the officer's to see: only the number decides
// whose card it is.
func TestGroupsOfTwoPeople(t *testing.T) {
	people := cardsim.Personas()
	other, err := cardsim.Build(people[1], cardsim.ProfileOptions{Photo: tinyPhoto(t)})
	if err != nil {
		t.Fatal(err)
	}
	profile, err := cardsim.Build(people[0], cardsim.ProfileOptions{Photo: tinyPhoto(t), DG13: other.Files[cardsim.DG(13)]})
	if err != nil {
		t.Fatal(err)
	}
	c, err := vncard.Read(deadline(t), cardsim.New(profile, cardsim.Options{}).Transport(), vncard.Request{Number: people[0].Number})
	if err != nil {
		t.Fatal(err)
	}
	if c.Number != people[0].Number || c.DG13 == nil || c.DG13.Number != people[1].Number {
		t.Errorf("%s, %+v", c.Number, c.DG13)
	}
	if got := outcome(c, vncard.CheckNumber); got != vncard.Failed {
		t.Errorf("%s: %s", vncard.CheckNumber, got)
	}
}
