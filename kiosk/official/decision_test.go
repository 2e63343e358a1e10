package official

import (
	"strings"
	"sync"
	"testing"
	"time"

	"motcua/assets"
	"motcua/kiosk/calendar"
	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/paper"
	"motcua/kiosk/place"
	"motcua/kiosk/service"
)

var shipped = sync.OnceValues(func() (*service.Catalogue, error) { return service.Load(assets.FS) })

// printer is that of an office with what is shipped.
func printer(t *testing.T) Printer {
	t.Helper()
	catalogue, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	shelf, err := paper.Load(assets.FS)
	if err != nil {
		t.Fatal(err)
	}
	places, err := place.Open(assets.FS)
	if err != nil {
		t.Fatal(err)
	}
	return Printer{Catalogue: catalogue, Shelf: shelf, Places: places, Office: Office{Name: "Công an xã Mai Châu", Phone: "0218 000 000"}}
}

// filed is a filing of a shipped service.
func filed(t *testing.T, p Printer, id string, answers form.Answers) filing.Filing {
	t.Helper()
	at := time.Date(2026, 11, 26, 9, 0, 0, 0, time.FixedZone("", 7*3600))
	svc, ok := p.Catalogue.Get(id, identity.DateOf(at))
	if !ok {
		t.Fatalf("no %s", id)
	}
	f := filing.Filing{Filed: at}
	f.Service, f.Version, f.Answers = id, svc.Version.String(), answers
	f.Papers = []filing.Paper{{Name: "Tờ khai", State: filing.PaperMade}, {Name: "Giấy CMND 9 số", State: filing.PaperBrought}, {Name: "Giấy ủy quyền", State: filing.PaperMissing}}
	return f
}

// TestDecided: the papers of decisions say what they have room for, and nothing in the place of something else.
func TestDecided(t *testing.T) {
	p := printer(t)
	f := filed(t, p, "xac-nhan-cmnd", nil)
	svc, err := p.service(f)
	if err != nil {
		t.Fatal(err)
	}
	said := p.decided(svc, f, Decision{Decision: desk.Decision{Action: desk.Receive, At: f.Filed, Reason: "Thiếu văn bản ủy quyền"}})
	for key, want := range map[string]string{"term": "3", "office_phone": "0218 000 000", "copy_of": "giao người nộp hồ sơ", "reason": "Thiếu văn bản ủy quyền", "grounds": ""} {
		if said.Text[key] != want {
			t.Errorf("%s is %q, want %q", key, said.Text[key], want)
		}
	}
	var kinds []string
	for _, row := range said.Rows["papers"] {
		kinds = append(kinds, row["kind"]+"/"+row["note"])
	}
	if got := strings.Join(kinds, " "); got != "bản chính/ / /chưa có" {
		t.Errorf("papers are %s", got)
	}
	for id, want := range map[string]string{"can-cuoc": "7", "xe-mo-to": "2", "xac-nhan-cu-tru": "0,5", "khai-sinh": "1"} {
		one := filed(t, p, id, nil)
		d, err := p.Deadline(one)
		if err != nil || days(d) != want {
			t.Errorf("%s takes %q days, want %q, %v", id, days(d), want, err)
		}
	}
}

// TestReceivedWhen: a receipt says when the office took the filing on, and not when it was left at the kiosk.
func TestReceivedWhen(t *testing.T) {
	catalogue, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	filed := time.Date(2026, 11, 21, 9, 0, 0, 0, calendar.Zone)
	svc, ok := catalogue.Get("tam-tru", identity.DateOf(filed))
	if !ok {
		t.Fatal("no such service")
	}
	f := filing.Filing{Filed: filed}
	d := Decision{Decision: desk.Decision{Action: desk.Receive, At: filed.AddDate(0, 0, 2)}, Received: filed.AddDate(0, 0, 2)}
	if got := (Printer{}).decided(svc, f, d).Text; got["received"] != "9 giờ 00, ngày 23/11/2026" || got["received_date"] != "23/11/2026" {
		t.Errorf("received %q, %q", got["received"], got["received_date"])
	}
	d.Action, d.Received = desk.Refuse, time.Time{}
	if got := (Printer{}).decided(svc, f, d).Text; got["received_date"] != "21/11/2026" {
		t.Errorf("not received by anybody: %q", got["received_date"])
	}
}

// TestDecidedAddress: a card of before July 2025 names a district and a province that are no more; an officer's form has the commune of today, where
// that is certain.
func TestDecidedAddress(t *testing.T) {
	p := printer(t)
	f := filed(t, p, "xac-nhan-cu-tru", nil)
	svc, err := p.service(f)
	if err != nil {
		t.Fatal(err)
	}
	for card, want := range map[string]string{
		"Xóm Văn, Thị trấn Mai Châu, Huyện Mai Châu, Tỉnh Hòa Bình": "Xóm Văn, xã Mai Châu, tỉnh Phú Thọ",
		"Xóm Văn, xã Mai Châu, tỉnh Phú Thọ":                        "Xóm Văn, xã Mai Châu, tỉnh Phú Thọ",
		"Xóm Văn, nơi không ai biết":                                "Xóm Văn, nơi không ai biết",
		"":                                                          "",
	} {
		f.Applicant.Residence = card
		said := p.decided(svc, f, Decision{Decision: desk.Decision{Action: desk.Receive, At: f.Filed}})
		if said.Text["permanent_address"] != want || said.Text["today_address"] != want {
			t.Errorf("%s: %q, %q", card, said.Text["permanent_address"], said.Text["today_address"])
		}
	}
}

// TestDecidedSigner: what the head of an office signs has the head's name under it, or none: not that of the officer who prepared it.
func TestDecidedSigner(t *testing.T) {
	p := printer(t)
	f := filed(t, p, "xac-nhan-cu-tru", nil)
	svc, err := p.service(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, action := range []desk.Action{desk.Extend, desk.Stop, desk.Refuse} {
		form, ok := p.Shelf.On(desk.Form(action, kindOf(svc)), identity.DateOf(f.Filed))
		if !ok {
			t.Fatalf("no form of %s", action)
		}
		for head, want := range map[bool]string{false: "", true: "Đinh Thị Hoa"} {
			said := p.decided(svc, f, Decision{Decision: desk.Decision{Action: action, At: f.Filed}, Officer: "Đinh Thị Hoa", Head: head})
			under := ""
			for _, key := range form.Keys().Text {
				if said.Text[key] == "Đinh Thị Hoa" {
					under = said.Text[key]
				}
			}
			if under != want {
				t.Errorf("%s, head %v: %q", action, head, under)
			}
		}
	}
}

// TestDecidedNumber: every form of a decision names its filing, also before the portal gave it an official code.
func TestDecidedNumber(t *testing.T) {
	p := printer(t)
	for _, id := range []string{"xac-nhan-cu-tru", "can-cuoc"} {
		f := filed(t, p, id, nil)
		ref, err := filing.NewReference("05200", "K1", identity.DateOf(f.Filed), 47)
		if err != nil {
			t.Fatal(err)
		}
		f.Reference = ref
		svc, err := p.service(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, action := range desk.Actions {
			form, ok := p.Shelf.On(desk.Form(action, kindOf(svc)), identity.DateOf(f.Filed))
			if !ok {
				continue
			}
			said, named := p.decided(svc, f, Decision{Decision: desk.Decision{Action: action, At: f.Filed}}), false
			for _, key := range form.Keys().Text {
				named = named || said.Text[key] == ref.Short()
			}
			if !named {
				t.Errorf("%s of %s has no number", form.Layout().ID, id)
			}
		}
	}
}
