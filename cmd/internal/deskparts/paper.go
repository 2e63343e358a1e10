package deskparts

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"motcua/cmd/internal/office"
	"motcua/kiosk/board"
	"motcua/kiosk/fault"
	"motcua/kiosk/health"
	"motcua/kiosk/identity"
	"motcua/kiosk/official"
	"motcua/kiosk/paper"
	"motcua/kiosk/text"
)

// askTimeout is how long CUPS may take to say how a queue is.
const askTimeout = 5 * time.Second

// NoPrinter is the name of a queue that is none.
const NoPrinter = "none"

// Paper is the desk's printer, a queue of CUPS, the usual one if it is "". page makes the PDF that tries it.
func Paper(queue string, page func(queue string) ([]byte, error)) board.Part {
	p := board.Part{Name: "paper", Look: func(ctx context.Context) board.Found { return lookAtPaper(ctx, queue) }}
	if queue != NoPrinter {
		p.Test = func(ctx context.Context, _ string, _ func(done, all int)) (board.Words, error) {
			pdf, err := page(queue)
			if err != nil {
				return board.Words{}, fault.New(fault.Internal, err)
			}
			if err := office.PrintPDF(ctx, queue, pdf); err != nil {
				return board.Words{}, err
			}
			return board.Words{Key: "desk.part.paper.printed"}, nil
		}
	}
	return p
}

// PageForm is the form of the page that tries a printer.
const PageForm = "SL03"

// Page makes that page for an office.
func Page(p official.Printer, texts *text.Table, now func() time.Time) func(queue string) ([]byte, error) {
	return func(queue string) ([]byte, error) {
		at := now()
		form, ok := p.Shelf.On(PageForm, identity.DateOf(at))
		if !ok {
			return nil, fmt.Errorf("deskparts: there is no form %s", PageForm)
		}
		v := paper.Values{Text: map[string]string{"office_name": p.Office.Name, "office_parent": p.Office.Parent, "made": at.Format("15:04, 02/01/2006"), "queue": cmp.Or(queue, "mặc định")},
			Rows: map[string][]map[string]string{}}
		for _, key := range []string{"edges", "letters", "black"} {
			v.Rows["lines"] = append(v.Rows["lines"], map[string]string{"what": texts.Get("desk.part.paper.page." + key)})
		}
		var pdf bytes.Buffer
		err := form.Render(&pdf, v)
		return pdf.Bytes(), err
	}
}

func lookAtPaper(ctx context.Context, queue string) board.Found {
	if queue == NoPrinter {
		return board.Found{State: health.Absent, Lines: []board.Words{{Key: "desk.part.paper.none"}}}
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	if queue == "" {
		out, err := lpstat(ctx, "-d")
		if err != nil {
			return board.Found{State: health.Failed, Code: fault.CodeOf(err)}
		}
		if queue = usual(out); queue == "" {
			return board.Found{State: health.Failed, Code: fault.PrinterAbsent, Lines: []board.Words{{Key: "desk.part.paper.no-default"}}}
		}
	}
	state, err := lpstat(ctx, "-l", "-p", queue)
	if err != nil {
		return board.Found{State: health.Failed, Code: fault.CodeOf(err), Lines: []board.Words{{Key: "desk.part.paper.queue", Args: []any{queue, 0}}}}
	}
	accepts, err := lpstat(ctx, "-a", queue)
	if err != nil {
		return board.Found{State: health.Failed, Code: fault.CodeOf(err)}
	}
	jobs, err := lpstat(ctx, "-o", queue)
	if err != nil {
		return board.Found{State: health.Failed, Code: fault.CodeOf(err)}
	}
	return parse(queue, state, accepts, jobs)
}

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 64 << 10

// lpstat asks CUPS: fault.PrinterAbsent if it does not know the queue or does not run.
func lpstat(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "lpstat", args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	out := &limited{}
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = out, &said
	if err := cmd.Run(); err != nil {
		return "", fault.New(fault.PrinterAbsent, fmt.Errorf("lpstat: %w: %s", err, bytes.TrimSpace(said.Bytes())))
	}
	return out.String(), nil
}

var errAnswer = errors.New("a very long answer")

// limited keeps the head of an answer.
type limited struct{ bytes.Buffer }

// Write refuses what is too much.
func (l *limited) Write(b []byte) (int, error) {
	if l.Len()+len(b) > maxAnswer {
		return 0, errAnswer
	}
	return l.Buffer.Write(b)
}

// usual is the queue that lpstat -d names, "" if there is none.
func usual(answer string) string {
	name, ok := strings.CutPrefix(strings.TrimSpace(answer), "system default destination: ")
	if !ok {
		return ""
	}
	return name
}

// alerts are the reasons that printers give (RFC 8011, 5.4.12), without the grade behind the last hyphen, for which nothing is printed.
var alerts = map[string]fault.Code{"media-empty": fault.PrinterNoPaper, "media-needed": fault.PrinterNoPaper, "cover-open": fault.PrinterCover, "door-open": fault.PrinterCover,
	"offline": fault.PrinterOffline, "shutdown": fault.PrinterOffline, "connecting-to-device": fault.PrinterOffline, "timed-out": fault.PrinterOffline}

// named are those that have a text of their own.
var named = []string{"media-jam", "media-low", "toner-low", "toner-empty", "marker-supply-low", "marker-supply-empty"}

// parse reads what lpstat -l -p, -a and -o say of a queue.
func parse(queue, state, accepts, jobs string) board.Found {
	f := board.Found{State: health.Present}
	about := func(w board.Words) board.Found {
		f.Lines = []board.Words{{Key: "desk.part.paper.queue", Args: []any{queue, waiting(jobs)}}, w}
		return f
	}
	for _, reason := range reasons(state) {
		if code, known := alerts[reason]; known {
			f.State, f.Code = health.Failed, code
			return about(board.Words{})
		}
	}
	for _, reason := range reasons(state) {
		if slices.Contains(named, reason) {
			f.Care = true
			return about(board.Words{Key: "desk.part.paper." + reason})
		}
	}
	first, _, _ := strings.Cut(state, "\n")
	switch {
	case strings.Contains(first, " disabled since "):
		f.Care = true
		return about(board.Words{Key: "desk.part.paper.stopped"})
	case strings.Contains(accepts, " not accepting requests"):
		f.Care = true
		return about(board.Words{Key: "desk.part.paper.rejecting"})
	case strings.Contains(first, " now printing "):
		return about(board.Words{Key: "desk.part.paper.printing"})
	case strings.Contains(first, " is idle."):
		return about(board.Words{Key: "desk.part.paper.idle"})
	}
	f.State, f.Code = health.Failed, fault.PrinterOffline
	return about(board.Words{})
}

// reasons are the alerts of a queue, without their grade.
func reasons(state string) []string {
	for line := range strings.Lines(state) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), "Alerts: "); ok {
			var list []string
			for _, one := range strings.Fields(text) {
				for _, grade := range []string{"-error", "-warning", "-report"} {
					one = strings.TrimSuffix(one, grade)
				}
				list = append(list, one)
			}
			return list
		}
	}
	return nil
}

// waiting is how many jobs a queue has.
func waiting(jobs string) int {
	n := 0
	for line := range strings.Lines(jobs) {
		if strings.TrimSpace(line) != "" {
			n++
		}
	}
	return n
}
