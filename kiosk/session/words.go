package session

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"motcua/kiosk/calendar"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
)

func itoa(n int) string { return strconv.Itoa(n) }

func dateOf(t time.Time) identity.Date { return identity.DateOf(t) }

// dayMonth is a day inside a year: 24/11.
func dayMonth(d identity.Date) string { return fmt.Sprintf("%d/%d", d.Day, int(d.Month)) }

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return ""
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return ""
	}
	return string(unicode.ToLower(r)) + s[n:]
}

// momentWords is 09:21, thứ Hai 23/11/2026.
func momentWords(t time.Time) string {
	d := dateOf(t)
	return t.Format("15:04") + ", " + calendar.Weekday(d) + " " + d.String()
}

// dueWords is Thứ Sáu, 27/11/2026, 16 giờ; empty for no time.
func dueWords(t time.Time, hour string) string {
	if t.IsZero() {
		return ""
	}
	d := dateOf(t)
	return strings.Join([]string{upperFirst(calendar.Weekday(d)), d.String(), hour}, ", ")
}

// sources from the best to the weakest.
var sources = []identity.Source{identity.FromChip, identity.FromQR, identity.FromMRZ, identity.FromOfficer,
	identity.FromTyped, identity.FromComputed}

// weakest is the source that a row as a whole may claim: that of its weakest field; computed if none is answered.
func weakest(filled form.Answers, ids []form.FieldID) identity.Source {
	worst := -1
	for _, id := range ids {
		if a, ok := filled[id]; ok {
			worst = max(worst, slices.Index(sources, a.Source))
		}
	}
	if worst < 0 {
		return identity.FromComputed
	}
	return sources[worst]
}
