package session

import (
	"time"

	"motcua/kiosk/fault"
)

// Device is how a part of this machine is, for the desk.
type Device struct {
	Name  string     `json:"name"`  // reader, scanner, printer, voice
	State string     `json:"state"` // present, absent, failed: the states of kiosk/health
	Code  fault.Code `json:"code,omitempty"`
	Since time.Time  `json:"since,omitzero"` // it is so; of whoever keeps it
}

// Devices are the parts of the machine as they were reported last.
func Devices(s State) []Device {
	list := []Device{part("reader", !s.dev.noReader, fault.ReaderAbsent), part("scanner", !s.dev.noScanner, fault.ScannerAbsent)}
	if s.cfg.Printer {
		list = append(list, part("printer", s.dev.printerBad == "", s.dev.printerBad))
	} else {
		list = append(list, Device{Name: "printer", State: "absent"})
	}
	if s.cfg.Voice {
		return append(list, part("voice", true, ""))
	}
	return append(list, Device{Name: "voice", State: "absent"})
}

func part(name string, works bool, code fault.Code) Device {
	if works {
		return Device{Name: name, State: "present"}
	}
	return Device{Name: name, State: "failed", Code: code}
}
