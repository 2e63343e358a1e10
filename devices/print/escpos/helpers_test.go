package escpos

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"motcua/devices/print"
	"motcua/devices/print/link"
	"motcua/devices/print/printsim"
)

// quick is the timing of tests: short enough to wait for, long enough for a loaded machine.
func quick() timing {
	return timing{answer: 150 * time.Millisecond, stall: 2 * time.Second, quiet: 500 * time.Millisecond, total: 5 * time.Second}
}

func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

func simulate(t *testing.T, o printsim.Options) *printsim.Printer {
	t.Helper()
	o.Dir = t.TempDir()
	sim, err := printsim.Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	return sim
}

func drive(t *testing.T, address, profile string) *Printer {
	t.Helper()
	p, err := ProfileNamed(profile)
	if err != nil {
		t.Fatal(err)
	}
	l, err := link.Open(address)
	if err != nil {
		t.Fatal(err)
	}
	d := New(l, p)
	d.timing = quick()
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// The slip as kiosk/receipt draws it; where its code stands, and what that says.
const (
	slipText         = "05200.K1.261123.047.X"
	codeTop, codeEnd = 419, 644
	codeModule       = 9
)

func slip(t *testing.T) *image.Gray {
	t.Helper()
	return open(t, filepath.Join("..", "..", "..", "kiosk", "receipt", "testdata", "slip-576.png"))
}

func open(t *testing.T, path string) *image.Gray {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	p, ok := img.(*image.Paletted)
	if !ok || len(p.Palette) != 2 {
		t.Fatalf("%s is no one-bit picture", path)
	}
	g := image.NewGray(p.Bounds())
	var shade [2]byte
	for i, c := range p.Palette {
		shade[i] = color.GrayModel.Convert(c).(color.Gray).Y
	}
	for i, v := range p.Pix {
		g.Pix[i] = shade[v]
	}
	return g
}

// slipJob is the slip as a job: what is above the code, the code as text, what is below.
func slipJob(t *testing.T) print.Job {
	t.Helper()
	g := slip(t)
	b := g.Bounds()
	part := func(from, to int) *image.Gray {
		return g.SubImage(image.Rect(b.Min.X, from, b.Max.X, to)).(*image.Gray)
	}
	return print.Job{Cut: true, Blocks: []print.Block{
		{Raster: part(0, codeTop)}, {QR: &print.QR{Text: slipText, Module: codeModule}}, {Raster: part(codeEnd, b.Max.Y)},
	}}
}

func same(t *testing.T, got, want *image.Gray) {
	t.Helper()
	if got.Bounds() != want.Bounds() {
		t.Fatalf("printed %v, want %v", got.Bounds(), want.Bounds())
	}
	if !bytes.Equal(got.Pix, want.Pix) {
		t.Fatal("printed dots differ")
	}
}

func noComplaints(t *testing.T, sim *printsim.Printer) {
	t.Helper()
	if c := sim.ProtocolErrors(); len(c) > 0 {
		t.Errorf("the printer did not understand: %q", c)
	}
}
