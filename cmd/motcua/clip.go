package main

import "fyne.io/fyne/v2"

// clip is the clipboard as the desk uses it: what it put there it takes away again, and nothing else.
type clip struct {
	board fyne.Clipboard
	last  string
}

// put runs on the thread of the user interface. "" takes away what was put before, unless somebody copied something else since.
func (c *clip) put(text string) {
	if text == "" && (c.last == "" || c.board.Content() != c.last) {
		c.last = ""
		return
	}
	c.board.SetContent(text)
	c.last = text
}
