package health

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"motcua/kiosk/fault"
)

const limit = 5 * time.Second

// answer is a probe that gives item at once.
func answer(name string, item Item) Probe {
	return Probe{name, func(context.Context) Item { return item }}
}

// slow is a probe that gives item after a while, whether or not anybody still waits.
func slow(name string, after time.Duration, item Item) Probe {
	return Probe{name, func(context.Context) Item { time.Sleep(after); return item }}
}

func TestRunKeepsTheOrderAndLooksSideBySide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		report := Run(t.Context(), limit,
			slow("reader", 3*time.Second, There(map[string]string{"model": "one"})),
			answer("scanner", NotThere("no serial port is attached")),
			slow("printer", 4*time.Second, Broken(fault.Newf(fault.PrinterCover, "cover is open"))))
		if took := time.Since(began); took != 4*time.Second {
			t.Errorf("took %v, the slowest alone takes 4 s", took)
		}
		want := []Item{
			{Name: "reader", State: Present, Detail: map[string]string{"model": "one"}, MS: 3000},
			{Name: "scanner", State: Absent, Because: "no serial port is attached"},
			{Name: "printer", State: Failed, Because: "printer-cover: cover is open", Code: fault.PrinterCover, MS: 4000},
		}
		if got := fmt.Sprint(report.Items); got != fmt.Sprint(want) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
	})
}

func TestAProbeThatHangsIsReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		report := Run(t.Context(), limit, slow("reader", time.Hour, There(nil)), answer("store", There(nil)))
		if took := time.Since(began); took > limit+graceAfterLimit {
			t.Errorf("took %v", took)
		}
		reader := report.Items[0]
		if reader.State != Failed || !strings.Contains(reader.Because, "no answer within 5s") || reader.Code != fault.Internal {
			t.Errorf("%+v", reader)
		}
		if report.Items[1].State != Present {
			t.Errorf("the others must not suffer: %+v", report.Items[1])
		}
		time.Sleep(time.Hour) // the probe's goroutine ends: synctest fails the test if it cannot
	})
}

func TestAProbeThatMindsItsContextSaysWhatItWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		report := Run(t.Context(), limit, Probe{"reader", func(ctx context.Context) Item {
			<-ctx.Done()
			return Broken(fault.Newf(fault.ReaderGone, "waited for pcscd"))
		}})
		if got := report.Items[0]; got.Code != fault.ReaderGone || !strings.Contains(got.Because, "pcscd") {
			t.Errorf("%+v", got)
		}
	})
}

func TestACallerThatLeavesEndsTheLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		report := Run(ctx, limit, Probe{"x", func(ctx context.Context) Item { <-ctx.Done(); return Broken(ctx.Err()) }})
		if report.OK() || time.Since(began) != time.Second {
			t.Errorf("%+v after %v", report, time.Since(began))
		}
	})
}

func TestItemsKeepTheirPromises(t *testing.T) {
	report := Run(t.Context(), limit,
		answer("a", Item{State: Present, Code: fault.Internal}),
		answer("b", Item{State: Absent, Code: fault.Internal}),
		answer("c", Item{State: Failed}),
		answer("d", Item{State: "fine"}),
		answer("e", Broken(nil)),
		answer("f", Item{Name: "g", State: Present}))
	for i, want := range []Item{
		{Name: "a", State: Present},
		{Name: "b", State: Absent, Because: "no reason was given"},
		{Name: "c", State: Failed, Because: "no reason was given", Code: fault.Internal},
		{Name: "d", State: Failed, Because: "no reason was given", Code: fault.Internal},
		{Name: "e", State: Failed, Because: "internal: no reason was given", Code: fault.Internal},
		{Name: "f", State: Present},
	} {
		got := report.Items[i]
		got.MS = 0
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

// board is one report with every state, as the text and JSON tests show it.
func board() Report {
	return Report{[]Item{
		{Name: "store", State: Present, Detail: map[string]string{"path": "/var/lib/motcua", "free": "81 GB"}, MS: 2},
		{Name: "đầu đọc", State: Failed, Because: "pcscd does not answer\nis it running?", Code: fault.ReaderGone, MS: 5000},
		{Name: "scanner", State: Absent, Because: "no serial port is attached"},
		{Name: "config", State: Failed, Because: "motcua.toml:3: wrong", Code: fault.ConfigBad},
	}}
}

func TestText(t *testing.T) {
	var b strings.Builder
	if err := board().WriteText(&b); err != nil {
		t.Fatal(err)
	}
	const want = `present  store
           free  81 GB
           path  /var/lib/motcua
failed   đầu đọc  because pcscd does not answer; is it running? (reader-gone)
absent   scanner  because no serial port is attached
failed   config   because motcua.toml:3: wrong (config-bad)
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestJSON(t *testing.T) {
	got, err := json.Marshal(board())
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"ok":false,"exit":11,"items":[` +
		`{"name":"store","state":"present","detail":{"free":"81 GB","path":"/var/lib/motcua"},"ms":2},` +
		`{"name":"đầu đọc","state":"failed","because":"pcscd does not answer\nis it running?","code":"reader-gone","ms":5000},` +
		`{"name":"scanner","state":"absent","because":"no serial port is attached","ms":0},` +
		`{"name":"config","state":"failed","because":"motcua.toml:3: wrong","code":"config-bad","ms":0}]}`
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if empty, err := json.Marshal(Report{}); err != nil || string(empty) != `{"ok":true,"exit":0,"items":[]}` {
		t.Errorf("empty: %s, %v", empty, err)
	}
}

func TestExitIsTheFirstFailures(t *testing.T) {
	if got, want := board().Exit(), fault.ReaderGone.Exit(); got != want {
		t.Errorf("got %d, want %d", got, want)
	}
	absent := Report{[]Item{{Name: "scanner", State: Absent, Because: "none"}}}
	if absent.Exit() != 0 || !absent.OK() {
		t.Error("what is absent is no failure")
	}
	unknown := Report{[]Item{Broken(errors.New("x"))}}
	if unknown.Exit() == 0 || unknown.OK() {
		t.Error("a failure without a code is a failure")
	}
}
