// Package config is motcua.toml: everything an office sets about one station, and nothing else.
//
// Find says which file is meant, Load reads it, Default is what holds without any file. A file is read strictly: a key
// that does not exist, a value of the wrong kind or out of range, a key set twice are problems, and all of them are
// reported at once, each with its line, because the person who mends the file has the keyboard for five minutes.
// packaging/motcua.toml is the complete example; a test holds that it names every key at its default.
//
// Why keys.go binds names to fields by hand and not by struct tags: a decoder that fills a struct stops at the first
// wrong value and knows lines only for some mistakes. One table gives names, kinds, ranges and suggestions.
//
// Why a driver that is "auto" never fails: a kiosk must start in an office where the reader comes next week. Auto takes
// what is attached and says on the screen what is not; naming a driver means that it has to be there.
package config

import (
	"path/filepath"
	"time"
)

// Config is one station's settings. The zero value is not valid; begin with Default.
type Config struct {
	Station  Station
	Data     Data
	Backup   Backup
	Screen   Screen
	Card     Card
	Scanner  Scanner
	Printer  Printer
	Session  Session
	Voice    Voice
	Hours    Hours
	Desk     Desk
	Services Services
	Portal   Portal
	Log      Log
}

// Station says where this station stands and what it is called on the slip and the screen.
type Station struct {
	ID          string // 1 to 8 of A-Z and 0-9, a letter first; unique in the commune: part of every reference
	Label       string // what people call this station
	CommuneCode string // five digits, the commune's code in the list of administrative units
	Office      string // the office, as the head of a slip has it
	Province    string
	Superior    string // the office above, as the head of a slip has it
	Counter     string // where a citizen is sent to
	Phone       string // of the office; empty is not printed
}

// Data is where filings are kept.
type Data struct {
	Dir string // may begin with ~/, see Expand
}

// Backup is what outlives the disk.
type Backup struct {
	Dir        string // empty is backups in the data directory; may begin with ~/, see Where
	EveryHours int
	RedoDir    string // empty is redo in the data directory; may begin with ~/, see Where
}

// Every is the time between two backups.
func (b Backup) Every() time.Duration { return time.Duration(b.EveryHours) * time.Hour }

// Where are the directories for backups and for the redo log, redo being empty where nothing was set. data is the data directory.
func (b Backup) Where(data string) (backups, redo string, err error) {
	if redo, err = Expand(b.RedoDir); err != nil {
		return "", "", err
	}
	if b.Dir == "" {
		return filepath.Join(data, "backups"), redo, nil
	}
	backups, err = Expand(b.Dir)
	return backups, redo, err
}

// Screen is the window.
type Screen struct {
	Mode   string // ModeFullscreen or ModeWindow
	Width  int    // of the window in pixels; the whole display when full screen
	Height int
	DPI    int // pixels per inch of the panel: sizes on the screen are in millimetres
}

// Modes of the screen.
const (
	ModeFullscreen = "fullscreen"
	ModeWindow     = "window"
)

// Drivers that every kind of device has.
const (
	DriverAuto = "auto" // what is attached; with motcua -simulate the simulator for what is not
	DriverSim  = "sim"  // the simulator, whatever is attached
	DriverNone = "none" // do without
)

// Drivers of one kind of device.
const (
	DriverPCSC   = "pcsc"   // card: a reader behind PC/SC
	DriverSerial = "serial" // scanner: text over a serial line
	DriverFile   = "file"   // scanner: a picture file
	DriverESCPOS = "escpos" // printer: Epson's ESC/POS commands
)

// Card is the chip reader.
type Card struct {
	Driver string // auto, pcsc, sim or none
	Reader string // part of the reader's name; empty is any reader
}

// Scanner is what reads QR codes.
type Scanner struct {
	Driver string // auto, serial, file, sim or none
	Device string // serial: /dev/…; empty is looked for when the driver is auto
	Baud   int    // serial
	Path   string // file: the picture, or a folder of pictures
}

// Printer is the receipt printer.
type Printer struct {
	Driver  string // auto, escpos, sim or none
	Device  string // serial:/dev/…?baud=…, usb:/dev/usb/lp0, tcp://host:port, file:/path; empty is looked for when auto
	Profile string // what this model can do, by the name devices/print/escpos knows it under
	Width   int    // dots across the paper: 384 (58 mm), 512 or 576 (80 mm); 0 is the profile's
}

// Session is how long a citizen may stand without touching anything.
type Session struct {
	IdleWarnSeconds  int // until the question "are you still here?"
	IdleGraceSeconds int // from the question to the wipe
}

// IdleWarn is the time until the question.
func (s Session) IdleWarn() time.Duration { return time.Duration(s.IdleWarnSeconds) * time.Second }

