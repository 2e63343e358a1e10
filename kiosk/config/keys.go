package config

import (
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/pelletier/go-toml/v2/unstable"

	"motcua/kiosk/filing"
)

// maxText is the longest text value, in bytes. The longest that is printed is an office's name.
const maxText = 512

// Ranges of the numbers.
const (
	minPixels, maxPixels = 480, 8192
	minDPI, maxDPI       = 60, 400
	// WCAG 2.2.1: a person gets at least 20 seconds to say that there is more to do.
	minGrace, maxGrace = 20, 300
	minWarn, maxWarn   = 20, 900
)

// bauds are the line speeds that every serial driver knows.
var bauds = []int{1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200}

// widths are the dot counts of the receipt printers there are: the profile's own, 58 mm, and two kinds of 80 mm.
var widths = []int{0, 384, 512, 576}

// setting is one key's place in a Config and what its value must be.
type setting interface {
	// read takes a value from the file. The answer is what is wrong with it, "" if it was taken.
	read(value *unstable.Node) string
	// place is the pointer to the field.
	place() any
}

// key is a setting with its name, "section.key".
type key struct {
	name string
	setting
}

// keys binds every key there is to its field in c.
func keys(c *Config) []key {
	return []key{
		{"station.id", text{&c.Station.ID, like(filing.ValidStation, "1 to 8 of A-Z and 0-9, a letter first")}},
		{"station.label", text{&c.Station.Label, needed}},
		{"station.commune_code", text{&c.Station.CommuneCode, like(filing.ValidCommune, "five digits")}},
		{"station.office", text{&c.Station.Office, needed}},
		{"station.province", text{&c.Station.Province, needed}},
		{"station.superior", text{&c.Station.Superior, needed}},
		{"station.counter", text{&c.Station.Counter, needed}},
		{"station.phone", text{&c.Station.Phone, like(phone.MatchString, "digits, spaces and + - . ( )")}},
		{"data.dir", text{&c.Data.Dir, needed}},
		{"backup.dir", text{&c.Backup.Dir, anything}},
		{"backup.every_hours", number{&c.Backup.EveryHours, between(1, 168)}},
		{"backup.redo_dir", text{&c.Backup.RedoDir, rooted}},
		{"screen.mode", text{&c.Screen.Mode, oneOf(ModeFullscreen, ModeWindow)}},
		{"screen.width", number{&c.Screen.Width, between(minPixels, maxPixels)}},
		{"screen.height", number{&c.Screen.Height, between(minPixels, maxPixels)}},
		{"screen.dpi", number{&c.Screen.DPI, between(minDPI, maxDPI)}},
		{"card.driver", text{&c.Card.Driver, oneOf(DriverAuto, DriverPCSC, DriverSim, DriverNone)}},
		{"card.reader", text{&c.Card.Reader, anything}},
		{"scanner.driver", text{&c.Scanner.Driver, oneOf(DriverAuto, DriverSerial, DriverFile, DriverSim, DriverNone)}},
		{"scanner.device", text{&c.Scanner.Device, anything}},
		{"scanner.baud", number{&c.Scanner.Baud, among("speed", bauds)}},
		{"scanner.path", text{&c.Scanner.Path, anything}},
		{"printer.driver", text{&c.Printer.Driver, oneOf(DriverAuto, DriverESCPOS, DriverSim, DriverNone)}},
		{"printer.device", text{&c.Printer.Device, printerDevice}},
		{"printer.profile", text{&c.Printer.Profile, like(profile.MatchString, "a-z, 0-9 and -")}},
		{"printer.width", number{&c.Printer.Width, among("width", widths)}},
		{"session.idle_warn_seconds", number{&c.Session.IdleWarnSeconds, between(minWarn, maxWarn)}},
		{"session.idle_grace_seconds", number{&c.Session.IdleGraceSeconds, between(minGrace, maxGrace)}},
		{"voice.driver", text{&c.Voice.Driver, oneOf(DriverAuto, DriverSim, DriverNone)}},
		{"voice.language", text{&c.Voice.Language, like(profile.MatchString, "a-z, 0-9 and -")}},
		{"voice.pack", text{&c.Voice.Pack, like(local.MatchString, "a-z, 0-9 and -")}},
		{"hours.morning", text{&c.Hours.Morning, like(span.MatchString, "07:30-11:30")}},
		{"hours.afternoon", text{&c.Hours.Afternoon, like(span.MatchString, "13:30-17:00")}},
		{"hours.saturday", text{&c.Hours.Saturday, oneOf(SaturdayMorning, SaturdayClosed)}},
		{"desk.station", text{&c.Desk.Station, like(filing.ValidStation, "1 to 8 of A-Z and 0-9, a letter first")}},
		{"desk.counter", text{&c.Desk.Counter, like(counterForm.MatchString, "1 to 8 letters, digits or spaces")}},
		{"desk.printer", text{&c.Desk.Printer, like(queue.MatchString, "a name of letters, digits, - and _")}},
		{"desk.export_dir", text{&c.Desk.ExportDir, needed}},
		{"desk.idle_minutes", number{&c.Desk.IdleMinutes, between(1, 60)}},
		{"desk.reader", text{&c.Desk.Reader, anything}},
		{"desk.scanner", text{&c.Desk.Scanner, anything}},
		{"desk.scanner_baud", number{&c.Desk.ScannerBaud, among("speed", bauds)}},
		{"desk.scans", text{&c.Desk.Scans, anything}},
		{"services.dir", text{&c.Services.Dir, anything}},
		{"services.off", text{&c.Services.Off, like(local.MatchString, "words of a-z, 0-9 and - between spaces")}},
		{"services.languages", text{&c.Services.Languages, like(local.MatchString, "words of a-z, 0-9 and - between spaces")}},
		{"services.local", text{&c.Services.Local, like(local.MatchString, "words of a-z, 0-9 and - between spaces")}},
		{"portal.kind", text{&c.Portal.Kind, oneOf(PortalNone, PortalDirectory, PortalHTTP)}},
		{"portal.directory", text{&c.Portal.Directory, anything}},
		{"portal.url", text{&c.Portal.URL, like(webAddress, "https://…, without user, ? and #")}},
		{"portal.token_url", text{&c.Portal.TokenURL, like(webAddress, "https://…, without user, ? and #")}},
		{"portal.client_id", text{&c.Portal.ClientID, anything}},
		{"portal.secret_file", text{&c.Portal.SecretFile, anything}},
		{"portal.scope", text{&c.Portal.Scope, anything}},
		{"log.level", text{&c.Log.Level, oneOf("debug", "info", "warn", "error")}},
		{"log.file", text{&c.Log.File, anything}},
	}
}

