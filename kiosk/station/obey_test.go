package station

import (
	"crypto"
	"os"
	"path/filepath"
	"testing"

	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/emrtd/pki/pkitest"
	"motcua/devices/card/emrtd/trust"
	"motcua/devices/voice"
	"motcua/kiosk/config"
)

// bare is a station without a device, on a data directory.
func bare(t *testing.T, dir string, edit func(*config.Config)) *Station {
	t.Helper()
	cfg := config.Default()
	cfg.Card.Driver, cfg.Scanner.Driver, cfg.Printer.Driver, cfg.Voice.Driver = config.DriverNone, config.DriverNone, config.DriverNone, config.DriverNone
	edit(&cfg)
	s, err := Open(t.Context(), cfg, Options{Dir: dir, Spool: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// Whom the office trusts while the kiosk runs is trusted by the next read, and no more once it is taken away.
func TestTrustAgain(t *testing.T) {
	dir := t.TempDir()
	s := bare(t, dir, func(*config.Config) {})
	entries := func() int {
		s.TrustAgain()
		return len(s.trust.now().(*trust.Store).Entries())
	}
	before := entries()
	office, err := OpenTrust(dir)
	if err != nil {
		t.Fatal(err)
	}
	ca := pkitest.NewAuthority("VN", "Thử", pkitest.NewEC(ec.P256(), pkitest.Named), pkitest.ECDSA(crypto.SHA256, false))
	in, err := office.Import(ca.Raw)
	if err != nil || len(in.Added) != 1 {
		t.Fatalf("%+v, %v", in, err)
	}
	if n := entries(); n != before+1 {
		t.Errorf("%d entries after %d", n, before)
	}
	was := s.trust.now()
	if s.TrustAgain(); s.trust.now() != was {
		t.Error("it was read again, and nothing had changed")
	}
	if _, err := office.Remove(in.Added[0].Fingerprint); err != nil {
		t.Fatal(err)
	}
	if n := entries(); n != before {
		t.Errorf("%d entries, want %d", n, before)
	}
	if err := os.Remove(filepath.Join(dir, trustDir, trust.FileName)); err != nil {
		t.Fatal(err)
	}
	if n := entries(); n != before {
		t.Errorf("without the file: %d entries, want %d", n, before)
	}
}

// The voice that a head chose speaks next; one that is not there gives way to the usual one, and the kiosk is not silent.
func TestSetVoice(t *testing.T) {
	dir := t.TempDir()
	s := bare(t, dir, func(c *config.Config) { c.Voice.Driver = config.DriverSim })
	if !s.HasVoice() {
		t.Skip(voice.ErrAbsent)
	}
	pack := filepath.Join(dir, VoicesDir, "co-lan")
	if err := os.MkdirAll(pack, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(pack, "texts.tsv"), []byte("1.wav\tXin chào\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := s.pick.cfg
	for _, choice := range []config.Voice{{Language: "vi-vn-x-south"}, {Language: "vi", Pack: "co-lan"}, {Language: "vi", Pack: "no-such"}, {Language: "xx-yy"}} {
		was := s.voice.Load()
		choice.Driver = config.DriverSim
		cfg.Voice = choice
		s.SetVoice(cfg)
		if now := s.voice.Load(); now == was || now == nil {
			t.Errorf("%+v: %p after %p", choice, now, was)
		}
		if s.SetVoice(cfg); s.voice.Load() == was {
			t.Error("the same again changed it")
		}
	}
	if all, err := Voices(t.Context(), dir); err != nil || len(all) == 0 || all[len(all)-1].Name != "co-lan" {
		t.Errorf("%+v, %v", all, err)
	}
}
