package main

import (
	"context"
	"fmt"

	"motcua/devices/card/cardsim"
	"motcua/kiosk/fault"
)

// vpcdAddress is where Debian's virtual reader waits for a card.
const vpcdAddress = "127.0.0.1:35963"

// cardSim lays a card in software on the virtual PC/SC reader until it is interrupted. Officers train with it.
func cardSim(ctx context.Context, t *tool, args []string) error {
	f := t.flags("card sim")
	persona := f.Int("persona", 1, "which of the invented people, from 1")
	vpcd := f.String("vpcd", vpcdAddress, "where the virtual reader listens")
	extended := f.Bool("extended", false, "the card takes extended length")
	list := f.Bool("list", false, "list the invented people and end")
	if _, err := parse(f, args); err != nil {
		return err
	}
	people := cardsim.Personas()
	if *list {
		for i, p := range people {
			fmt.Fprintf(t.out, "%d  %s  %s\n   QR: %s\n", i+1, p.Number, p.Name, p.QR())
		}
		return nil
	}
	if *persona < 1 || *persona > len(people) {
		return fault.Newf(fault.Usage, "persona is 1 to %d", len(people))
	}
	person := people[*persona-1]
	profile, err := cardsim.Build(person, cardsim.ProfileOptions{})
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	if t.json {
		if err := t.line(map[string]string{"number": person.Number, "name": person.Name, "qr": person.QR()}); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(t.out, "%s, %s, on the reader at %s until interrupted\nQR: %s\n",
			person.Number, person.Name, *vpcd, person.QR())
	}
	err = cardsim.ServeVPCD(ctx, *vpcd, cardsim.New(profile, cardsim.Options{Extended: *extended}))
	if ctx.Err() != nil {
		return nil // interrupted: the card was taken away
	}
	return fault.New(fault.ReaderAbsent, err)
}
