//go:build linux

package main

import (
	"os"
	"path/filepath"
	"testing"

	"motcua/devices/card/cardtest"
	"motcua/kiosk/fault"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// An officer's own card is asked for besides the PIN, read by a real service from a chip: without it, with another one, and with the
// card but another PIN nobody signs in; and it can be given up.
func TestOfficerCard(t *testing.T) {
	cardtest.Shared(t)
	d := openDesk(t)
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	storetest.SetOfficer(t, data, store.Options{Station: "K1", Commune: "05200"})
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	pin, wrong := write("pin", storetest.TestPIN), write("wrong", "27182819")
	mine := d.lay(t, cardtest.Profile(t, persona(1)...))
	own := write("own", qrOf(cardtest.ReadPersona(t, mine.profile)))
	want := func(what string, status int, args ...string) {
		t.Helper()
		if o := motcuactl(t, append(args, "--data", data)...); o.status != status {
			t.Fatalf("%s: status %d, not %d: %s%s", what, o.status, status, o.out, o.err)
		}
	}
	signIn := func(what string, status int, flags ...string) {
		t.Helper()
		want(what, status, append([]string{"citizen", "export", "099000000000", "--as", "an", "--out", filepath.Join(dir, what+".zip")}, flags...)...)
	}
	want("no card is named", fault.CardKeyNeeded.Exit(), "officer", "card", "an", "--pin-file", pin)
	want("set", 0, "officer", "card", "an", "--pin-file", pin, "--card-file", own, "--reader", mine.reader)
	signIn("pin alone", fault.CardKeyNeeded.Exit(), "--pin-file", pin)
	signIn("both", 0, "--pin-file", pin, "--card-file", own)
	signIn("another pin", fault.SealWrong.Exit(), "--pin-file", wrong, "--card-file", own)
	lift := func(c *chip) {
		c.end()
		if !d.sees(c.reader, false, seen) {
			t.Fatal("the card is still there")
		}
	}
	lift(mine)
	t.Run("another", func(t *testing.T) { // its reader is free again afterwards
		other := d.lay(t, cardtest.Profile(t, persona(2)...))
		others := write("others", cardtest.ReadPersona(t, other.profile).Text("number"))
		signIn("another card", fault.SealWrong.Exit(), "--pin-file", pin, "--card-file", others)
		signIn("own code, another card", fault.CardWrongKey.Exit(), "--pin-file", pin, "--card-file", own)
		lift(other)
	})
	d.lay(t, mine.profile)
	want("removed", 0, "officer", "card", "an", "--remove", "--pin-file", pin, "--card-file", own)
	signIn("pin again", 0, "--pin-file", pin)
	want("verify", 0, "journal", "verify")
}
