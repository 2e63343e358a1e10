package board

import (
	"bytes"
	"maps"
	"slices"

	"motcua/devices/card"
)

// difference is what a watcher who was told old has to hear so that he knows now: departures before arrivals, readers
// before the service they hang on when it goes, after it when it comes.
func difference(old, now state) []card.Event {
	var events []card.Event
	restarted := old.service.epoch != now.service.epoch
	for _, name := range slices.Sorted(maps.Keys(old.readers)) {
		if restarted || now.readers[name].plugged != old.readers[name].plugged {
			events = append(events, card.Event{Kind: card.ReaderGone, Reader: name})
		}
	}
	if restarted {
		events = append(events, serviceEvents(old.service, now.service)...)
	}
	for _, name := range slices.Sorted(maps.Keys(now.readers)) {
		before, reader := old.readers[name], now.readers[name]
		if restarted || before.plugged != reader.plugged {
			events = append(events, card.Event{Kind: card.ReaderAdded, Reader: name})
			before = readerState{}
		}
		events = append(events, cardEvents(name, before.card, reader.card)...)
	}
	return events
}

// serviceEvents: a service that went away and came back while nobody listened is told as both.
func serviceEvents(old, now serviceState) []card.Event {
	if !now.up {
		return []card.Event{{Kind: card.ServiceDown, Err: now.err}}
	}
	if old.up {
		return []card.Event{{Kind: card.ServiceDown, Err: card.ErrService}, {Kind: card.ServiceUp}}
	}
	return []card.Event{{Kind: card.ServiceUp}}
}

func cardEvents(reader string, old, now cardState) []card.Event {
	if old.laid == now.laid {
		return nil
	}
	var events []card.Event
	if old.laid != 0 {
		events = append(events, card.Event{Kind: card.CardRemoved, Reader: reader})
	}
	switch {
	case now.laid != 0 && now.mute:
		events = append(events, card.Event{Kind: card.CardMute, Reader: reader})
	case now.laid != 0:
		events = append(events, card.Event{Kind: card.CardInserted, Reader: reader, ATR: bytes.Clone(now.atr)})
	}
	return events
}
