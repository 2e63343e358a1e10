package main

import (
	"github.com/rogpeppe/go-internal/testscript"

	"motcua/kiosk/portal"
	"motcua/kiosk/portal/portaltest"
)

// startPortal CONFIG starts a portal and writes a configuration that says where it is. The first request finds it busy, the second answer is lost, and a
// filing has its official code when its status is asked for.
func startPortal(ts *testscript.TestScript, _ bool, args []string) {
	s, err := portaltest.New(ts.Getenv("WORK"))
	ts.Check(err)
	ts.Defer(s.Close)
	s.Set(portaltest.Told{Busy: 1, Lose: 1, Status: portal.Accepted, Code: true})
	ts.Check(s.Write(ts.MkAbs(args[0])))
}
