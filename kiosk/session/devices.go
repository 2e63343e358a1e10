package session

import "motcua/kiosk/fault"

// Device is how a part of this machine is, for the desk.
type Device struct {
	Name  string     `json:"name"`  // reader, scanner, printer, voice
	State string     `json:"state"` // present, absent, failed: the states of kiosk/health
	Code  fault.Code `json:"code,omitempty"`
}

// Devices are the parts of the machine as they were reported last.
func Devices(s State) []Device {
	list := []Device{part("reader", !s.dev.noReader, fault.ReaderAbsent), part("scanner", !s.dev.noScanner, fault.ScannerAbsent)}
	if s.cfg.Printer {
		list = append(list, part("printer", s.dev.printerBad == "", s.dev.printerBad))
	}
	if s.cfg.Voice {
		list = append(list, part("voice", true, ""))
	}
	return list
}

func part(name string, works bool, code fault.Code) Device {
	if works {
		return Device{name, "present", ""}
	}
	return Device{name, "failed", code}
}
