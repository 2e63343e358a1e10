package station

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"motcua/devices/card/vncard"
	"motcua/kiosk/checkup"
	"motcua/kiosk/fault"
)

// memoryName is the file in the data directory in which a station keeps what it learnt about its readers.
const memoryName = "readers.json"

const maxMemory = 256 << 10 // bytes; 256 kinds of cards are below 100 kB

// memory is what a station learnt about its readers: which of several is used, and what lengths go through, and which of several scanners and
// printers was chosen. It spares
// the next start a probe and a choice, and holds nothing about persons. Losing it costs a command, so a file that
// cannot be read is begun anew, and one that cannot be written is told to the log only.
type memory struct {
	path string // "": nothing is kept
	log  *slog.Logger

	mu   sync.Mutex
	kept []byte // the file as it is

	Reader  string        `json:"reader,omitempty"`  // that read a card last, or was chosen
	Scanner string        `json:"scanner,omitempty"` // the line that was chosen
	Printer string        `json:"printer,omitempty"` // the device that was chosen
	Hints   *vncard.Hints `json:"lengths"`
}

// openMemory reads what is kept in dir; "" keeps nothing.
func openMemory(dir string, log *slog.Logger) *memory {
	m := &memory{log: log, Hints: &vncard.Hints{}}
	if dir == "" {
		return m
	}
	m.path = filepath.Join(dir, memoryName)
	f, err := os.Open(m.path)
	if err != nil {
		return m
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxMemory))
	if err == nil {
		err = json.Unmarshal(raw, m)
	}
	if err != nil || m.Hints == nil {
		log.Warn("readers.forgotten", "err", err)
		m.Reader, m.Scanner, m.Printer, m.Hints = "", "", "", &vncard.Hints{}
		return m
	}
	m.kept = raw
	return m
}

// reader is the one that is preferred, "" if none was used yet.
func (m *memory) reader() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.Reader
}

// keep writes what is known now, if that is news. reader is the one that was used.
func (m *memory) keep(reader string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.Reader = reader
	_ = m.write() // told to the log
}

// write writes the file, if it holds news.
func (m *memory) write() error {
	raw, err := json.MarshalIndent(m, "", "\t")
	if err != nil || m.path == "" || bytes.Equal(raw, m.kept) {
		return err
	}
	// No fsync: a power cut may take it, and then the next card teaches it again. The rename keeps it whole.
	const ownerOnly = 0o600
	fresh := m.path + ".new"
	if err = os.WriteFile(fresh, raw, ownerOnly); err == nil {
		err = os.Rename(fresh, m.path)
	}
	if err != nil {
		m.log.Warn("readers.not-kept", "err", err)
		return err
	}
	m.kept = raw
	return nil
}

// place is where a choice stands.
func (m *memory) place(part checkup.Part) *string {
	return map[checkup.Part]*string{checkup.Reader: &m.Reader, checkup.Scanner: &m.Scanner, checkup.Printer: &m.Printer}[part]
}

// chosen is the device that was chosen for a part, "" if none was.
func (m *memory) chosen(part checkup.Part) string {
	if m == nil {
		return ""
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return *m.place(part)
}

// choose keeps a choice. One that cannot be kept is not made.
func (m *memory) choose(part checkup.Part, name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := m.place(part)
	was := *at
	*at = name
	if err := m.write(); err != nil {
		*at = was
		return fault.New(fault.StoreFailed, err)
	}
	return nil
}

// ChosenReader is the reader that a station prefers where it has several, "" if none was used or chosen yet.
func ChosenReader(dir string) string {
	return openMemory(dir, slog.New(slog.DiscardHandler)).reader()
}

// ChooseReader has a station prefer a reader. A station that is running goes on with the one it has until another card is
// read on that one.
func ChooseReader(dir, reader string) error {
	m := openMemory(dir, slog.New(slog.DiscardHandler))
	m.keep(reader)
	if ChosenReader(dir) != reader {
		return fault.Newf(fault.StoreFailed, "the choice cannot be kept")
	}
	return nil
}
