package desk

import (
	"strings"
	"testing"
	"time"

	"motcua/kiosk/board"
	"motcua/kiosk/filing"
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

// The longest name of a kiosk has room wherever it stands.
func TestLongStationFits(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	snap := states()["extreme"]
	snap.Rows = rows()
	for i := range snap.Rows {
		snap.Rows[i].Short = "KIOSK012-2311-047"
	}
	snap.Bells = []board.Bell{{Station: "KIOSK012", Since: now.Add(-125 * time.Minute)}}
	snap.Open.Likes = []board.Same{{Short: "KIOSK012-2011-007", Filed: now, Status: filing.Received, Sure: true}, {Short: "KIOSK012-2011-017", Name: long, Filed: now, Status: filing.Received}}
	s.Show(snap)
	written := s.Sheet().Written()
	for i, x := range written {
		if x.Tight || x.Size < 16 {
			t.Errorf("%q does not fit", x.Text)
		}
		for _, o := range written[:i] {
			if overlap(x.Area.X, x.Area.Right(), o.Area.X, o.Area.Right()) > 1 && overlap(x.Area.Y+4, x.Area.Bottom()-4, o.Area.Y+4, o.Area.Bottom()-4) > 2 {
				t.Errorf("%q lies over %q", x.Text, o.Text)
			}
		}
	}
}
