package board

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"motcua/kiosk/calendar"
	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/identity"
	"motcua/kiosk/officer"
	"motcua/kiosk/official"
)

// The inputs of dialogs.
const (
	InputReason  = "reason"
	InputItem    = "item"
	InputDue     = "due"
	InputTo      = "to"
	InputConfirm = "confirm"
	InputCode    = "code"
	InputCounter = "counter"
)

// inputs says what each action asks for.
var inputs = map[desk.Action][]string{
	desk.Ask: {InputItem, InputItem, InputItem, InputItem, InputReason}, desk.Refuse: {InputReason}, desk.Extend: {InputDue, InputReason},
	desk.Stop: {InputReason}, desk.Forward: {InputTo}, desk.Hand: {InputConfirm},
}

var confirms = []desk.Confirm{desk.Signature, desk.Thumb, desk.ByPost}

// begin opens the dialog of an action that can be taken now.
func (b *Board) begin(a desk.Action) error {
	if b.open == nil || !slices.Contains(b.open.is.Offered(b.kind()), a) || b.isSending() {
		return nil
	}
	d := &Dialog{ID: string(a), Form: desk.Form(a, b.kind())}
	for _, id := range inputs[a] {
		in := Input{ID: id}
		if id == InputDue && !b.open.is.Due.IsZero() {
			in.Value = b.nextDay().String()
		}
		if id == InputConfirm {
			in.Value = string(confirms[0])
			for _, c := range confirms {
				d.Choices = append(d.Choices, string(c))
			}
		}
		d.Fields = append(d.Fields, in)
	}
	b.dialog = d
	return nil
}

// nextDay is the first day to which the open filing can be put off.
func (b *Board) nextDay() identity.Date {
	now := b.opt.Now()
	last := b.open.is.Due.In(now.Location())
	if last.Before(now) {
		last = now
	}
	return b.opt.Calendar.After(identity.DateOf(last), 1)
}

// kind is that of the open filing.
func (b *Board) kind() desk.Kind {
	k, err := b.opt.Printer.Kind(b.open.filing)
	if err != nil {
		return desk.Kind{} // Rows says so
	}
	return k
}

func (b *Board) inDialog(ctx context.Context, i Intent) error {
	d := b.dialog
	if d.ID == DialogPeople {
		switch i.(type) {
		case Move, Pick, Enter, Type, Tick:
			return b.inPeople(ctx, i)
		}
	}
	if d.ID == DialogPapers {
		if done, err := b.inPapers(ctx, i); done {
			return err
		}
	}
	if d.ID == DialogPortal {
		if done, err := b.inPortal(ctx, i); done {
			return err
		}
	}
	switch i := i.(type) {
	case Tick:
		return b.refresh(ctx)
	case Move:
		if n := len(d.Fields); n > 0 {
			d.At = turn(d.At+i.By, n)
		}
	case Pick:
		d.pick(i)
	case Type:
		d.Problem = ""
		d.typed(i.Rune, b.compose(d))
	case Delete:
		if len(d.Fields) > 0 {
			if r := []rune(d.Fields[d.At].Value); len(r) > 0 && d.Fields[d.At].ID != InputConfirm {
				d.Fields[d.At].Value = string(r[:len(r)-1])
			}
		}
	case Escape:
		b.dialog = nil
	case Enter:
		return b.confirm(ctx)
	case Lock:
		return b.lock(ctx)
	}
	return nil
}

// confirm does what the dialog is for.
func (b *Board) confirm(ctx context.Context) error {
	switch b.dialog.ID {
	case DialogTransfer:
		return b.transfer(ctx)
	case DialogUnpicture:
		return b.unpicture(ctx)
	}
	return b.decide(ctx)
}

// pick goes to a field, and takes a choice of one that has some.
func (d *Dialog) pick(p Pick) {
	if p.Field < 0 || p.Field >= len(d.Fields) {
		return
	}
	d.At = p.Field
	if in := &d.Fields[d.At]; in.ID == InputConfirm && p.Choice >= 0 && p.Choice < len(confirms) {
		d.Problem, in.Value = "", string(confirms[p.Choice])
	}
}

// typed takes a character into the field that is being filled; of a choice it takes the number.
func (d *Dialog) typed(r rune, compose func(string, rune) string) {
	if len(d.Fields) == 0 {
		return
	}
	in := &d.Fields[d.At]
	if in.ID == InputConfirm {
		if n := int(r - '1'); n >= 0 && n < len(confirms) {
			in.Value = string(confirms[n])
		}
		return
	}
	if len([]rune(in.Value)) < desk.MaxReason {
		in.Value = compose(in.Value, r)
	}
}