var (
	phone       = regexp.MustCompile(`^[0-9 +().-]*$`)
	local       = regexp.MustCompile(`^[a-z0-9-]*( [a-z0-9-]+)*$`)
	counterForm = regexp.MustCompile(`^[\p{L}0-9]([\p{L}0-9 ]{0,6}[\p{L}0-9])?$`)
	queue       = regexp.MustCompile(`^[A-Za-z0-9_-]*$`)
	span        = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$`)
	profile     = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)
)

// text is a setting that holds one line of text. It is kept in NFC, because it is printed and compared.
type text struct {
	into *string
	rule func(string) string
}

func (t text) place() any { return t.into }

func (t text) read(value *unstable.Node) string {
	if value.Kind != unstable.String {
		return "a text in quotes is needed, not " + kind(value)
	}
	s := norm.NFC.String(string(value.Data))
	switch {
	case len(s) > maxText:
		return fmt.Sprintf("longer than %d bytes", maxText)
	case strings.ContainsFunc(s, unicode.IsControl):
		return "a line break or control character is not allowed"
	}
	if wrong := t.rule(s); wrong != "" {
		return wrong
	}
	*t.into = s
	return ""
}

// number is a setting that holds a whole number.
type number struct {
	into *int
	rule func(int) string
}

func (n number) place() any { return n.into }

func (n number) read(value *unstable.Node) string {
	if value.Kind != unstable.Integer {
		return "a whole number is needed, not " + kind(value)
	}
	i, err := strconv.ParseInt(strings.TrimPrefix(string(value.Data), "+"), 0, 32)
	if err != nil {
		return "not a number that can be used"
	}
	if wrong := n.rule(int(i)); wrong != "" {
		return wrong
	}
	*n.into = int(i)
	return ""
}

// kind names what stands where something else is needed.
func kind(value *unstable.Node) string {
	switch value.Kind {
	case unstable.String:
		return "a text in quotes"
	case unstable.Bool:
		return "true or false"
	case unstable.Integer, unstable.Float:
		return "a number"
	case unstable.Array:
		return "a list"
	case unstable.InlineTable:
		return "a section"
	}
	return "a date or time"
}

func anything(string) string { return "" }

// rooted is a path that means the same for every program.
func rooted(s string) string {
	if s == "" || strings.HasPrefix(s, "~/") || filepath.IsAbs(s) {
		return ""
	}
	return show(s) + " needs a whole path, from the root or from ~/"
}

func needed(s string) string {
	if strings.TrimSpace(s) == "" {
		return "must not be empty"
	}
	return ""
}

func like(valid func(string) bool, words string) func(string) string {
	return func(s string) string {
		if valid(s) {
			return ""
		}
		return fmt.Sprintf("%s is not of the form needed (%s)", show(s), words)
	}
}

func oneOf(words ...string) func(string) string {
	return func(s string) string {
		if slices.Contains(words, s) {
			return ""
		}
		return fmt.Sprintf("%s is none of %s%s", show(s), strings.Join(words, ", "), suggest(s, words, "%q"))
	}
}

func between(least, most int) func(int) string {
	return func(i int) string {
		if least <= i && i <= most {
			return ""
		}
		return fmt.Sprintf("%d is not between %d and %d", i, least, most)
	}
}

func among(what string, known []int) func(int) string {
	return func(i int) string {
		if slices.Contains(known, i) {
			return ""
		}
		list := strings.ReplaceAll(strings.Trim(fmt.Sprint(known), "[]"), " ", ", ")
		return fmt.Sprintf("%d is not a %s we know (%s)", i, what, list)
	}
}

// SafeURL reports whether filings and secrets may go to an address: https to anywhere, http to this machine only.
func SafeURL(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

func webAddress(s string) bool { return s == "" || SafeURL(s) }

// printerDevice checks the form of a printer's address; whether something answers there is the station's to find out.
func printerDevice(s string) string {
	if s == "" {
		return ""
	}
	const forms = "serial:/dev/ttyUSB0?baud=19200, usb:/dev/usb/lp0, tcp://host:9100, file:/path"
	u, err := url.Parse(s)
	if err != nil {
		return show(s) + " is not an address of a printer (" + forms + ")"
	}
	switch u.Scheme {
	case "serial":
		return serialDevice(u)
	case "usb", "file":
		if u.Host != "" || !strings.HasPrefix(u.Path, "/") {
			return fmt.Sprintf("%s needs a whole path, like %s:/path", show(s), u.Scheme)
		}
	case "tcp":
		if port, err := strconv.ParseUint(u.Port(), 10, 16); err != nil || port == 0 || u.Hostname() == "" || u.Path != "" {
			return show(s) + " needs a host and a port, like tcp://host:9100"
		}
	default:
		return show(s) + " is not an address of a printer (" + forms + ")"
	}
	return ""
}

func serialDevice(u *url.URL) string {
	if u.Host != "" || u.Path == "" && u.Opaque == "" {
		return show(u.String()) + " needs a path, like serial:/dev/ttyUSB0"
	}
	for name, values := range u.Query() {
		if name != "baud" {
			return show(name) + " is not an option of a serial printer (baud)"
		}
		baud, err := strconv.Atoi(values[0])
		if err != nil {
			return show(values[0]) + " is not a speed"
		}
		if wrong := among("speed", bauds)(baud); wrong != "" {
			return wrong
		}
	}
	return ""
}

// maxShown is how much of a wrong value a message repeats, in runes.
const maxShown = 60

// show quotes a value from the file for a message, cut to a length that fits a line.
func show(s string) string {
	if r := []rune(s); len(r) > maxShown {
		s = string(r[:maxShown]) + "…"
	}
	return strconv.Quote(s)
}
