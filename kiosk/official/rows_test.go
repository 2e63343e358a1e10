package official

import (
	"testing"

	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
)

// TestUnlike: the officer is shown what the card says wherever the answer says something else, and only there.
func TestUnlike(t *testing.T) {
	var f filing.Filing
	f.Applicant = identity.Person{Name: "Lò Thị Ủn", Residence: "Xóm Chiềng, Phong Phú, Tân Lạc, Hòa Bình"}
	f.Evidence.Source = identity.FromChip
	name, today := form.Field{ID: "name", Prefill: form.Facts{form.CardName}}, form.Field{ID: "home", Prefill: form.Facts{form.CardToday}}
	for what, c := range map[string]struct {
		field  form.Field
		answer string
		source identity.Source
		want   string
	}{
		"another name":       {name, "Lò Thị Un", identity.FromTyped, "Lò Thị Ủn"},
		"other capitals":     {name, "LÒ THỊ ỦN", identity.FromTyped, ""},
		"from the card":      {name, "Lò Thị Un", identity.FromChip, ""},
		"by the officer":     {name, "Lò Thị Út", identity.FromOfficer, "Lò Thị Ủn"},
		"another address":    {today, "Xóm Văn, xã Mai Châu, tỉnh Phú Thọ", identity.FromTyped, "Xóm Chiềng, Phong Phú, Tân Lạc, Hòa Bình"},
		"the tone elsewhere": {today, "xóm Chiềng, Phong Phú, Tân Lạc, Hoà Bình", identity.FromTyped, ""},
		"not on the card":    {form.Field{ID: "phone"}, "0900000000", identity.FromTyped, ""},
		"the card is silent": {form.Field{ID: "old", Prefill: form.Facts{form.CardOldNumber}}, "113000000", identity.FromTyped, ""},
	} {
		if got := unlike(c.field, form.Answer{Value: c.answer, Source: c.source}, f); got != c.want {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
	f.Evidence.Source = identity.FromTyped
	if got := unlike(name, form.Answer{Value: "Lò Thị Un", Source: identity.FromOfficer}, f); got != "" {
		t.Errorf("no card says %q", got)
	}
}
