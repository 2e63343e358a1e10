package day

import (
	"context"
	"fmt"

	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/session"
	"motcua/kiosk/trial"
)

// visit is somebody at a kiosk, from the welcome page to the welcome page.
func (d *house) visit(ctx context.Context, k *kioskHand, v visit) error {
	switch {
	case v.slip.Serial > 0:
		return d.comeBack(k, v)
	case v.who.service == nil:
		return d.takeNumber(k, v.who)
	}
	return d.file(ctx, k, v.who)
}

func isWelcome(s session.Snapshot) bool { return s.Page == session.PageWelcome }

// file is a whole filing, from the card to the slip in the hand.
func (d *house) file(ctx context.Context, k *kioskHand, c *citizen) error {
	if _, err := trial.At(k, c.service, c.answers); err != nil {
		return err
	}
	done := k.done
	if done.Printing != session.PrintOK {
		return fmt.Errorf("the slip of %s is %d", done.Short, done.Printing)
	}
	paper, err := k.slip()
	if err != nil {
		return err
	}
	ref, err := reference(ctx, paper)
	if err != nil {
		return err
	}
	if ref.Short() != done.Short {
		return fmt.Errorf("the slip has %s, the screen %s", ref.Short(), done.Short)
	}
	d.mu.Lock()
	d.filed[ref.String()], d.shorts[ref.Short()] = c, ref
	d.mu.Unlock()
	_, err = k.until("the welcome page", isWelcome)
	return err
}

// takeNumber is for what is not filed here: a number for the counter.
func (d *house) takeNumber(k *kioskHand, c *citizen) error {
	if err := k.Card(identity.Person{Number: identity.Number(c.card.Number)}); err != nil {
		return err
	}
	if err := k.Do(session.Next{}); err != nil {
		return err
	}
	for s := k.View(); ; s = k.View() {
		if s.Choice == nil {
			return fmt.Errorf("no services to choose from: %s", place(s))
		}
		there := false
		for _, o := range s.Choice.Options {
			there = there || o.ID == d.town.info
		}
		if there {
			break
		}
		if s.Choice.Page == s.Choice.Pages {
			return fmt.Errorf("%s is not offered", d.town.info)
		}
		if err := k.Do(session.Turn{By: 1}); err != nil {
			return err
		}
	}
	for _, i := range []session.Intent{session.Choose{ID: d.town.info}, session.Next{}} {
		if err := k.Do(i); err != nil {
			return err
		}
	}
	if _, err := k.until("a number", func(s session.Snapshot) bool { return s.Counter != nil && s.Counter.Ticket > 0 }); err != nil {
		return err
	}
	if _, err := k.slip(); err != nil {
		return err
	}
	d.mu.Lock()
	d.numbers++
	d.mu.Unlock()
	if err := k.Do(session.Next{}); err != nil {
		return err
	}
	_, err := k.until("the welcome page", isWelcome)
	return err
}

// comeBack is with a slip: to say that what was lacking is here, or to wait for the result.
func (d *house) comeBack(k *kioskHand, v visit) error {
	if err := k.scan(v.slip.String()); err != nil {
		return err
	}
	s, err := k.until("the page of a slip", func(s session.Snapshot) bool { return s.Page == session.PageStatus })
	if err != nil {
		return err
	}
	if s.Status.Kind != filing.Supplement && s.Status.Kind != filing.Done {
		return fmt.Errorf("%s is %s", v.slip.Short(), s.Status.Kind)
	}
	if err := k.Do(session.SayBrought{}); err != nil {
		return err
	}
	if _, err := k.until("a number", func(s session.Snapshot) bool { return s.Status != nil && s.Status.Ticket > 0 }); err != nil {
		return err
	}
	if _, err := k.slip(); err != nil {
		return err
	}
	if err := k.Do(session.Next{}); err != nil {
		return err
	}
	_, err = k.until("the welcome page", isWelcome)
	return err
}
