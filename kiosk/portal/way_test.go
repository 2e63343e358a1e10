package portal

import (
	"context"
	"testing"

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
