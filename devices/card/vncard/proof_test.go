package vncard_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"motcua/devices/card/apdu"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/emrtd/pki"
	"motcua/devices/card/vncard"
)

// proven reads a card in software and gives it with what it keeps.
func proven(t testing.TB, o cardsim.ProfileOptions) (*vncard.Card, []byte) {
	t.Helper()
	profile, err := cardsim.Build(cardsim.Personas()[1], o)
	if err != nil {
		t.Fatal(err)
	}
	c, err := vncard.Read(t.Context(), cardsim.New(profile, cardsim.Options{Extended: true}).Transport(),
		vncard.Request{Number: profile.Persona.Number})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := json.Marshal(c.Proof)
	if err != nil {
		t.Fatal(err)
	}
	return c, kept
}

// What is kept cannot be changed without a check telling.
func TestChangedProof(t *testing.T) {
	c, kept := proven(t, cardsim.ProfileOptions{})
	outcomes := func(change func(*vncard.Proof), photo []byte) map[vncard.CheckName]vncard.Outcome {
		p, err := vncard.ParseProof(kept)
		if err != nil {
			t.Fatal(err)
		}
		change(p)
		out := map[vncard.CheckName]vncard.Outcome{}
		for _, check := range vncard.Examine(p, photo, nil, time.Time{}).Checks {
			out[check.Name] = check.Outcome
		}
		return out
	}
	flip := func(b []byte) { b[len(b)-2] ^= 1 }
	for name, v := range map[string]struct {
		change func(*vncard.Proof)
		check  vncard.CheckName
	}{
		"DG1":               {func(p *vncard.Proof) { flip(p.Files["DG1"]) }, vncard.CheckDataGroups},
		"DG13":              {func(p *vncard.Proof) { flip(p.Files["DG13"]) }, vncard.CheckDataGroups},
		"DG14":              {func(p *vncard.Proof) { flip(p.Files["DG14"]) }, vncard.CheckDataGroups},
		"EF.SOD":            {func(p *vncard.Proof) { flip(p.Files["EF.SOD"]) }, vncard.CheckPassive},
		"the face's frame":  {func(p *vncard.Proof) { flip(p.Face.Before) }, vncard.CheckDataGroups},
		"the chip's answer": {func(p *vncard.Proof) { flip(p.Chip.Response) }, vncard.CheckChip},
		"the signature":     {func(p *vncard.Proof) { flip(p.Active.Response) }, vncard.CheckActive},
		"the challenge":     {func(p *vncard.Proof) { flip(p.Active.Challenge) }, vncard.CheckActive},
		"that it was PACE":  {func(p *vncard.Proof) { p.Access = vncard.BAC }, vncard.CheckAccess},
	} {
		if got := outcomes(v.change, c.Photo.Data)[v.check]; got != vncard.Failed {
			t.Errorf("%s was changed, and %s is %s", name, v.check, got)
		}
	}
	retouched := append(bytes.Clone(c.Photo.Data), 0)
	if got := outcomes(func(*vncard.Proof) {}, retouched)[vncard.CheckDataGroups]; got != vncard.Failed {
		t.Errorf("another portrait: %s", got)
	}
	if got := outcomes(func(p *vncard.Proof) { p.Chip = nil }, c.Photo.Data)[vncard.CheckChip]; got == vncard.Passed {
		t.Errorf("without its proof the chip is proven")
	}
}

func TestProofRefused(t *testing.T) {
	for _, bad := range []string{"", "{", `{"version":2}`, `{"version":1,"files":[]}`, `{"version":1,"read":"yesterday"}`} {
		if _, err := vncard.ParseProof([]byte(bad)); !errors.Is(err, vncard.ErrProof) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := vncard.ParseProof(make([]byte, 2<<20)); !errors.Is(err, vncard.ErrProof) {
		t.Errorf("two megabytes: %v", err)
	}
}

// FuzzProof: whatever was kept, examining it ends, and never makes more of it than there is.
func FuzzProof(f *testing.F) {
	_, kept := proven(f, cardsim.ProfileOptions{})
	_, opaque := proven(f, cardsim.ProfileOptions{OpaqueDG13: true, NoActive: true})
	f.Add(kept, []byte("\xFF\xD8\xFF"))
	f.Add(opaque, []byte{})
	f.Add([]byte(`{"version":1,"files":{"DG1":"YQ=="},"lost":[{"file":"DG2"}]}`), []byte{1})
	f.Fuzz(func(t *testing.T, raw, photo []byte) {
		p, err := vncard.ParseProof(raw)
		if err != nil {
			return
		}
		c := vncard.Examine(p, photo, pki.Nobody{}, time.Time{})
		if len(c.Checks) != 6 {
			t.Fatalf("%d checks", len(c.Checks))
		}
		for _, check := range c.Checks {
			if check.Name == vncard.CheckPassive && check.Outcome == vncard.Passed {
				t.Fatal("an issuer is trusted where nobody is")
			}
		}
	})
}

// TestSlowAfterRefusal (BAC-09): a chip that thinks for seconds after a refused key is waited for, and whoever watches is
// told that the reading goes on.
func TestSlowAfterRefusal(t *testing.T) {
	profile, err := cardsim.Build(cardsim.Personas()[1], cardsim.ProfileOptions{BACOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	p := profile.Persona
	told, refused := make(chan struct{}, 100), 0
	chip := cardsim.New(profile, cardsim.Options{Extended: true, Fault: func(int) cardsim.Fault {
		if refused > 0 && refused < 2 {
			refused++
			<-told // the chip answers only once somebody was told
		}
		return cardsim.NoFault
	}, Edit: func(_ int, ins byte, plain apdu.Response) apdu.Response {
		if ins == apdu.InsExternalAuthenticate && refused == 0 {
			refused++
			return apdu.Response{SW: apdu.AuthenticationFailed}
		}
		return plain
	}})
	req := vncard.Request{Number: p.Number, Birth: vncard.DateOf(p.Birth), Issued: vncard.DateOf(p.Issued)}
	req.Progress = func(vncard.Progress) { told <- struct{}{} }
	_, err = vncard.Read(deadline(t), chip.Transport(), req)
	if refused != 2 || err != nil && !errors.Is(err, vncard.ErrWrongKey) {
		t.Errorf("%d refusals and waits, %v", refused, err)
	}
}
