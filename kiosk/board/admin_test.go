package board

import "testing"

// TestAdminByRole: each role finds the sections it has, and no other; everybody has their own account.
func TestAdminByRole(t *testing.T) {
	c := newCounter(t)
	c.signIn()
	s := c.do(Open{Admin})
	if s.Page != Admin || s.Admin == nil || s.Admin.Sections[1] != "officers" {
		t.Fatalf("a head: %+v", s.Admin)
	}
	if s = c.do(Section{1}); len(s.Admin.Entries) != 1 || s.Admin.Entries[0].Name.Args[0] != "Bùi Văn An" || s.Admin.About.Title.Args[0] != "Bùi Văn An" {
		t.Errorf("%+v", s.Admin)
	}
	if s = c.do(Escape{}); s.Page != Queue || s.Admin != nil {
		t.Errorf("Escape leads to %s", s.Page)
	}
	c.do(Lock{})
	c.technician()
	s = c.do(Open{Admin}, Section{1})
	for _, name := range s.Admin.Sections {
		if name == "officers" {
			t.Error("a technician sees officers")
		}
	}
	if s.Admin.Entries[0].Name.Args[0] != "Lê Văn Kỹ" {
		t.Errorf("not their own: %+v", s.Admin)
	}
}
