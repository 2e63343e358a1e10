package main

import (
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
)

// The toolkit keeps the texts that it has drawn for a while, a minute if nobody says less, and looks through them only when it paints.
const (
	keptTexts = "FYNE_CACHE=15s"
	dropTexts = 20 * time.Second // before the last sweep of kiosk/sweep
)

// dropDrawn has the toolkit drop the texts of who has left, once it is time: it paints the same page once more.
func dropDrawn(w fyne.Window, closed *atomic.Bool) {
	time.AfterFunc(dropTexts, func() {
		if !closed.Load() {
			fyne.Do(func() { w.Content().Refresh() })
		}
	})
}
