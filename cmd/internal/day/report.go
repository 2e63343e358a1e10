package day

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"motcua/cmd/internal/timing"
	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
	"motcua/kiosk/store"
)

// Report is how a day went.
type Report struct {
	Citizens int     `json:"citizens"` // who came, each once or more
	Visits   int     `json:"visits"`   // at kiosks
	Filings  int     `json:"filings"`
	Numbers  int     `json:"numbers"` // taken without filing
	Returns  int     `json:"returns"` // with a slip
	Tickets  int     `json:"tickets"` // called
	Seconds  float64 `json:"seconds"` // from the first to the last
	Hourly   float64 `json:"filings_per_hour"`
	Actions  int     `json:"desk_actions"` // without single keys

	Kiosk     []timing.Row          `json:"kiosk"`     // what the disk did for the kiosks
	Desk      []timing.Row          `json:"desk"`      // what the officer did, to the next screen
	Processes map[string]Memory     `json:"processes"` // at the end
	Warnings  map[string]int        `json:"warnings"`  // of all logs, by message
	Signed    int                   `json:"signed"`    // entries of the journal with an officer's signature
	Entries   int64                 `json:"entries"`   // of the journal
	Ends      map[filing.Status]int `json:"ends"`      // filings by where they stand in the end
	Wrong     []string              `json:"wrong"`     // errors, and what does not hold; empty on a good day
}

// report counts and checks what the day left.
func (d *house) report(ctx context.Context, took time.Duration) (Report, error) {
	r := Report{Citizens: d.o.Citizens, Numbers: d.numbers, Returns: d.backs, Filings: len(d.filed), Seconds: took.Seconds(),
		Processes: map[string]Memory{}, Warnings: map[string]int{}, Ends: map[filing.Status]int{}}
	r.Visits = r.Filings + r.Numbers + r.Returns
	r.Hourly = float64(r.Filings) / took.Hours()
	kiosk := map[string]timing.Series{}
	for _, k := range d.kiosks {
		if err := r.account(ctx, k.part, kiosk); err != nil {
			d.wrong = append(d.wrong, fmt.Sprintf("%s: %v", k.part.name, err))
		}
		for _, took := range k.touched {
			kiosk["a touch, to the next screen"] = append(kiosk["a touch, to the next screen"], took...)
		}
		if broken := k.printer.ProtocolErrors(); len(broken) > 0 {
			d.wrong = append(d.wrong, fmt.Sprintf("%s: the printer does not understand: %v", k.part.name, broken))
		}
	}
	if err := r.account(ctx, d.desk.part, map[string]timing.Series{}); err != nil {
		d.wrong = append(d.wrong, fmt.Sprintf("desk: %v", err))
	}
	r.Kiosk = rows(kiosk)
	at := map[string]timing.Series{}
	for what, took := range d.desk.took {
		at[what] = took
		if what != "a key" && what != "look" {
			r.Actions += len(took)
		}
	}
	r.Desk = rows(at)
	err := d.inspect(ctx, &r)
	r.Wrong = append(r.Wrong, d.wrong...)
	for message, n := range r.Warnings {
		if strings.HasPrefix(message, "ERROR") {
			r.Wrong = append(r.Wrong, fmt.Sprintf("the logs have %d times %s", n, message))
		}
	}
	return r, err
}

// account asks a part for its books.
func (r *Report) account(ctx context.Context, p *part, took map[string]timing.Series) error {
	a, err := p.call(ctx, doAccount, nil)
	if err != nil {
		return err
	}
	r.Processes[p.name] = a.Books.Memory
	for what, times := range a.Books.Took {
		took[what] = append(took[what], times...)
	}
	for message, n := range a.Books.Warned {
		r.Warnings[message] += n
	}
	return nil
}

func rows(all map[string]timing.Series) []timing.Row {
	var list []timing.Row
	for _, what := range slices.Sorted(maps.Keys(all)) {
		list = append(list, all[what].Row(what, 0))
	}
	return list
}

// inspect opens what the day left on disk and compares it with what people have in their hands.
func (d *house) inspect(ctx context.Context, r *Report) error {
	db, err := store.OpenReadOnly(d.data())
	if err != nil {
		return err
	}
	defer db.Close()
	wrong := func(format string, args ...any) { r.Wrong = append(r.Wrong, fmt.Sprintf(format, args...)) }
	all, err := db.List(ctx, store.Filter{})
	if err != nil {
		return err
	}
	if len(all) != len(d.filed) {
		wrong("%d filings are on the disk, %d on slips", len(all), len(d.filed))
	}
	there := map[string]bool{}
	for _, s := range all {
		there[s.Reference.String()] = true
		r.Ends[s.Status]++
		if s.Prints != 1 || s.Holder != "" {
			wrong("%s: %d slips, held by %q", s.Short, s.Prints, s.Holder)
		}
		if err := d.compare(ctx, db, s, wrong); err != nil {
			return err
		}
	}
	for ref := range d.filed {
		if !there[ref] {
			wrong("%s is on a slip and not on the disk", ref)
		}
	}
	if err := d.inspectTickets(ctx, db, r, wrong); err != nil {
		return err
	}
	v, err := db.VerifyJournal(ctx)
	if err != nil {
		wrong("the journal: %v", err)
	}
	r.Signed, r.Entries = v.Signed, int64(v.Entries)
	return nil
}