// compose is how keys become text in the field that is being filled: dates and codes are typed as they are.
func (b *Board) compose(d *Dialog) func(string, rune) string {
	if len(d.Fields) > 0 && slices.Contains([]string{InputReason, InputItem, InputTo}, d.Fields[d.At].ID) {
		return b.opt.Compose
	}
	return func(text string, key rune) string { return text + string(key) }
}

// decide takes the decision of the dialog. What is lacking is said, and the dialog stays.
func (b *Board) decide(ctx context.Context) error {
	d, wrong := b.decision()
	if wrong != "" {
		b.dialog.lacks(wrong)
		return nil
	}
	c, err := b.store.Decide(ctx, b.open.filing.Reference, d, b.key)
	if err != nil {
		if word := lacking(err); word != "" {
			b.dialog.lacks(word)
			return nil
		}
		b.dialog = nil
		return errors.Join(err, b.again(ctx)) // what the officer saw was not what is there
	}
	b.dialog = nil
	if b.open.is, err = b.store.Case(ctx, b.open.filing.Reference, b.key); err != nil {
		b.open.is = c
		return err
	}
	b.notice = "desk.notice." + string(d.Action)
	return errors.Join(b.putOnPaper(ctx), b.refresh(ctx))
}

// lacks says what is wrong, and goes to the field where it is: what is typed next belongs there.
func (d *Dialog) lacks(problem string) {
	d.Problem = problem
	field := map[string]string{"reason": InputReason, "items": InputItem, "date": InputDue, "day-off": InputDue, "to": InputTo}[problem]
	begun := func(in Input) bool {
		return in.ID == InputItem && strings.TrimSpace(in.Value) != "" && len([]rune(in.Value)) < desk.MinItem
	}
	at := -1
	if problem == "items" { // one that says too little, else the first
		at = slices.IndexFunc(d.Fields, begun)
	}
	if at < 0 {
		at = slices.IndexFunc(d.Fields, func(in Input) bool { return in.ID == field })
	}
	if at >= 0 {
		d.At = at
	}
}

// decision is what the dialog says, and the word for what is wrong with its date: that it is none, or a day on which nobody works.
func (b *Board) decision() (d desk.Decision, wrong string) {
	d = desk.Decision{Action: desk.Action(b.dialog.ID), Officer: b.me.ID, At: b.open.is.Moment(b.opt.Now())} // a date that the law gives counts from then
	if d.Action == desk.Receive {
		d.Due = b.due(d.At)
	}
	for _, in := range b.dialog.Fields {
		value := strings.TrimSpace(in.Value)
		switch in.ID {
		case InputReason:
			d.Reason = value
		case InputItem:
			if value != "" {
				d.Items = append(d.Items, value)
			}
		case InputTo:
			d.To = value
		case InputConfirm:
			d.Confirm = desk.Confirm(value)
		case InputDue:
			day, err := identity.ParseDate(value)
			switch {
			case err != nil:
				return d, "date"
			case !b.opt.Calendar.Working(day):
				return d, "day-off"
			}
			d.Due = b.putOff(day)
		}
	}
	if d.Action == desk.Supply {
		d.Due = b.resumed(d.At)
	}
	return d, ""
}

// putOff is the new date of the open filing on a day: at the time of day at which it was due, or with the office's day if it was not due before.
func (b *Board) putOff(day identity.Date) time.Time {
	now := b.opt.Now()
	if b.open.is.Due.IsZero() {
		return b.opt.Calendar.EndOf(day, now)
	}
	old := b.open.is.Due.In(now.Location())
	return time.Date(day.Year, day.Month, day.Day, old.Hour(), old.Minute(), 0, 0, old.Location())
}

// due is when a filing that is received now has to be done: the date that was promised, which stands on the citizen's slip; else the one that the law
// gives from now, zero if it gives none, or binds another authority.
func (b *Board) due(now time.Time) time.Time {
	if b.kind().Sent {
		return time.Time{}
	}
	if promised := b.open.is.Due; !promised.IsZero() {
		return promised
	}
	term, err := b.opt.Printer.Deadline(b.open.filing)
	if err != nil {
		return time.Time{}
	}
	due, err := b.opt.Calendar.Due(now, term.Term())
	if err != nil {
		return time.Time{}
	}
	return due.At
}

