package portal

import (
	"context"
	"testing"
	"time"

	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
	"motcua/kiosk/trial"
)

// nothing is a journal in which nothing is to be written.
type nothing struct{ t *testing.T }

func (n nothing) Sent(context.Context, filing.Reference, store.Handover, *seal.Identity) error {
	n.t.Error("noted as sent")
	return nil
}
func (n nothing) NotSent(context.Context, filing.Reference, store.Attempt) error {
	n.t.Error("noted as not sent")
	return nil
}
func (n nothing) LastSent(context.Context, filing.Reference) (store.Handover, bool, error) {
	return store.Handover{}, false, nil
}
func (n nothing) SetDossier(context.Context, filing.Reference, filing.Dossier, ...store.Signer) error {
	n.t.Error("noted a code")
	return nil
}

func (n nothing) Pictures(context.Context, filing.Reference, *seal.Identity) ([]filing.Picture, error) {
	return nil, nil
}

// What may not leave does not.
func TestWayRefuses(t *testing.T) {
	s := newServer(t)
	client, _ := s.client(t, nil)
	way := Way{Kind: config.PortalHTTP, Sender: client, Printer: thePrinter(t)}
	f := filed(t, "tam-tru", trial.Usual())
	withdrawn := f
	withdrawn.Status = filing.Withdrawn
	head, technician := officer.Account{ID: "an", Role: officer.Head}, officer.Account{ID: "ky", Role: officer.Technician}
	for name, c := range map[string]struct {
		way  Way
		f    filing.Filing
		by   officer.Account
		want fault.Code
	}{
		"by hand": {Way{Kind: config.PortalNone}, f, head, fault.ConfigBad}, "a technician": {way, f, technician, fault.SealWrong}, "withdrawn": {way, withdrawn, head, fault.DeskMove},
	} {
		if _, _, err := c.way.Send(t.Context(), nothing{t}, c.f, c.by, an()); fault.CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (Way{Kind: config.PortalDirectory, Sender: Directory(t.TempDir())}).Ask(t.Context(), nothing{t}, f); fault.CodeOf(err) != fault.ConfigBad {
		t.Errorf("a directory was asked: %v", err)
	}
	if len(s.asked) != 0 {
		t.Errorf("%d requests", len(s.asked))
	}
	if _, err := NewWay(config.Portal{Kind: config.PortalHTTP}, way.Printer, nil); fault.CodeOf(err) != fault.ConfigBad {
		t.Errorf("no address: %v", err)
	}
}

// journal holds what was noted of one filing.
type journal struct {
	*filing.Filing
	sent   []store.Handover
	failed []store.Attempt
	papers []filing.Picture
	full   bool // nothing that was sent can be noted
}

// clock is when something is handed over or put beside the filing in these tests: each an hour after the one before.
func (j *journal) clock() time.Time {
	return morning.Add(time.Duration(len(j.sent)+len(j.papers)) * time.Hour)
}

func (j *journal) Pictures(context.Context, filing.Reference, *seal.Identity) ([]filing.Picture, error) {
	return j.papers, nil
}

// scan puts a picture of a paper beside the filing.
func (j *journal) scan(paper, data string) {
	j.papers = append(j.papers, filing.Picture{Number: len(j.papers) + 1, At: j.clock(), Paper: paper, Type: "image/jpeg", Data: []byte(data)})
}

func (j *journal) Sent(_ context.Context, _ filing.Reference, h store.Handover, _ *seal.Identity) error {
	if j.full {
		return fault.Newf(fault.StoreFailed, "no room")
	}
	h.At = j.clock()
	j.sent = append(j.sent, h)
	return nil
}

func (j *journal) NotSent(_ context.Context, _ filing.Reference, a store.Attempt) error {
	j.failed = append(j.failed, a)
	return nil
}

func (j *journal) LastSent(context.Context, filing.Reference) (store.Handover, bool, error) {
	if len(j.sent) == 0 {
		return store.Handover{}, false, nil
	}
	return j.sent[len(j.sent)-1], true, nil
}

func (j *journal) SetDossier(_ context.Context, _ filing.Reference, code filing.Dossier, _ ...store.Signer) error {
	j.Dossier = code
	return nil
}

// TestSentAgain: what was handed over is known when it is sent again, once its code is there, and by an office that prints its forms anew.
func TestSentAgain(t *testing.T) {
	s := newServer(t)
	client, _ := s.client(t, nil)
	head := officer.Account{ID: "an", Role: officer.Head}
	for kind, sender := range map[string]Sender{config.PortalHTTP: client, config.PortalDirectory: Directory(t.TempDir())} {
		f := filed(t, "tam-tru", trial.Usual())
		j := &journal{Filing: &f}
		way := Way{Kind: kind, Sender: sender, Printer: thePrinter(t)}
		send := func(what string) {
			t.Helper()
			if r, _, err := way.Send(t.Context(), j, f, head, an()); err != nil || r.Digest != j.sent[0].Digest {
				t.Fatalf("%s, %s: %+v, %v", kind, what, r, err)
			}
		}
		j.scan("Hợp đồng thuê nhà", "the first page")
		send("the first time")
		f.Dossier = theCode
		send("with its code")
		j.scan("Hợp đồng thuê nhà", "a page that came since")
		send("with a paper that came since")
		first := j.papers[0]
		j.papers = j.papers[1:]
		send("without one that was removed")
		j.papers = append([]filing.Picture{first}, j.papers...)
		way.Printer.Office.Name, way.Printer.Office.Province = "Công an xã Mai Hịch", "tỉnh Hòa Bình"
		send("under another name")
		send("and again")
		if len(j.failed) != 0 || len(j.sent) != 6 || j.sent[5].Digest != j.sent[0].Digest {
			t.Errorf("%s: %+v, %+v", kind, j.sent, j.failed)
		}
		// Nobody knows what was handed over under the other name: an officer has to look.
		j.sent = nil
		if _, _, err := way.Send(t.Context(), j, f, head, an()); fault.CodeOf(err) != fault.PortalRefused {
			t.Errorf("%s, another bundle: %v", kind, err)
		}
	}
	if s.made != 1 {
		t.Errorf("%d dossiers", s.made)
	}
}

// TestSentAgainWithMore: what left and could not be noted is known when it is sent again, also if papers were scanned since.
func TestSentAgainWithMore(t *testing.T) {
	s := newServer(t)
	client, _ := s.client(t, nil)
	head := officer.Account{ID: "an", Role: officer.Head}
	for kind, sender := range map[string]Sender{config.PortalHTTP: client, config.PortalDirectory: Directory(t.TempDir())} {
		f := filed(t, "tam-tru", trial.Usual())
		j := &journal{Filing: &f, full: true}
		way := Way{Kind: kind, Sender: sender, Printer: thePrinter(t)}
		j.scan("Hợp đồng thuê nhà", "the first page")
		first, _, err := way.Send(t.Context(), j, f, head, an())
		if fault.CodeOf(err) != fault.StoreFailed {
			t.Fatal(err)
		}
		j.full = false
		j.scan("Hợp đồng thuê nhà", "a page that came since")
		j.scan("Hợp đồng thuê nhà", "and another")
		for range 2 {
			if r, h, err := way.Send(t.Context(), j, f, head, an()); err != nil || r.Digest != first.Digest || h.Digest != first.Digest {
				t.Errorf("%s: %+v, %+v, %v", kind, r, h, err)
			}
		}
		if len(j.sent) != 2 || len(j.failed) != 0 {
			t.Errorf("%s: %+v, %+v", kind, j.sent, j.failed)
		}
	}
}
