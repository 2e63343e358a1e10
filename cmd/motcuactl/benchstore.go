package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"text/tabwriter"
	"time"

	"motcua/cmd/internal/office"
	"motcua/cmd/internal/timing"
	domain "motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/finder"
	"motcua/kiosk/identity"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
	"motcua/kiosk/store/syncs"
	"motcua/kiosk/trial"
)

// What a filing at a kiosk holds besides its answers.
const (
	benchPortrait = 15_000 // bytes, of a chip's usual JPEG
	benchProof    = 4_500  // bytes, 6 kB in base64: what is kept of a chip to be examined later
)

// benchSum is the last line of bench store.
type benchSum struct {
	Syncs     float64 `json:"fsyncs_per_filing,omitempty"` // with its share of what is written back into the database
	Bytes     float64 `json:"bytes_per_filing,omitempty"`
	Why       string  `json:"not_counted,omitempty"` // why these two are not known
	OfFsync   float64 `json:"filings_per_fsync"`     // filings a second, of the disk's fsyncs a second
	OfPattern float64 `json:"of_the_disk,omitempty"` // filings a second, of what the disk would allow with nothing to compute
}

// storeBench is a store being measured, beside the disk it lies on.
type storeBench struct {
	dir     string // ours, emptied at the end
	db      *store.Store
	draft   filing.Draft
	head    *seal.Identity
	filed   atomic.Int64
	mu      sync.Mutex
	refs    []filing.Reference
	seconds time.Duration
}

// The officers to whom the store of a bench seals.
var benchOfficers = []string{"mot", "hai", "ba"}

// benchRounds is how often disk and store take turns: what else the machine does then falls on both.
const benchRounds = 4

// benchStore files as a kiosk does, for a while, and works on the filings as a desk does, beside the disk's own rate on the same directory.
func benchStore(ctx context.Context, t *tool, args []string) error {
	f := t.flags("bench store")
	const usual = 10
	seconds := f.Int("seconds", usual, "how long each thing is done")
	dir := f.String("dir", ".", "on which disk: a directory of its own is made there, and removed")
	writers := f.Int("writers", 1, "how many file at once")
	count := f.Int("count", 0, "only file so many, for who counts what it takes")
	if _, err := parse(f, args); err != nil {
		return err
	}
	if *seconds < 1 || *writers < 1 || *count < 0 {
		return fault.Newf(fault.Usage, "at least one second and one writer")
	}
	b, err := t.newStoreBench(ctx, *dir, time.Duration(*seconds)*time.Second)
	if err != nil {
		return err
	}
	defer b.close()
	if *count > 0 {
		var file, whole timing.Series
		for range *count {
			if err := b.fileOne(ctx, &file, &whole); err != nil {
				return err
			}
		}
		return nil
	}
	return b.report(ctx, t, *writers)
}

// newStoreBench makes a store with officers, and a draft as a kiosk's session makes it.
func (t *tool) newStoreBench(ctx context.Context, dir string, seconds time.Duration) (b *storeBench, err error) {
	b = &storeBench{seconds: seconds}
	if b.dir, err = os.MkdirTemp(dir, "motcua-bench-"); err != nil {
		return nil, fault.New(fault.StoreFailed, err)
	}
	defer func() {
		if err != nil {
			b.close()
		}
	}()
	if b.draft, err = t.benchDraft(); err != nil {
		return nil, err
	}
	if b.db, err = store.Open(filepath.Join(b.dir, "data"), store.Options{Station: "K1", Commune: "05200", Tag: office.Tag}); err != nil {
		return nil, err
	}
	for _, id := range benchOfficers {
		const digits = 1e8
		a, key, err := officer.New(id, id, officer.Head, seal.Secret{PIN: fmt.Sprintf("%08d", time.Now().UnixNano()%digits)}, time.Now())
		if err != nil {
			return nil, fault.New(fault.Internal, err)
		}
		if b.head == nil {
			err = b.db.SetOfficer(ctx, a, "bench")
		} else {
			err = b.db.ChangeOfficer(ctx, a, store.Signer{ID: benchOfficers[0], Identity: b.head})
		}
		if err != nil {
			return nil, err
		}
		b.head = cmp.Or(b.head, key)
	}
	b.db.Prepare(b.draft.Applicant.Tagged()) // as a kiosk does when the card is read
	_, err = b.db.Mine(ctx, b.draft.Applicant.Tagged(), time.Now())
	return b, err
}

