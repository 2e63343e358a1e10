package desk

import (
	"strings"
	"testing"

	"motcua/kiosk/board"
)

// Of a long search the end is seen, where the next letter goes, and it stays in its box.
func TestLongSearchIsSeen(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	for _, unsent := range []int{0, 12} {
		snap := queue()
		snap.Search, snap.Query = true, "cong tang ton nu hoang phuong nghiem thuong truong khuyen nguyet"
		for i := range snap.Filters {
			if snap.Filters[i].ID == board.FilterUnsent {
				snap.Filters[i].Count = unsent
			}
		}
		s.Show(snap)
		box, found := s.Sheet().TouchAreas()["key.find"], false
		for _, x := range s.Sheet().Written() {
			if strings.HasSuffix(x.Text, "nguyet") {
				found = true
				if x.Tight || x.Size < sizeBody || x.Area.Right() > box.Right()-4 {
					t.Errorf("%q is %v high, up to %v of %v", x.Text, x.Size, x.Area.Right(), box.Right())
				}
			}
		}
		if !found {
			t.Error("the end is not seen")
		}
	}
}
