package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"text/tabwriter"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/airtime"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/vncard"
	"motcua/kiosk/fault"
)

// The readers and rates that bench card's model is worked out for.
var (
	benchRates     = []int{airtime.Rate106, airtime.Rate424, airtime.Rate848}
	benchOverheads = []time.Duration{12 * time.Millisecond, 25 * time.Millisecond}
)

// benchWay is one way to read the card.
type benchWay struct {
	name     string
	extended bool
	pace     bool
}

func benchWays() []benchWay {
	return []benchWay{{"PACE extended", true, true}, {"PACE short", false, true}, {"BAC extended", true, false}, {"BAC short", false, false}}
}

// benchRow is what one way took; `bench card --json` writes one a line.
type benchRow struct {
	Way     string             `json:"way"`
	APDUs   int                `json:"apdus"`
	Up      int                `json:"up"`
	Down    int                `json:"down"`
	HostMS  float64            `json:"host_ms"`  // median of all rounds: the reading without the chip's own time
	Seconds map[string]float64 `json:"modelled"` // by "424 kbit/s, 25 ms"
}

// benchCard reads a card in software again and again, and says what a reading costs: commands, bytes, the host's own
// time, and the time that it would take over the air.
func benchCard(ctx context.Context, t *tool, args []string) error {
	f := t.flags("bench card")
	const usual = 30
	rounds := f.Int("rounds", usual, "readings for each way, after one that warms up")
	if _, err := parse(f, args); err != nil {
		return err
	}
	if *rounds < 1 {
		return fault.Newf(fault.Usage, "at least one round")
	}
	var rows []benchRow
	for _, way := range benchWays() {
		row, err := way.run(ctx, *rounds)
		if err != nil {
			return fault.New(fault.Internal, fmt.Errorf("%s: %w", way.name, err))
		}
		rows = append(rows, row)
	}
	return t.benchRows(rows)
}

// benchPhoto is the portrait of the card that other readers were measured with: DG2 then has 15,083 bytes.
const benchPhoto = 15_083 - 84

// benchDay is when the card is read: its certificates are valid then.
var benchDay = time.Date(2026, time.November, 25, 8, 0, 0, 0, time.UTC)

// run reads a card in software once, then plays that conversation back: what is left of the time then is the host's.
func (w benchWay) run(ctx context.Context, rounds int) (benchRow, error) {
	profile, err := cardsim.Build(cardsim.Personas()[0], cardsim.ProfileOptions{BACOnly: !w.pace, PhotoBytes: benchPhoto, NamedCurves: true})
	if err != nil {
		return benchRow{}, err
	}
	wire := &tape{Transport: cardsim.New(profile, cardsim.Options{Extended: w.extended}).Transport()}
	persona := profile.Persona
	trusted, err := trustIn(profile.Root)
	if err != nil {
		return benchRow{}, err
	}
	now := func() time.Time { return benchDay }
	req := vncard.Request{Number: persona.Number, Birth: vncard.DateOf(persona.Birth), Issued: vncard.DateOf(persona.Issued),
		Hints: &vncard.Hints{}, Trust: trusted, Now: now}
	row := benchRow{Way: w.name}
	var host []time.Duration
	for round := range rounds + 2 {
		req.Random = rand.NewChaCha8([32]byte{})
		wire.rewind()
		begin := time.Now()
		c, err := vncard.Read(ctx, wire, req)
		took := time.Since(begin)
		if err != nil {
			return row, err
		}
		if err := allPassed(c); err != nil {
			return row, err
		}
		row.APDUs, row.Up, row.Down = c.Stats.APDUs, c.Stats.Up, c.Stats.Down
		c.Wipe()
		if round > 1 { // the first is recorded, the second warms up
			host = append(host, took)
		}
	}
	row.model(wire.conversation)
	slices.Sort(host)
	row.HostMS = float64(host[len(host)/2].Microseconds()) / 1000
	return row, nil
}

// allPassed makes sure that what is measured is a whole reading.
func allPassed(c *vncard.Card) error {
	for _, check := range c.Checks {
		if check.Outcome != vncard.Passed {
			return fmt.Errorf("%s: %s, %s", check.Name, check.Outcome, check.Reason)
		}
	}
	return nil
}

// model fills in what the conversation would take over the air.
func (r *benchRow) model(conversation []airtime.Exchange) {
	r.Seconds = map[string]float64{}
	for _, rate := range benchRates {
		for _, overhead := range benchOverheads {
			r.Seconds[linkName(rate, overhead)] = airtime.Link{Rate: rate, Overhead: overhead}.Time(conversation).Seconds()
		}
	}
}

func linkName(rate int, overhead time.Duration) string {
	const kilo = 1000
	return fmt.Sprintf("%d kbit/s, %d ms", rate/kilo, overhead.Milliseconds())
}

// benchRows writes the table, or a line a row.
func (t *tool) benchRows(rows []benchRow) error {
	if t.json {
		for _, r := range rows {
			if err := t.line(r); err != nil {
				return err
			}
		}
		return nil
	}
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "way\tAPDUs\tup\tdown\thost ms\t")
	for _, rate := range benchRates {
		for _, overhead := range benchOverheads {
			fmt.Fprintf(w, "%s\t", linkName(rate, overhead))
		}
	}
	fmt.Fprintln(w)
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%.1f\t", r.Way, r.APDUs, r.Up, r.Down, r.HostMS)
		for _, rate := range benchRates {
			for _, overhead := range benchOverheads {
				fmt.Fprintf(w, "%.2f s\t", r.Seconds[linkName(rate, overhead)])
			}
		}
		fmt.Fprintln(w)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(t.out, "modelled: "+airtime.Assumptions)
	return err
}

// tape records the conversation with a card, and after rewind plays it back: the same answer to the same command, at once.
type tape struct {
	card.Transport
	conversation []airtime.Exchange
	recorded     bool
	next         int
}

// rewind goes to the beginning.
func (t *tape) rewind() { t.recorded, t.next = len(t.conversation) > 0, 0 }

// Transmit answers one command.
func (t *tape) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	if !t.recorded {
		response, err := t.Transport.Transmit(ctx, command)
		t.conversation = append(t.conversation, airtime.Exchange{Command: slices.Clone(command), Response: slices.Clone(response)})
		return response, err
	}
	if t.next == len(t.conversation) || !bytes.Equal(t.conversation[t.next].Command, command) {
		return nil, fmt.Errorf("command %d is not as it was recorded", t.next+1)
	}
	t.next++
	return slices.Clone(t.conversation[t.next-1].Response), nil
}
