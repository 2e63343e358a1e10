package pki_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"motcua/devices/card/cardsim"
	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/pki"
)

// portrait is a small picture, because drawing one takes longer than all the rest.
var portrait = filepath.Join("..", "..", "vncard", "testdata", "portrait.jpg")

// TestSimulatedCards checks the cards of package cardsim, which has an issuer of its own.
func TestSimulatedCards(t *testing.T) {
	photo, err := os.ReadFile(portrait)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		options cardsim.ProfileOptions
		want    wanted
	}{
		"good":           {cardsim.ProfileOptions{}, trusted},
		"named curves":   {cardsim.ProfileOptions{NamedCurves: true}, trusted},
		"wrong hash":     {cardsim.ProfileOptions{BadHash: 13}, wanted{pki.Forged, "DG13", pki.CauseHash, ""}},
		"not listed":     {cardsim.ProfileOptions{Unlisted: 15}, wanted{pki.Forged, "DG15", pki.CauseNotListed, ""}},
		"forged signer":  {cardsim.ProfileOptions{ForgedSigner: true}, wanted{pki.Forged, pki.StepIssuer, pki.CauseIssuer, ""}},
		"expired signer": {cardsim.ProfileOptions{ExpiredSigner: true}, noted("has ended since")},
	} {
		t.Run(name, func(t *testing.T) {
			c.options.Photo = photo
			profile, err := cardsim.Build(cardsim.Personas()[0], c.options)
			if err != nil {
				t.Fatal(err)
			}
			root, err := pki.ParseCertificate(profile.Root)
			if err != nil {
				t.Fatal(err)
			}
			in := pki.Input{SOD: profile.Files[cardsim.EFSOD], Groups: map[int][]byte{}, Country: "VNM",
				Trust: &believed{issuers: []*pki.Certificate{root}}, At: profile.Persona.Issued.AddDate(3, 0, 0)}
			for n := 1; n <= 16; n++ {
				if file := profile.Files[cardsim.DG(n)]; file != nil {
					in.Groups[n] = file
				}
			}
			r := pki.Verify(in)
			c.want.compare(t, r)
			in.Country = "LAO"
			if c.want == trusted && pki.Verify(in).Verdict() != pki.Forged {
				t.Error("Vietnam's authority is taken for a card of Laos")
			}
		})
	}
}

// TestIndependentCards checks cards that a program of others made.
func TestIndependentCards(t *testing.T) {
	for name, c := range map[string]struct {
		options []string
		want    wanted
	}{
		"good":           {nil, trusted},
		"named curves":   {[]string{"--named-curves"}, trusted},
		"wrong hash":     {[]string{"--bad-sod-hash", "2"}, wanted{pki.Forged, "DG2", pki.CauseHash, ""}},
		"forged signer":  {[]string{"--ds-not-signed-by-csca"}, wanted{pki.Forged, pki.StepIssuer, pki.CauseIssuer, ""}},
		"expired signer": {[]string{"--expired-ds"}, noted("has ended since")},
	} {
		t.Run(name, func(t *testing.T) {
			dir := cardtest.Profile(t, append([]string{"--photo", portrait}, c.options...)...)
			r := pki.Verify(independentCard(t, dir))
			c.want.compare(t, r)
		})
	}
}

// independentCard reads what make_profile.py wrote.
func independentCard(t *testing.T, dir string) pki.Input {
	t.Helper()
	read := func(name string) []byte { // nil if it is not there
		raw, _ := os.ReadFile(filepath.Join(dir, name))
		return raw
	}
	root, err := pki.ParseCertificate(read("csca.der"))
	if err != nil {
		t.Fatal(err)
	}
	in := pki.Input{SOD: read("EF_SOD.bin"), Groups: map[int][]byte{}, Country: "VNM",
		Trust: &believed{issuers: []*pki.Certificate{root}}, At: root.NotBefore.AddDate(4, 0, 0)}
	so, err := lds.ParseSOD(in.SOD)
	if err != nil {
		t.Fatal(err)
	}
	for n := range so.Hashes {
		if file := read(fmt.Sprintf("DG%d.bin", n)); file != nil {
			in.Groups[n] = file
		}
	}
	if len(in.Groups) < 5 {
		t.Fatalf("%d data groups", len(in.Groups))
	}
	return in
}