// resumed is the date once the citizen brought what was lacking.
func (b *Board) resumed(now time.Time) time.Time {
	c := b.open.is
	if c.Due.IsZero() || len(c.History) == 0 {
		return time.Time{}
	}
	return b.opt.Calendar.Resumed(c.Due, c.History[len(c.History)-1].At, now, b.byDays())
}

// byDays reports whether the law counts the term of the open filing in days. Those end at an hour that the office chose, not only when it closes.
func (b *Board) byDays() bool {
	if rule := b.open.filing.DueRule; rule != "" {
		return rule != calendar.RuleHours && rule != calendar.RuleHalf
	}
	term, err := b.opt.Printer.Deadline(b.open.filing)
	return err == nil && term.Hours == 0 && !term.Half
}

// lacking is the word for what a decision lacks, "" if it is something else.
func lacking(err error) string {
	for _, w := range []struct {
		err  error
		word string
	}{{desk.ErrReason, "reason"}, {desk.ErrItems, "items"}, {desk.ErrDate, "date"}, {desk.ErrTo, "to"}, {desk.ErrConfirm, "confirm"}} {
		if errors.Is(err, w.err) {
			return w.word
		}
	}
	return ""
}

func (b *Board) undo(ctx context.Context) error {
	if b.open == nil || !b.open.is.CanUndo(b.me.ID, b.opt.Now()) || b.isSending() {
		return nil
	}
	_, err := b.store.Undo(ctx, b.open.filing.Reference, b.open.is.Last, b.me.ID, b.key)
	if err := errors.Join(err, b.again(ctx)); err != nil { // also where it was refused: what the officer saw was not what is there
		return err
	}
	b.notice = "desk.notice.undone"
	return b.refresh(ctx)
}

// again reads how the open filing stands now.
func (b *Board) again(ctx context.Context) error {
	c, err := b.store.Case(ctx, b.open.filing.Reference, b.key)
	if err == nil {
		b.open.is = c
	}
	return err
}

// putOnPaper prints the form of the last decision, if it has one, as it was taken, whoever prints it and however often. That it did not come out is no reason to
// take the decision back: Print does it again.
func (b *Board) putOnPaper(ctx context.Context) error {
	c := b.open.is
	if len(c.History) == 0 || b.opt.Print == nil {
		return nil
	}
	d := c.History[len(c.History)-1]
	if desk.Form(d.Action, b.kind()) == "" {
		return nil
	}
	who, err := b.under(ctx, d.Officer)
	if err != nil {
		return err
	}
	printed, err := b.opt.Printer.Decided(b.open.filing, official.Decision{Decision: d, Officer: who.Name, Head: who.Role == officer.Head, Received: c.Received(), Due: c.Due, Before: c.Before(b.open.filing.Due)})
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	if err := b.opt.Print(ctx, printed.Form, printed.PDF); err != nil {
		return err
	}
	return b.printed(ctx, printed.Form)
}

// under is who took a decision, also one who was locked out since.
func (b *Board) under(ctx context.Context, id string) (officer.Account, error) {
	if id == b.me.ID {
		return b.me, nil
	}
	all, err := b.store.Officers(ctx)
	if err != nil {
		return officer.Account{}, err
	}
	if a, ok := colleague(all, id); ok {
		return a, nil
	}
	return officer.Account{ID: id, Name: id}, nil
}

// printed notes that a form left the printer.
func (b *Board) printed(ctx context.Context, form string) error {
	number := b.open.is.Last
	if err := b.store.FormPrinted(ctx, b.open.filing.Reference, number, form); err != nil {
		return err
	}
	c, err := b.store.Case(ctx, b.open.filing.Reference, b.key)
	if err != nil {
		return err
	}
	b.open.is = c
	return nil
}

// print prints the form of the last decision again, or before any decision the forms that the citizen signs.
func (b *Board) print(ctx context.Context) error {
	if b.open == nil || b.opt.Print == nil {
		return nil
	}
	if n := len(b.open.is.History); n > 0 && desk.Form(b.open.is.History[n-1].Action, b.kind()) != "" {
		return b.putOnPaper(ctx)
	}
	forms, err := b.opt.Printer.Forms(b.open.filing, identity.DateOf(b.open.filing.Filed))
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	for _, f := range forms {
		if err := b.opt.Print(ctx, f.Form, f.PDF); err != nil {
			return err
		}
	}
	b.notice = "desk.notice.printed"
	return nil
}
