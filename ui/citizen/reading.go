package citizen

import (
	"motcua/kiosk/session"
	"motcua/ui/parts"
	"motcua/ui/theme"
	"motcua/ui/typeset"
)

// reading shows the three steps of reading a card, and what the hand should do.
func (d drawing) reading() {
	r := d.snap.Reading
	if r == nil {
		return
	}
	area := d.header(d.readingTitle(r))
	left := parts.Rect{X: area.X, Y: area.Y + 8, W: 960, H: area.H - 8}
	right := parts.Rect{X: left.Right() + 48, Y: left.Y, W: area.Right() - left.Right() - 48, H: area.H - 8}
	if d.Portrait {
		left = parts.Rect{X: area.X, Y: area.Y, W: area.W, H: 640}
		right = parts.Rect{X: area.X, Y: left.Bottom() + 24, W: area.W, H: area.Bottom() - left.Bottom() - 24}
	}
	d.readingSteps(r, left)
	d.readingPicture(r, right)
}

// readingTitle is what is to be done now.
func (d drawing) readingTitle(r *session.Reading) string {
	switch {
	case r.Fault != "":
		return d.faultText(r.Fault, "title")
	case r.QR != session.StepDone:
		return d.t("reading.title-scan")
	case !r.CardOnReader:
		return d.t("reading.title-lay")
	}
	return d.t("reading.title")
}

func (d drawing) readingSteps(r *session.Reading, area parts.Rect) {
	const gap, rest = 21, 96
	steps := parts.Rect{X: area.X, Y: area.Y, W: area.W, H: area.H - rest - gap}.Rows(3, gap)
	d.Step(parts.StepCard{Number: "1", Title: d.scanWords(r, "title"), Text: d.scanWords(r, "text"), State: stepState(r.QR)}, steps[0])
	d.Step(parts.StepCard{Number: "2", Title: d.chipWords(r, "title"), Text: d.chipWords(r, "text"), State: stepState(r.Chip)}, steps[1])
	show := parts.StepCard{Number: "3", Title: d.t("reading.show"), Text: d.t("reading.show-text"), State: stepState(r.Show)}
	if r.Name != "" {
		show.Text = r.Name
	}
	d.Step(show, steps[2])
	d.readingRest(r, parts.Rect{X: area.X, Y: area.Bottom() - rest, W: area.W, H: rest})
}

// readingRest is the bar, with the time that is left, or what else can be done.
func (d drawing) readingRest(r *session.Reading, area parts.Rect) {
	if r.Fault != "" || r.Chip != session.StepNow || !r.CardOnReader {
		if r.CanSkip {
			t := kind(theme.Body, typeset.Medium, d.Palette.Ink)
			t.Leading = theme.Tight - 0.04
			d.Paragraph(d.t("reading.skip", d.t(d.snap.Next.Label)), t, area)
		}
		return
	}
	const word, high = 236, 36
	bar := parts.Rect{X: area.X, Y: area.Y + 32, W: area.W, H: high}
	if r.SecondsLeft >= 0 {
		bar.W -= word
		d.LineIn(d.t("reading.left", r.SecondsLeft), with(kind(theme.Body, typeset.SemiBold, d.Palette.Ink), parts.Right),
			bar.Right(), bar.MidY(), word)
	}
	d.Progress(bar, r.Progress, d.Palette.Primary)
}

func (d drawing) scanWords(r *session.Reading, part string) string {
	switch {
	case r.QR == session.StepDone && part == "text" && r.Tail != "":
		return d.t("reading.scan-done-text", r.Tail)
	case r.QR == session.StepDone && part == "title":
		return d.t("reading.scan-done")
	case part == "title":
		return d.t("reading.scan")
	}
	return d.t("reading.scan-text")
}

func (d drawing) chipWords(r *session.Reading, part string) string {
	state := "reading.chip-lay"
	switch {
	case r.Chip == session.StepFailed:
		state = "reading.chip-failed"
	case r.Chip == session.StepDone:
		state = "reading.chip-done"
	case r.Chip == session.StepNow && r.CardOnReader:
		state = "reading.chip"
	}
	if part == "text" {
		state += "-text"
	}
	return d.t(state)
}

func stepState(s session.StepState) parts.StepState {
	return map[session.StepState]parts.StepState{session.StepToDo: parts.ToDo, session.StepNow: parts.Now,
		session.StepDone: parts.Finished, session.StepFailed: parts.Failed}[s]
}

// readingPicture shows the reader and says what the hand should do.
func (d drawing) readingPicture(r *session.Reading, area parts.Rect) {
	d.Panel(area)
	picture, icon, words, ink := "reader-card", "hand", d.t("reading.hold"), d.Palette.Primary
	switch {
	case r.Fault != "":
		picture, icon, words, ink = "reader-fault", "", d.faultText(r.Fault, "do"), d.Palette.Ink
	case r.QR != session.StepDone:
		picture, icon, words = "scanner", "scan-qr-code", d.t("reading.scan-text")
	case !r.CardOnReader:
		picture, icon, words = "reader-empty", "nfc", d.t("reading.lay")
	}
	caption := float32(120)
	if r.Fault != "" {
		caption = 240
	}
	room := parts.Rect{X: area.X + 30, Y: area.Y + 30, W: area.W - 60, H: area.H - caption - 50}
	high := min(room.H, 340)
	d.Picture(picture, parts.Rect{X: room.X, Y: room.MidY() - high/2, W: room.W, H: high}, false)
	text := parts.Rect{X: area.X + 30, Y: area.Bottom() - caption - 16, W: area.W - 60, H: caption}
	t := kind(theme.Body, typeset.SemiBold, ink)
	if icon == "" {
		t.Weight = typeset.Medium
		d.Paragraph(words, with(t, parts.Middle), text)
		return
	}
	d.Labelled(icon, 52, words, t, text, false)
}
