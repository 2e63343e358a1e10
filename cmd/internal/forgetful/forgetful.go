// Package forgetful makes a program of ours overwrite memory that it no longer needs.
//
// Names, numbers and answers of people are strings, and a string cannot be overwritten: the collector frees it, and its letters stay where
// they are until something else is put there, which may take a day. Go's runtime can overwrite whatever it frees (clobberfree=1 in
// GODEBUG), but only if that is said when the program starts. So Start, first of all in main, has the program begin anew in the
// same process with it. What it gives is that a core of the kiosk, or what the system put of it on a disk, has nothing of those who
// were there before (TestKioskForgets in cmd/internal/day searches it). What it costs is one write of everything that is freed (an eighth
// more of the processor's time for PDFs, which make 28 MB of garbage each; nothing that can be measured for a page on the screen) and a
// second start of the program's libraries (70 ms). A loop that calls nothing is not interrupted: none of ours runs for long.
//
// What it does not do: overwrite what is still needed, or stands on the stack of something that runs. kiosk/sweep frees what can be,
// and overwrites stacks, for which the setting keeps them as they are.
package forgetful

import (
	"os"
	"slices"
	"strings"
)

// The runtime's setting, and the variable that it is in: what is freed is overwritten; stacks are not moved into smaller ones, which would leave
// behind what is on them; new ones have the size in which others wait; and nothing is interrupted between two calls, since the runtime puts the
// registers of what it interrupts, with pieces of whatever was copied last, where nobody comes to them.
const (
	setting  = "clobberfree=1,gcshrinkstackoff=1,adaptivestackstart=0,asyncpreemptoff=1"
	variable = "GODEBUG"
)

// Set reports whether this program overwrites what it frees.
func Set() bool { return strings.Contains(os.Getenv(variable), setting) }

// with is an environment with the setting, whatever else the variable says, and with more.
func with(environ []string, more ...string) []string {
	value := setting
	if old := os.Getenv(variable); old != "" {
		value = old + "," + setting
	}
	for _, one := range append(more, variable+"="+value) {
		name, _, _ := strings.Cut(one, "=")
		environ = slices.DeleteFunc(slices.Clone(environ), func(s string) bool { return strings.HasPrefix(s, name+"=") })
		environ = append(environ, one)
	}
	return environ
}
