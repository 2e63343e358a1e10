package station_test

import (
	"runtime"
	"testing"
	"time"

	"motcua/devices/card/cardsim"
	"motcua/kiosk/session"
)

// A hundred people, one after the other: the machine stays as large as it was, and nobody sees anything of the one
// before. Not parallel, because goroutines and heap are counted.
func TestHundredSessions(t *testing.T) {
	const sessions, settled = 100 / thin / thin, 10 / thin
	m := newMachine(t, setup{})
	all := cardsim.Personas()
	var goroutines [2]int
	var heap [2]uint64
	began := time.Now()
	for i := range sessions {
		if i == settled {
			goroutines[0], heap[0] = size()
		}
		m.one100(m.newCitizen(all[i%len(all)], cardsim.Options{Extended: true}))
	}
	goroutines[1], heap[1] = size()
	t.Logf("%d sessions in %v; goroutines %v, heap %v bytes", sessions, time.Since(began), goroutines, heap)
	if goroutines[1] > goroutines[0]+2 {
		t.Errorf("goroutines grow: %v", goroutines)
	}
	const spare = 4 << 20 // the printer in software keeps the names of its slips, and the log is in memory
	if heap[1] > heap[0]+spare {
		t.Errorf("the heap grows: %v", heap)
	}
	m.end()
	m.one(sessions)
}

// one100 is one of the many: a whole filing, after which nothing of it is left.
func (m *machine) one100(c citizen) {
	m.t.Helper()
	serial := m.now().Serial
	m.walk(c, func(s session.Snapshot) bool { return s.Page == session.PageWelcome && s.Serial > serial })
	m.wiped(serial)
	m.forgot(serial, secrets(c.person, c.answers))
	m.screen.forget()
	m.disk.mu.Lock()
	defer m.disk.mu.Unlock()
	for _, photo := range m.disk.photos {
		forgotten(m.t, photo)
	}
	m.disk.photos = nil
}

// size is how many goroutines there are and how much memory is in use, once all is quiet.
func size() (goroutines int, heap uint64) {
	const quiet = 300 * time.Millisecond
	time.Sleep(quiet)
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return runtime.NumGoroutine(), m.HeapAlloc
}