// IdleGrace is the time from the question to the wipe.
func (s Session) IdleGrace() time.Duration { return time.Duration(s.IdleGraceSeconds) * time.Second }

// Voice is what speaks the pages.
type Voice struct {
	Driver   string // auto, sim or none
	Language string // of espeak-ng: vi, vi-vn-x-central, vi-vn-x-south
	Pack     string // recordings: the directory of this name in voices in the data directory; empty is none
}

// Desk is the officer's side.
type Desk struct {
	// Station is the desk's name in the journal and in the numbers of what is filed there; another one than each kiosk's.
	Station string
	// Counter is what people are called to: "1".
	Counter string
	// Printer is the CUPS queue for forms, "" the system's usual one, "none" for no printer.
	Printer     string
	ExportDir   string // where workbooks are written; may begin with ~/, see Expand
	IdleMinutes int    // without a key, until the officer is signed out
	// Reader is a part of the name of the reader for officers' cards; empty is none. It cannot be one that a kiosk of this configuration takes.
	Reader string
	// Scanner is the serial line of the desk's own scanner, best by its lasting name: "/dev/serial/by-id/usb-…"; empty is none. A kiosk of this
	// configuration leaves it alone. ScannerBaud is its speed, which USB scanners ignore.
	Scanner     string
	ScannerBaud int
	Scans       string // folder in which a document scanner leaves pictures; may begin with ~/; empty is none
}

// Idle is that time.
func (d Desk) Idle() time.Duration { return time.Duration(d.IdleMinutes) * time.Minute }

// Hours are when the office is open, each as "07:30-11:30".
type Hours struct {
	Morning, Afternoon string
	Saturday           string // SaturdayMorning or SaturdayClosed
}

// What an office does on Saturdays. A Saturday counts as no working day either way.
const (
	SaturdayMorning = "morning" // filings are taken in the morning
	SaturdayClosed  = "closed"
)

// Services is what this office has of its own in the catalogue.
type Services struct {
	// Languages besides Vietnamese that people are offered, between spaces: "en".
	Languages string
	// Dir has files that override and add services (assets/services/README.md); empty is services in the data directory,
	// if it is there. It may begin with ~/, see Expand.
	Dir string
	// Off are the services that are not offered here, between spaces. What a head set at the desk wins.
	Off string
	// Local are the settings of which services speak, words between spaces: "xe-o-to" where this commune registers cars.
	Local string
}

// Portal is how filings are handed over to the national portal.
type Portal struct {
	Kind       string // PortalNone, PortalDirectory or PortalHTTP
	Directory  string // of the kind directory; may begin with ~/, see Expand
	URL        string // of the kind http: the endpoint of packaging/portal/openapi.yaml
	TokenURL   string // of its authorization server
	ClientID   string
	SecretFile string // holds the client's secret; may begin with ~/, see Expand
	Scope      string // words between spaces
}

// Kinds of hand-over.
const (
	PortalNone      = "none" // an officer types filings into the portal
	PortalDirectory = "directory"
	PortalHTTP      = "http"
)

// Log is where the program writes what it does.
type Log struct {
	Level string // debug, info, warn or error
	File  string // empty is standard error; may begin with ~/, see Expand
}

// Default is the configuration that holds without a file: a demonstration station with whatever is attached.
func Default() Config {
	return Config{
		Station: Station{
			ID: "K1", Label: "Ki-ốt số 1", CommuneCode: "05200", Office: "Công an xã Mai Châu",
			Province: "tỉnh Phú Thọ", Superior: "CÔNG AN TỈNH PHÚ THỌ", Counter: "Quầy Một cửa", Phone: "0218 000 000",
		},
		Data:     Data{Dir: "~/.local/share/motcua"},
		Backup:   Backup{EveryHours: 24},
		Screen:   Screen{Mode: ModeFullscreen, Width: 1920, Height: 1080, DPI: 102},
		Card:     Card{Driver: DriverAuto},
		Scanner:  Scanner{Driver: DriverAuto, Baud: 9600},
		Printer:  Printer{Driver: DriverAuto, Profile: "generic-80"},
		Voice:    Voice{Driver: DriverAuto, Language: "vi"},
		Hours:    Hours{Morning: "07:30-11:30", Afternoon: "13:30-17:00", Saturday: SaturdayMorning},
		Desk:     Desk{Station: "D1", Counter: "1", ExportDir: "~/Motcua", IdleMinutes: 5, ScannerBaud: 9600},
		Services: Services{Local: "xe-mo-to"},
		Portal:   Portal{Kind: PortalNone},
		Session:  Session{IdleWarnSeconds: 60, IdleGraceSeconds: 30},
		Log:      Log{Level: "info"},
	}
}
