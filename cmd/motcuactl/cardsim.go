package main

import (
	"context"
	"flag"
	"fmt"
	"strconv"
	"strings"

	"motcua/devices/card/cardsim"
	"motcua/kiosk/fault"
)

// vpcdAddress is where Debian's virtual reader waits for a card.
const vpcdAddress = "127.0.0.1:35963"

// simFlags are what can be chosen of a card in software.
type simFlags struct {
	persona     int
	vpcd, fault string
	list        bool
	profile     cardsim.ProfileOptions
	options     cardsim.Options
}

func (s *simFlags) add(f *flag.FlagSet) {
	f.IntVar(&s.persona, "persona", 1, "which of the invented people, from 1")
	f.StringVar(&s.vpcd, "vpcd", vpcdAddress, "where the virtual reader listens")
	f.BoolVar(&s.list, "list", false, "list the invented people and end")

	f.IntVar(&s.profile.Generation, "generation", 0, "2021 or 2024: when the card was issued")
	f.BoolVar(&s.profile.NoExpiry, "no-expiry", false, "the card does not expire")
	f.BoolVar(&s.profile.Single, "single", false, "the holder is not married")
	f.BoolVar(&s.profile.NoCMND, "no-cmnd", false, "the holder had no old card")
	f.BoolVar(&s.profile.OpaqueDG13, "opaque-dg13", false, "DG13 cannot be understood, as on cards of 2024")
	f.BoolVar(&s.profile.JPEG2000, "jpeg2000", false, "the portrait is JPEG 2000")
	f.BoolVar(&s.profile.NoActive, "no-aa", false, "no active authentication")
	f.BoolVar(&s.profile.BACOnly, "bac-only", false, "the chip knows BAC alone")
	f.IntVar(&s.profile.BadHash, "forged", 0, "the data group of this number is not what was signed")
	f.BoolVar(&s.profile.ForgedSigner, "forged-signer", false, "the signer's certificate is a forgery")

	f.BoolVar(&s.options.Extended, "extended", false, "the card takes extended length")
	f.BoolVar(&s.options.NoPACE, "no-pace", false, "the chip hides that it knows PACE: a downgrade")
	f.BoolVar(&s.options.Clone, "clone", false, "the card is a copy: its private keys are others")
	f.BoolVar(&s.options.PlainErrors, "plain-errors", false, "errors come in the clear and end the session")
	f.DurationVar(&s.options.Delay, "delay", 0, "how long the chip takes for each command")
	f.IntVar(&s.options.TearAfter, "tear-after", 0, "the card leaves after so many commands")
	f.StringVar(&s.fault, "fault", "", "KIND@N: what goes wrong with command N; KIND help lists them")
}

// strike reads KIND@N.
func (s *simFlags) strike() error {
	if s.fault == "" {
		return nil
	}
	kind, at, _ := strings.Cut(s.fault, "@")
	n, err := strconv.Atoi(at)
	var known []string
	for _, f := range cardsim.Faults() {
		if f.String() == kind && err == nil && n > 0 {
			s.options.Fault = f.At(n)
			return nil
		}
		known = append(known, f.String())
	}
	return fault.Newf(fault.Usage, "give KIND@N, KIND one of %s", strings.Join(known, " "))
}

// cardSim lays a card in software on the virtual PC/SC reader until it is interrupted. Officers train with it: it plays
// people, generations of cards, and what can be wrong with one.
func cardSim(ctx context.Context, t *tool, args []string) error {
	f := t.flags("card sim")
	var s simFlags
	s.add(f)
	if _, err := parse(f, args); err != nil {
		return err
	}
	people := cardsim.Personas()
	if s.list {
		for i, p := range people {
			fmt.Fprintf(t.out, "%d  %s  %s\n   QR: %s\n", i+1, p.Number, p.Name, p.QR())
		}
		return nil
	}
	if s.persona < 1 || s.persona > len(people) {
		return fault.Newf(fault.Usage, "persona is 1 to %d", len(people))
	}
	if err := s.strike(); err != nil {
		return err
	}
	profile, err := cardsim.Build(people[s.persona-1], s.profile)
	if err != nil {
		return fault.New(fault.Usage, err)
	}
	person := profile.Persona
	if t.json {
		if err := t.line(map[string]string{"number": person.Number, "name": person.Name, "qr": person.QR()}); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(t.out, "%s, %s, on the reader at %s until interrupted\nQR: %s\n",
			person.Number, person.Name, s.vpcd, person.QR())
	}
	err = cardsim.ServeVPCD(ctx, s.vpcd, cardsim.New(profile, s.options))
	if ctx.Err() != nil {
		return nil // interrupted: the card was taken away
	}
	return fault.New(fault.ReaderAbsent, err)
}
