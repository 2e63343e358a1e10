package walk

import (
	"context"
	"fmt"
	"time"
)

// Citizen is somebody who files: what is chosen and what is typed, by field of the form, and the hands.
type Citizen struct {
	// Arrive shows the QR code and lays the card down. Nil: nothing is done on the welcome page.
	Arrive func(ctx context.Context) error
	// TakeCard takes the card away on the last page. Nil: there is none.
	TakeCard func(ctx context.Context) error
	Service  string            // option of the service page
	Choices  map[string]string // option by field; the case under "case"
	Typed    map[string]string // text by field
	// Keyboard: the citizen types on the screen; otherwise an officer helps at a keyboard that is plugged in.
	Keyboard bool
}

// pageTime is how long a page may take to come. A whole chip read lies within it.
const pageTime = 30 * time.Second

// maxPages stops a walk that goes in circles.
const maxPages = 60

// File walks one citizen from the welcome page to the welcome page. each is called on every new page, before anything
// on it is touched.
func (k *Kiosk) File(ctx context.Context, c Citizen, each func(Map) error) error {
	m, err := k.Page(ctx, "welcome", pageTime)
	if err != nil {
		return err
	}
	for range maxPages {
		if each != nil {
			if err := each(m); err != nil {
				return err
			}
		}
		if m.Page == "done" {
			return k.leave(ctx, c)
		}
		if err := k.answer(ctx, c, m); err != nil {
			return fmt.Errorf("on page %s %s: %w", m.Page, m.Field, err)
		}
		if m, err = k.next(ctx, m); err != nil {
			return err
		}
	}
	return fmt.Errorf("walk: no end after %d pages", maxPages)
}

// next waits for a page other than the one that was answered, past the ones that only ask to wait.
func (k *Kiosk) next(ctx context.Context, was Map) (Map, error) {
	return k.Until(ctx, pageTime, "the page after "+was.Page+" "+was.Field, func(m Map) bool {
		return (m.Page != was.Page || m.Field != was.Field || m.Part != was.Part) && m.Page != "filing" && m.Page != "reading"
	})
}

// answer does what the page asks for and touches continue.
func (k *Kiosk) answer(ctx context.Context, c Citizen, m Map) error {
	switch m.Page {
	case "welcome":
		return c.Arrive(ctx)
	case "service": // a touch on an option goes on by itself
		return k.Touch(ctx, "option."+c.Service)
	case "question":
		if choice, ok := c.Choices[m.Field]; ok {
			return k.Touch(ctx, "option."+choice)
		}
	case "form", "manual":
		if text, ok := c.Typed[m.Field]; ok {
			if err := k.enter(ctx, c, text); err != nil {
				return err
			}
		}
	}
	return k.Touch(ctx, "key.next")
}

// enter types a text, on the screen or on a keyboard.
func (k *Kiosk) enter(ctx context.Context, c Citizen, text string) error {
	if !c.Keyboard {
		return k.Display.Type(ctx, text)
	}
	for _, id := range keys(text) {
		if err := k.press(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// leave takes the card and waits for the welcome page.
func (k *Kiosk) leave(ctx context.Context, c Citizen) error {
	if c.TakeCard != nil {
		if err := c.TakeCard(ctx); err != nil {
			return err
		}
	}
	if err := k.Touch(ctx, "key.next"); err != nil {
		return err
	}
	_, err := k.Page(ctx, "welcome", pageTime)
	return err
}
