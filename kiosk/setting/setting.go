// Package setting is what a head of the office decides at the desk for all its kiosks and desks.
//
// A setting has a Name and a value, both short texts; a Set is those that hold. Set.Over lays them over what motcua.toml of a station says:
// the file is what holds until a head decides, and again once the decision is taken back (an empty value). Check refuses a value before it is
// kept; Over leaves out what it cannot read all the same, and says so, because a kiosk has to work whatever was written.
//
//	hours               when the office is open: "07:30-11:30 13:30-17:00 morning", the last word being what a Saturday is (config.Hours)
//	closed.2026-12-24   the office is closed on a day, besides holidays: why, as it is told to people
//	service.tam-vang    "on" or "off": whether the service is offered
//	voice               what speaks: a voice of espeak-ng, or "pack:" and the name of recordings in the data directory
//
// Why names and not one document: two heads at two desks do not overwrite each other, and the journal says who decided on which day and
// which service.
//
// A day on which the office is closed moves due dates that are given from then on. One that is on somebody's slip was promised: it stays.
package setting

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"motcua/kiosk/calendar"
	"motcua/kiosk/config"
	"motcua/kiosk/identity"
	"motcua/kiosk/officer"
)

// Name is what is set.
type Name string

// Names that stand alone.
const (
	Hours Name = "hours"
	Voice Name = "voice"
)

// Service is whether a service is offered: On or Off.
func Service(id string) Name { return Name(servicePrefix + id) }

// Closed is that the office is closed on a day.
func Closed(day identity.Date) Name { return Name(closedPrefix + day.Time().Format(time.DateOnly)) }

const servicePrefix, closedPrefix = "service.", "closed."

// Whether a service is offered.
const (
	On  = "on"
	Off = "off"
)

// PackPrefix is before the name of recordings in the value of Voice.
const PackPrefix = "pack:"

// Limits: of a reason in characters, of a name in bytes, of a Set in settings.
const (
	MaxReason = 60
	maxName   = 64
	MaxSet    = 500
)

// ErrSetting: a name that nothing has, or a value that it cannot have.
var ErrSetting = errors.New("setting: not a setting")

func wrong(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrSetting, fmt.Sprintf(format, args...))
}

// id is a service's, or the name of a voice or of recordings.
var id = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// Check reports why a name or a value cannot be; nil for an empty value, which takes a decision back.
func Check(n Name, value string) error {
	text := string(n)
	service, isService := strings.CutPrefix(text, servicePrefix)
	switch {
	case len(text) > maxName:
		return wrong("a name of %d bytes", len(text))
	case n == Hours:
		if value == "" {
			return nil
		}
		_, err := parseHours(value)
		return err
	case n == Voice:
		if name := strings.TrimPrefix(value, PackPrefix); value != "" && !id.MatchString(name) {
			return wrong("a voice is named by a-z, 0-9 and -")
		}
		return nil
	case isService:
		if !id.MatchString(service) || value != "" && value != On && value != Off {
			return wrong("a service is on or off")
		}
		return nil
	}
	if _, err := closedDay(n); err != nil {
		return err
	}
	return checkReason(value)
}

func checkReason(s string) error {
	switch {
	case !utf8.ValidString(s) || utf8.RuneCountInString(s) > MaxReason:
		return wrong("a reason has at most %d characters", MaxReason)
	case s != strings.TrimSpace(s), strings.ContainsFunc(s, unicode.IsControl):
		return wrong("a reason is one line without blanks around it")
	}
	return nil
}

// closedDay is the day that a name says; the error is for every other name.
func closedDay(n Name) (identity.Date, error) {
	text, ok := strings.CutPrefix(string(n), closedPrefix)
	at, err := time.Parse(time.DateOnly, text)
	if !ok || err != nil {
		return identity.Date{}, wrong("nothing has this name")
	}
	return identity.DateOf(at), nil
}

// HoursValue is the value of Hours.
func HoursValue(h config.Hours) string {
	return h.Morning + " " + h.Afternoon + " " + h.Saturday
}

// parseHours reads what HoursValue writes.
func parseHours(value string) (config.Hours, error) {
	words := strings.Split(value, " ")
	if len(words) != 3 {
		return config.Hours{}, wrong("hours are like 07:30-11:30 13:30-17:00 %s", config.SaturdayMorning)
	}
	h := config.Hours{Morning: words[0], Afternoon: words[1], Saturday: words[2]}
	if h.Saturday != config.SaturdayMorning && h.Saturday != config.SaturdayClosed {
		return config.Hours{}, wrong("a Saturday is %s or %s", config.SaturdayMorning, config.SaturdayClosed)
	}
	if _, err := calendar.ParseHours(h.Morning, h.Afternoon, false); err != nil {
		return config.Hours{}, wrong("the morning ends before the afternoon begins, and each is like 07:30-11:30")
	}
	return h, nil
}

// Right is what a role needs to set it.
func (n Name) Right() officer.Right {
	if n == Hours || strings.HasPrefix(string(n), closedPrefix) {
		return officer.SetCalendar
	}
	return officer.SetServices
}

// Set is what was decided, by name.
type Set map[Name]string

// Office is what holds for a station: the configuration with what was decided over it, and the days on which the office is closed.
type Office struct {
	Config config.Config
	Closed []calendar.Off // by day
}

// Over lays the set over the configuration of a station. The error says what could not be read and is left out; the Office is of use all the same.
func (s Set) Over(cfg config.Config) (Office, error) {
	o := Office{Config: cfg}
	off := map[string]bool{}
	for _, id := range strings.Fields(cfg.Services.Off) {
		off[id] = true
	}
	var bad []error
	for _, n := range slices.Sorted(maps.Keys(s)) {
		value := s[n]
		if err := Check(n, value); err != nil {
			bad = append(bad, fmt.Errorf("%.*q: %w", maxName, n, err))
			continue
		}
		if value == "" {
			continue
		}
		service, isService := strings.CutPrefix(string(n), servicePrefix)
		pack, isPack := strings.CutPrefix(value, PackPrefix)
		switch {
		case n == Hours:
			o.Config.Hours, _ = parseHours(value) // Check read it
		case n == Voice && isPack:
			o.Config.Voice.Pack = pack
		case n == Voice:
			o.Config.Voice.Pack, o.Config.Voice.Language = "", value
		case isService:
			off[service] = value == Off
		default:
			day, _ := closedDay(n) // likewise
			o.Closed = append(o.Closed, calendar.Off{Day: day, Name: value})
		}
	}
	maps.DeleteFunc(off, func(_ string, is bool) bool { return !is })
	o.Config.Services.Off = strings.Join(slices.Sorted(maps.Keys(off)), " ")
	return o, errors.Join(bad...)
}