// benchDraft is the standard persona's temporary residence, with a portrait and the proof of a chip.
func (t *tool) benchDraft() (filing.Draft, error) {
	cfg, err := t.sessionConfig()
	if err != nil {
		return filing.Draft{}, err
	}
	const usual = "tam-tru"
	svc, err := get(cfg.Catalogue, []string{usual}, identity.DateOf(time.Now()))
	if err != nil {
		return filing.Draft{}, err
	}
	noise := make([]byte, benchPortrait+benchProof) // a JPEG and signatures cannot be made smaller, either
	if _, err := rand.Read(noise); err != nil {
		return filing.Draft{}, fault.New(fault.Internal, err)
	}
	citizen := trial.For(svc, trial.Usual())
	citizen.Photo = &identity.Photo{Type: "image/jpeg", Data: noise[:benchPortrait], Width: 240, Height: 320}
	run, err := trial.Play(cfg, svc.ID, citizen, time.Now())
	if err != nil {
		return filing.Draft{}, fault.New(fault.ConfigBad, err)
	}
	draft := run.Filing.Draft
	draft.Waits = true
	draft.Evidence.Proof, err = json.Marshal(base64.StdEncoding.EncodeToString(noise[benchPortrait:]))
	return draft, err
}

func (b *storeBench) close() {
	if b.db != nil {
		_ = b.db.Close()
	}
	_ = os.RemoveAll(b.dir)
}

// fileOne files and notes the slip, as a kiosk does; file is the first alone, whole is both.
func (b *storeBench) fileOne(ctx context.Context, file, whole *timing.Series) error {
	draft := b.draft
	draft.Key = fmt.Sprint("bench-", b.filed.Add(1))
	return whole.Time(func() error {
		var f filing.Filing
		err := file.Time(func() (err error) {
			f, err = b.db.File(ctx, draft)
			return err
		})
		if err != nil {
			return err
		}
		b.mu.Lock()
		b.refs = append(b.refs, f.Reference)
		b.mu.Unlock()
		return b.db.Printed(ctx, f.Reference, store.OutcomePrinted)
	})
}

// fileFor files for a while with so many writers.
func (b *storeBench) fileFor(ctx context.Context, d time.Duration, writers int, file, whole *timing.Series) error {
	end := time.Now().Add(d)
	files, wholes, errs := make([]timing.Series, writers), make([]timing.Series, writers), make([]error, writers)
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			for time.Now().Before(end) && errs[i] == nil {
				errs[i] = b.fileOne(ctx, &files[i], &wholes[i])
			}
		})
	}
	all.Wait()
	for i := range writers {
		*file, *whole = append(*file, files[i]...), append(*whole, wholes[i]...)
	}
	return errors.Join(errs...)
}

// report measures everything and writes it.
func (b *storeBench) report(ctx context.Context, t *tool, writers int) error {
	cost, notCounted := b.cost(ctx, t)
	var sum benchSum
	if notCounted != nil {
		sum.Why = notCounted.Error()
	}
	sum.Syncs, sum.Bytes = cost.syncs, cost.bytes
	var disk, pattern, file, whole timing.Series
	var storing time.Duration
	for range benchRounds {
		each := b.seconds / benchRounds
		if err := b.syncFor(each, 1, diskBlock, &disk); err != nil {
			return err
		}
		if cost.syncs > 0 {
			n := max(1, int(cost.syncs+1.0/2))
			if err := b.syncFor(each, n, int(cost.bytes)/n, &pattern); err != nil {
				return err
			}
		}
		began := time.Now()
		if err := b.fileFor(ctx, each, writers, &file, &whole); err != nil {
			return err
		}
		storing += time.Since(began)
	}
	rows := []timing.Row{disk.Row("disk: 4 kB and fsync", 0)}
	if len(pattern) > 0 {
		rows = append(rows, pattern.Row("disk: as much as a filing", 0))
	}
	filings := whole.Row("filing: file and note the slip", storing)
	rows = append(rows, filings, file.Row("file alone", 0))
	sum.OfFsync = filings.PerSecond / rows[0].PerSecond
	if len(pattern) > 0 {
		sum.OfPattern = filings.PerSecond / rows[1].PerSecond
	}
	work, err := b.deskWork(ctx)
	if err != nil {
		return err
	}
	return t.storeRows(append(rows, work...), sum, writers)
}

// diskBlock is what the disk's own rate is measured with: a page of the database.
const diskBlock = 4096

// maxLog is where writing begins from the start again, as the database's log does: then the file no longer grows.
const maxLog = 4 << 20

