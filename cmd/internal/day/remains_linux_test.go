package day

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"motcua/assets"
	"motcua/cmd/internal/remains"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/pcsc/pcsctest"
	sheets "motcua/devices/sheet"
	"motcua/kiosk/board"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/service"
	"motcua/kiosk/session"
	"motcua/kiosk/store"
	"motcua/kiosk/trial"
)

// bareHouse is an office with officers and nobody at work.
func bareHouse(t *testing.T) *house {
	t.Helper()
	d := &house{o: Options{Dir: t.TempDir(), Command: command, Say: t.Logf}, town: &town{cards: map[identity.Number]cardsim.Persona{}},
		filed: map[string]*citizen{}, shorts: map[string]filing.Reference{}}
	must(t, d.prepare(t.Context()))
	return d
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// crowd are some personas and some more, whose names stand in no program; all with MOTCUA_SOAK.
func crowd() []cardsim.Persona {
	few, more := []cardsim.Persona{cardsim.Personas()[1]}, 1
	if os.Getenv("MOTCUA_SOAK") != "" {
		few, more = cardsim.Personas(), 3
	}
	r := rand.New(rand.NewPCG(5, 5))
	for i := range more {
		few = append(few, Invent(r, 900+i))
	}
	return few
}

// vpcd lays cards on the virtual reader of a real pcscd: the kiosk's process has nothing of them but what it reads.
func vpcd(t *testing.T, k *kioskHand, profiles map[string]*cardsim.Profile) {
	stop, ended := func() {}, make(chan error, 1)
	ended <- nil
	k.slow = 2 * time.Second // pcscd looks for cards now and then
	k.lift = func(context.Context) error {
		stop()
		<-ended
		stop, ended = func() {}, make(chan error, 1)
		ended <- nil
		return nil
	}
	k.lay = func(_ context.Context, p cardsim.Persona) error {
		var ctx context.Context
		ctx, stop = context.WithCancel(t.Context())
		ended = make(chan error, 1)
		go func(ended chan<- error) {
			ended <- cardsim.ServeVPCD(ctx, pcsctest.Addr, cardsim.New(profiles[p.Number], cardsim.Options{Extended: true}))
		}(ended)
		return nil
	}
}

// TestKioskForgets: a kiosk's process files for every persona, with every message logged. When the last one has gone, nothing of
// anybody is in any file, nor in the process's memory.
func TestKioskForgets(t *testing.T) {
	pcsctest.Start(t)
	d := bareHouse(t)
	var people []remains.Person
	profiles := map[string]*cardsim.Profile{}
	crowd := crowd()
	for _, p := range crowd {
		who, profile, err := remains.Of(p)
		must(t, err)
		people, profiles[p.Number] = append(people, who), profile
		d.town.cards[identity.Number(p.Number)] = p
	}
	seeker := remains.New(people)
	k, err := startKiosk(t.Context(), d, "K1", "pcsc", time.Until(opening))
	must(t, err)
	t.Cleanup(func() { _ = k.close() })
	vpcd(t, k, profiles)
	pid := k.part.cmd.Process.Pid
	d.logged(t, "K1", "card.reader-added", 1)

	// What stands in the memory before anybody came is the program's: digits in a row, words of its tests.
	own, _, err := seeker.Process(pid)
	must(t, err)
	seeker.Known(own)

	must(t, k.Card(identity.Person{Number: identity.Number(crowd[0].Number)}))
	if found, n, err := seeker.Process(pid); err != nil || !has(found, "name") || !has(found, "photo") {
		t.Fatalf("with a person before it, the kiosk's memory (%d kB) has %d remains, %v: the search finds nothing", n/1024, len(found), err)
	}
	must(t, k.Do(session.Back{}))
	must(t, k.take())

	svc := temporary(t)
	for i, p := range crowd {
		who := identity.Person{Number: identity.Number(p.Number), Name: p.Name, Birth: identity.DateOf(p.Birth)}
		if _, err := trial.At(k, svc, trial.For(svc, who)); err != nil {
			t.Fatalf("persona %d: %v", i, err)
		}
	}
	d.logged(t, "K1", "session.wiped", len(crowd)+1)
	d.backup(t)
	d.clean(t, seeker, "kiosk", pid)
}

// TestDeskForgets: an officer opens, searches, prints, scans a paper, finishes and hands over the filings of people, and locks the desk; a backup was made, and all
// was logged. Nothing of them is in any file, nor in the memory of the desk, nor the PIN.
func TestDeskForgets(t *testing.T) {
	d := bareHouse(t)
	people := []remains.Person{{Facts: map[string]string{"PIN": dayPIN}}}
	k, err := startKiosk(t.Context(), d, "K1", "sim", time.Until(opening))
	must(t, err)
	t.Cleanup(func() { _ = k.close() })
	crowd := crowd()
	for i, p := range crowd {
		who, _, err := remains.Of(p)
		must(t, err)
		people = append(people, who)
		c := &citizen{card: p, service: temporary(t), plan: []plan{finishAtOnce, takeBack}[i%2]}
		d.town.add(c)
		must(t, d.visit(t.Context(), k, visit{who: c}))
	}
	sheet := page(1)
	scanned, err := sheets.Normal(sheet, filing.MaxPicture)
	must(t, err)
	people = append(people, remains.Person{Photo: scanned})
	d.desk, err = startDesk(t.Context(), d, time.Until(opening))
	must(t, err)
	t.Cleanup(func() { _ = d.desk.part.close() })
	seeker, o, pid := remains.New(people), d.desk, d.desk.part.cmd.Process.Pid
	own, _, err := seeker.Process(pid)
	must(t, err)
	seeker.Known(own)

	must(t, o.do("sign in", append(typing(dayPIN), board.Enter{})...))
	paper := remains.New([]remains.Person{{Photo: scanned}})
	for i := range crowd {
		must(t, o.do("filter", board.Show{Filter: board.FilterFiled}))
		must(t, o.do("open", board.Choose{Row: 0}))
		must(t, o.do("print", board.Print{}))
		found, _, err := seeker.Process(pid)
		must(t, err)
		if !has(found, "name") || !has(found, "photo") {
			t.Fatalf("with a filing open, the desk's memory has %d remains: the search finds nothing", len(found))
		}
		if i == 0 {
			must(t, o.scan(sheet))
			if found, _, err := paper.Process(pid); err != nil || !has(found, "photo") {
				t.Fatalf("with a paper beside the filing, the desk's memory has %d remains of it, %v", len(found), err)
			}
		}
		must(t, o.handle())
	}
	must(t, o.search())
	must(t, o.do("lock", board.Lock{}))
	d.backup(t)
	d.clean(t, seeker, "desk", pid)
}

// temporary is the service that people come for.
func temporary(t *testing.T) *service.Service {
	t.Helper()
	catalogue, err := service.Load(assets.FS)
	must(t, err)
	svc, ok := catalogue.Get("tam-tru", identity.DateOf(opening))
	if !ok {
		t.Fatal("no service")
	}
	return svc
}

// backup makes one, as a desk does now and then.
func (d *house) backup(t *testing.T) {
	t.Helper()
	db, err := store.Open(d.data(), store.Options{Station: "S1", Commune: "05200", Now: func() time.Time { return opening.Add(oneDay) }})
	must(t, err)
	defer db.Close()
	b, err := db.Backup(t.Context(), filepath.Join(d.o.Dir, "backups"), store.DefaultKeep)
	must(t, err)
	if b.Filings == 0 {
		t.Error("nothing is in the backup")
	}
}

// logged waits until the log of a part says something so often.
func (d *house) logged(t *testing.T, name, message string, times int) {
	t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(lookAgain) {
		log, err := os.ReadFile(filepath.Join(d.o.Dir, name+".log"))
		must(t, err)
		if n := strings.Count(string(log), fmt.Sprintf("%q", message)); n >= times {
			return
		} else if time.Now().After(end) {
			t.Fatalf("%s says %s %d times of %d", name, message, n, times)
		}
	}
}

// clean holds that nothing of anybody is in the files of the day, nor, once what was going on has ended, in a process. What was printed is
// paper, and has gone with the people: the pictures of it are not searched.
func (d *house) clean(t *testing.T, seeker *remains.Seeker, what string, pid int) {
	t.Helper()
	for _, paper := range []string{"spool-K1", "forms"} {
		sheets, err := os.ReadDir(filepath.Join(d.o.Dir, paper))
		must(t, err)
		if len(sheets) == 0 && (paper != "forms" || what == "desk") {
			t.Errorf("nothing was printed into %s", paper)
		}
		must(t, os.RemoveAll(filepath.Join(d.o.Dir, paper)))
	}
	for _, dir := range []string{"data/redo", "backups", "data"} {
		if list, err := os.ReadDir(filepath.Join(d.o.Dir, dir)); err != nil || len(list) == 0 {
			t.Errorf("%s is empty, %v", dir, err)
		}
	}
	found, files, err := seeker.Dir(d.o.Dir)
	must(t, err)
	tell(t, what, found)
	for end := time.Now().Add(patience); ; time.Sleep(time.Second) {
		in, bytes, err := seeker.Process(pid)
		must(t, err)
		if len(in) == 0 || time.Now().After(end) {
			t.Logf("%s: %d files and %d MB of memory searched; %d remains in files, %d in memory", what, files, bytes>>20, len(found), len(in))
			tell(t, what, in)
			return
		}
	}
}

// tell complains of the first of what was found.
func tell(t *testing.T, what string, found []remains.Found) {
	t.Helper()
	const shown = 40
	for i, f := range found {
		if i < shown {
			t.Errorf("%s: %s: %q", what, f, f.Near)
		}
	}
}

func has(found []remains.Found, what string) bool {
	return slices.ContainsFunc(found, func(f remains.Found) bool { return f.What == what })
}
