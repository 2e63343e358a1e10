package board

import (
	"context"
	"slices"
	"strings"

	"motcua/kiosk/officer"
	"motcua/kiosk/setting"
)

// This file is what speaks at the kiosks, for the head of the office.

// voices are those that are there.
type voices struct{ all []Voice }

func (*voices) name() string            { return "voices" }
func (*voices) may(r officer.Role) bool { return r.May(officer.SetServices) }

func (v *voices) open(ctx context.Context, b *Board) (err error) {
	b.obey(ctx)
	if v.all = nil; b.opt.Deciding.Voices != nil {
		v.all, err = b.opt.Deciding.Voices(ctx)
	}
	return err
}

// speaks is the value of the voice that holds.
func (b *Board) speaks() string {
	v := b.obeyed.rules.Office.Config.Voice
	if v.Pack != "" {
		return setting.PackPrefix + v.Pack
	}
	return v.Language
}

func (v *voices) entries(b *Board) []Entry {
	var list []Entry
	for _, x := range v.all {
		e := Entry{Name: titleOfVoice(x), Text: kindOfVoice(x)}
		switch {
		case x.Wrong != "":
			e.Mark, e.Mood = Words{"desk.voice.wrong", nil}, Faulty
		case x.Value == b.speaks():
			e.Mark, e.Mood = Words{"desk.voice.chosen", nil}, Ready
		case x.Lacking > 0:
			e.Mark, e.Mood = Words{"desk.voice.lacking", []any{x.Lacking}}, Care
		}
		list = append(list, e)
	}
	return list
}

// machineVoices are those of espeak-ng that have a name in Vietnamese.
var machineVoices = []string{"vi", "vi-vn-x-central", "vi-vn-x-south"}

// titleOfVoice is what a voice is called.
func titleOfVoice(x Voice) Words {
	if !x.Pack && slices.Contains(machineVoices, x.Value) {
		return Words{"desk.voice.name." + x.Value, nil}
	}
	return As(x.Title)
}

// kindOfVoice is what a voice is.
func kindOfVoice(x Voice) Words {
	if !x.Pack {
		return Words{"desk.voice.machine", []any{x.Value}}
	}
	return Words{"desk.voice.pack", []any{strings.TrimPrefix(x.Value, setting.PackPrefix), x.Records}}
}

func (v *voices) about(b *Board, at int) About {
	if at < 0 {
		return About{Title: Words{"desk.voice.none", nil}, Lines: []Remark{{Words: Words{"desk.voice.text", nil}}}}
	}
	x := v.all[at]
	a := About{Title: titleOfVoice(x), Lines: []Remark{{Words: kindOfVoice(x)}}}
	switch {
	case x.Wrong != "":
		a.Lines = append(a.Lines, Remark{Words: Words{"desk.voice.wrong.text", []any{x.Wrong}}, Mood: Faulty})
	case x.Lacking > 0:
		a.Lines = append(a.Lines, Remark{Words: Words{"desk.voice.lacking.text", []any{x.Lacking}}, Mood: Care})
	}
	if x.Value == b.speaks() {
		a.Lines = append(a.Lines, Remark{Words: Words{"desk.voice.chosen.text", nil}, Mood: Ready})
	}
	a.Lines = append(a.Lines, b.whose(setting.Voice), Remark{Words: Words{"desk.voice.text", nil}})
	a.Deeds = []Deed{{ID: "voice-choose", Key: "C", Off: x.Wrong != "" || x.Value == b.speaks()}, {ID: "as-file", Key: "M", Off: !b.hasDecided(setting.Voice)}}
	return a
}

func (v *voices) act(ctx context.Context, b *Board, at int, id string) error {
	value := v.all[at].Value
	if id == "as-file" {
		value = ""
	}
	if err := b.settle(ctx, setting.Set{setting.Voice: value}); err != nil {
		return err
	}
	name := As(b.speaks())
	for _, x := range v.all {
		if x.Value == b.speaks() {
			name = titleOfVoice(x)
		}
	}
	b.done("desk.voice.now", name)
	return nil
}