// syncFor writes for a while to a file, so many times so many bytes with an fsync after each for one entry of took.
func (b *storeBench) syncFor(d time.Duration, times, size int, took *timing.Series) error {
	f, err := os.OpenFile(filepath.Join(b.dir, "disk"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fault.New(fault.StoreFailed, err)
	}
	defer f.Close()
	block := make([]byte, size)
	if _, err := rand.Read(block); err != nil {
		return fault.New(fault.Internal, err)
	}
	at := int64(0)
	for end := time.Now().Add(d); time.Now().Before(end); {
		err := took.Time(func() error {
			for range times {
				if _, err := f.WriteAt(block, at); err != nil {
					return err
				}
				if err := f.Sync(); err != nil {
					return err
				}
				at = (at + int64(size)) % maxLog
			}
			return nil
		})
		if err != nil {
			return fault.New(fault.StoreFailed, err)
		}
	}
	return nil
}

// filingCost is what a filing asks of the disk.
type filingCost struct{ syncs, bytes float64 }

// cost counts what a filing costs, in a program of its own that files few and one that files many: the difference is what filing
// costs without opening and closing. It contains what is written back into the database from its log.
func (b *storeBench) cost(ctx context.Context, t *tool) (filingCost, error) {
	const few, many = 10, 110
	var n [2]syncs.Count
	for i, count := range []int{few, many} {
		self, err := os.Executable()
		if err != nil {
			return filingCost{}, err
		}
		args := []string{os.Args[0], "bench", "store", "--count", strconv.Itoa(count), "--dir", b.dir}
		if t.configFile != "" {
			args = append(args, "--config", t.configFile)
		}
		cmd := exec.CommandContext(ctx, self)
		cmd.Args = args
		if n[i], err = syncs.Of(cmd); err != nil {
			return filingCost{}, err
		}
	}
	return filingCost{float64(n[1].Syncs-n[0].Syncs) / (many - few), float64(n[1].Bytes-n[0].Bytes) / (many - few)}, nil
}

// deskWork is what a desk does: call who is next, decide, search. Each is done once for each filing at most.
func (b *storeBench) deskWork(ctx context.Context) ([]timing.Row, error) {
	by := benchOfficers[0]
	var call, decide, find, fill timing.Series
	for end := time.Now().Add(b.seconds); time.Now().Before(end) && len(call) < len(b.refs); {
		err := call.Time(func() error {
			_, err := b.db.Queue(ctx, by, func(l *domain.Line, now time.Time) (domain.Ticket, error) { return l.Next("1", now) })
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	for end := time.Now().Add(b.seconds); time.Now().Before(end) && len(decide) < len(b.refs); {
		d := domain.Decision{Action: domain.Receive, Officer: by}
		err := decide.Time(func() error {
			_, err := b.db.Decide(ctx, b.refs[len(decide)], d, b.head)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	index, err := finder.Open(ctx, b.db, b.head, func(id string) string { return id })
	if err != nil {
		return nil, err
	}
	if err := fill.Time(func() error { return index.Update(ctx) }); err != nil {
		return nil, err
	}
	words := []string{identity.Fold(b.draft.Applicant.Name), b.refs[0].Short(), string(b.draft.Applicant.Number), b.draft.Service, "khong ai"}
	for end := time.Now().Add(b.seconds / benchRounds); time.Now().Before(end); {
		q := finder.Query{Text: words[len(find)%len(words)], Now: time.Now(), Limit: 500}
		_ = find.Time(func() error {
			index.Search(q)
			return nil
		})
	}
	return []timing.Row{call.Row("call who is next", 0), decide.Row("decide", 0),
		fill.Row(fmt.Sprintf("open the finder on %d filings", index.Len()), 0),
		find.Row(fmt.Sprintf("search in %d filings", index.Len()), 0)}, nil
}

// storeRows writes the table, or a line a row and one that sums up.
func (t *tool) storeRows(rows []timing.Row, sum benchSum, writers int) error {
	if t.json {
		for _, r := range rows {
			if err := t.line(r); err != nil {
				return err
			}
		}
		return t.line(sum)
	}
	if err := writeTimes(t, rows); err != nil {
		return err
	}
	const percent = 100
	fmt.Fprintf(t.out, "%d writing at once; %d officers can open what is filed\n", writers, len(benchOfficers))
	fmt.Fprintf(t.out, "filings a second are %.0f %% of the disk's fsyncs a second\n", percent*sum.OfFsync)
	if sum.Why != "" {
		_, err := fmt.Fprintf(t.out, "what a filing costs the disk could not be counted: %s\n", sum.Why)
		return err
	}
	_, err := fmt.Fprintf(t.out, "a filing costs %.2f fsyncs and %.1f kB; its rate is %.0f %% of what the disk allows for that\n",
		sum.Syncs, sum.Bytes/1000, percent*sum.OfPattern)
	return err
}

// writeTimes writes a table of times.
func writeTimes(t *tool, rows []timing.Row) error {
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "what\tcount\ta second\tp50 ms\tp95 ms\tp99 ms\tmax ms\t")
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%d\t%.1f\t%.2f\t%.2f\t%.2f\t%.2f\t\n", r.What, r.Count, r.PerSecond, r.P50, r.P95, r.P99, r.Max)
	}
	return w.Flush()
}
