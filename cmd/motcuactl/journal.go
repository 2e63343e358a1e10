package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"motcua/kiosk/fault"
	"motcua/kiosk/station"
	"motcua/kiosk/store"
)

// journalVerify verifies the whole journal: chain, signatures, contents, and what was seen before; and holds against it whose signatures are
// believed, which lies in a file beside it.
func journalVerify(ctx context.Context, t *tool, args []string) error {
	f := t.flags("journal verify")
	data := f.String("data", "", "data directory")
	var anchors []store.Anchor
	f.Func("seen", "NUMBER:HASH of an entry that was seen, from the sheet that ends a day; may be repeated", func(text string) error {
		a, err := parseAnchor(text)
		anchors = append(anchors, a)
		return err
	})
	if _, err := parseWant(f, args, 0, "journal verify takes no operand"); err != nil {
		return err
	}
	db, err := t.openStore(*data)
	if err != nil {
		return err
	}
	defer db.Close()
	v, err := db.VerifyJournal(ctx, anchors...)
	if err != nil {
		return err
	}
	dir, err := t.dataDir(*data)
	if err != nil {
		return err
	}
	unsaid, missing, err := station.Unsaid(dir, v.Trusted)
	if err != nil {
		return err
	}
	if t.json {
		return t.line(struct {
			store.Verdict
			Head    string   `json:"head"`
			Unsaid  []string `json:"unsaid,omitempty"`
			Missing []string `json:"missing,omitempty"`
		}{v, hex.EncodeToString(v.Head), unsaid, missing})
	}
	fmt.Fprintf(t.out, "entries   %d\nfilings   %d\ndecisions %d signed by officers\nhead      %d:%x\n", v.Entries, v.Filings, v.Signed, v.Entries, v.Head)
	for _, name := range slices.Sorted(maps.Keys(v.Stations)) {
		fmt.Fprintf(t.out, "station   %s signs with %s\n", name, v.Stations[name])
	}
	if v.Replaced > 0 {
		fmt.Fprintf(t.out, "attention: %d times a station's key came in place of another\n", v.Replaced)
	}
	if v.Cut > 0 {
		fmt.Fprintf(t.out, "attention: %d times the journal was shorter than a station had seen it\n", v.Cut)
	}
	for _, fingerprint := range unsaid {
		fmt.Fprintf(t.out, "attention: %s is trusted, and no officer said so; look at it, and remove it or import it anew\n", fingerprint)
	}
	for _, fingerprint := range missing {
		fmt.Fprintf(t.out, "attention: %s is not trusted any more, and no officer said so\n", fingerprint)
	}
	return nil
}

func parseAnchor(text string) (store.Anchor, error) {
	seq, hash, _ := strings.Cut(text, ":")
	n, err := strconv.ParseInt(seq, 10, 64)
	b, hexErr := hex.DecodeString(hash)
	if err != nil || hexErr != nil || n < 1 || len(b) != 32 {
		return store.Anchor{}, fault.Newf(fault.Usage, "an entry is written as its number, a colon and 64 hexadecimal digits")
	}
	return store.Anchor{Seq: n, Hash: b}, nil
}

// journalShow lists entries.
func journalShow(ctx context.Context, t *tool, args []string) error {
	f := t.flags("journal show")
	data := f.String("data", "", "data directory")
	after := f.Int64("after", 0, "number of the entry after which to begin")
	limit := f.Int("limit", 0, "at most so many; 0 for all")
	if _, err := parse(f, args); err != nil {
		return err
	}
	db, err := t.openStore(*data)
	if err != nil {
		return err
	}
	defer db.Close()
	entries, err := db.Journal(ctx, *after, *limit)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if t.json {
			if err := t.line(e); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(t.out, "%d  %s  %s  %s  %s  %s\n", e.Seq, e.At.Format("2006-01-02 15:04:05"), e.Station, e.Kind, e.Reference, e.Detail)
	}
	return nil
}
