package main

import (
	"context"
	"image/png"
	"os"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/rogpeppe/go-internal/testscript"

	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/seal/sealtest"
	"motcua/kiosk/store"
)

// TestMain makes PINs cheap, also in the processes that the scripts start: each command that signs somebody in would take half a second longer.
func TestMain(m *testing.M) {
	sealtest.Cheap()
	testscript.Main(m, map[string]func(){"motcuactl": main})
}

// TestScripts runs the tool as an operator does.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"makeqr": makeQR, "makefiling": makeFiling, "makemonth": makeMonth, "holdstore": holdStore, "startportal": startPortal, "makeold": makeOld,
		},
	})
}

// makeQR TEXT FILE writes a picture of a code.
func makeQR(ts *testscript.TestScript, _ bool, args []string) {
	const side = 400
	hints := map[gozxing.EncodeHintType]any{gozxing.EncodeHintType_CHARACTER_SET: "UTF-8"}
	matrix, err := qrcode.NewQRCodeWriter().Encode(args[0], gozxing.BarcodeFormat_QR_CODE, side, side, hints)
	ts.Check(err)
	f, err := os.Create(ts.MkAbs(args[1]))
	ts.Check(err)
	ts.Check(png.Encode(f, matrix))
	ts.Check(f.Close())
}

// holdStore DIR works on the data directory, as a running kiosk does, until the script ends.
func holdStore(ts *testscript.TestScript, _ bool, args []string) {
	db, err := store.Open(ts.MkAbs(args[0]), store.Options{Station: "K1", Commune: "05200"})
	ts.Check(err)
	ts.Defer(func() { _ = db.Close() })
}

// makeFiling DIR files something for an invented person, so that there is something to list.
func makeFiling(ts *testscript.TestScript, _ bool, args []string) {
	day := time.Date(2026, time.November, 23, 9, 21, 0, 0, time.Local)
	db, err := store.Open(ts.MkAbs(args[0]), store.Options{Station: "K1", Commune: "05200", Now: func() time.Time { return day }})
	ts.Check(err)
	_, err = db.File(context.Background(), filing.Draft{
		Key: "script", Service: "tam-tru", Version: "2026-07-01", Procedure: "1.004194", Case: "own", Form: "CT01",
		Applicant: identity.Person{Number: "099090000017", Name: "Nguyễn Văn Mẫu"},
		Evidence:  identity.Evidence{Source: identity.FromQR, NoChip: "reader-absent"},
		Answers: form.Answers{"name": {Value: "Nguyễn Văn Mẫu", Source: identity.FromQR}, "birth": {Value: "02/03/1990", Source: identity.FromQR},
			"number": {Value: "099090000017", Source: identity.FromQR}},
	})
	ts.Check(err)
	ts.Check(db.Close())
}