// compare holds a filing against its slip and the plan that the day had for it: of the right person, decided once, to the end.
func (d *house) compare(ctx context.Context, db *store.Reader, s store.Summary, wrong func(string, ...any)) error {
	c := d.filed[s.Reference.String()]
	if c == nil {
		wrong("%s is on no slip", s.Short)
		return nil
	}
	f, err := db.Read(ctx, s.Reference.String(), d.key)
	if err != nil {
		return err
	}
	if string(f.Applicant.Number) != c.card.Number || f.Applicant.Name != c.card.Name || f.Service != c.service.ID || f.Photo == nil {
		wrong("%s is not what its citizen filed", s.Short)
	}
	is, err := db.Case(ctx, s.Reference, d.key)
	if err != nil {
		return err
	}
	var did []desk.Action
	for _, decision := range is.History {
		did = append(did, decision.Action)
	}
	want := []desk.Action{desk.Receive, desk.Finish, desk.Hand}
	switch c.plan {
	case askForMore:
		want = append([]desk.Action{desk.Ask, desk.Supply}, want...)
	case turnDown:
		want = []desk.Action{desk.Refuse}
	}
	if !slices.Equal(did, want) {
		wrong("%s: decided %v, want %v", s.Short, did, want)
	}
	return nil
}

// inspectTickets holds that everybody was called, once, and served.
func (d *house) inspectTickets(ctx context.Context, db *store.Reader, r *Report, wrong func(string, ...any)) error {
	day := opening.Truncate(time.Hour)
	tickets, err := db.Tickets(ctx, day, day.AddDate(0, 0, 1))
	if err != nil {
		return err
	}
	r.Tickets = len(tickets)
	for _, t := range tickets {
		calls := 1
		if d.desk.again[t.Number] {
			calls = 2
		}
		if t.State != desk.Served || t.Calls != calls || d.desk.calls[t.Number] != 1 {
			wrong("number %d: %s, called %d times, %d of them as the next", t.Number, t.State, t.Calls, d.desk.calls[t.Number])
		}
	}
	return nil
}

// Write writes the report as a table.
func (r Report) Write(out io.Writer) error {
	fmt.Fprintf(out, "%d citizens, %d visits at the kiosks: %d filings, %d numbers only, %d with a slip; %d numbers called\n",
		r.Citizens, r.Visits, r.Filings, r.Numbers, r.Returns, r.Tickets)
	fmt.Fprintf(out, "%.0f s, %.0f filings an hour, %d acts of the officer; the journal has %d entries, %d signed by officers\n",
		r.Seconds, r.Hourly, r.Actions, r.Entries, r.Signed)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, table := range []struct {
		name string
		rows []timing.Row
	}{{"kiosk", r.Kiosk}, {"desk", r.Desk}} {
		fmt.Fprintf(w, "%s\tcount\tp50 ms\tp95 ms\tp99 ms\tmax ms\t\n", table.name)
		for _, row := range table.rows {
			fmt.Fprintf(w, "%s\t%d\t%.1f\t%.1f\t%.1f\t%.1f\t\n", row.What, row.Count, row.P50, row.P95, row.P99, row.Max)
		}
	}
	fmt.Fprintln(w, "process\tresident MB\tpeak MB\theap MB\t")
	const mega = 1024
	for _, name := range slices.Sorted(maps.Keys(r.Processes)) {
		m := r.Processes[name]
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t\n", name, m.Resident/mega, m.Peak/mega, m.Heap/mega)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, status := range slices.Sorted(maps.Keys(r.Ends)) {
		fmt.Fprintf(out, "%s: %d\n", status, r.Ends[status])
	}
	for _, message := range slices.Sorted(maps.Keys(r.Warnings)) {
		fmt.Fprintf(out, "logged %d times: %s\n", r.Warnings[message], message)
	}
	for _, wrong := range r.Wrong {
		fmt.Fprintln(out, "WRONG:", wrong)
	}
	_, err := fmt.Fprintf(out, "errors: %d\n", len(r.Wrong))
	return err
}
