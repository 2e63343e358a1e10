package main

import (
	"testing"

	"fyne.io/fyne/v2/test"
)

// What the desk copied goes away; what somebody else copied since stays.
func TestClip(t *testing.T) {
	c := clip{board: test.NewClipboard()}
	c.put("Hà Thị Thử")
	c.put("099194000506")
	if got := c.board.Content(); got != "099194000506" {
		t.Errorf("%q", got)
	}
	if c.put(""); c.board.Content() != "" {
		t.Errorf("%q stays", c.board.Content())
	}
	c.put("Hà Thị Thử")
	c.board.SetContent("of another program")
	if c.put(""); c.board.Content() != "of another program" {
		t.Errorf("%q", c.board.Content())
	}
}
