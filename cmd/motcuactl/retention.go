package main

import (
	"context"
	"fmt"
	"time"

	"motcua/kiosk/steward"
)

// retentionList lists the filings whose time is over. It says nothing of a person, and takes nobody's PIN.
func retentionList(ctx context.Context, t *tool, args []string) error {
	f := t.flags("retention list")
	data := f.String("data", "", "data directory")
	limit := f.Int("limit", 0, "how many at the most; all if not positive")
	if operands, err := parse(f, args); err != nil || len(operands) > 0 {
		return orUsage(err, "retention list takes no operands")
	}
	_, c, err := t.catalogue()
	if err != nil {
		return err
	}
	db, err := t.openStore(*data)
	if err != nil {
		return err
	}
	defer db.Close()
	list, err := db.Expired(ctx, time.Now(), steward.Until(c), *limit)
	if err != nil {
		return err
	}
	for _, e := range list {
		k := steward.Keep(c, e)
		if t.json {
			err = t.line(map[string]any{"reference": e.Reference, "service": e.Service, "filed": moment(e.Filed), "ended": moment(e.Ended),
				"until": moment(k.Until(e.Ended)), "law": k.Law})
		} else {
			_, err = fmt.Fprintf(t.out, "%-26s %-16s %s  %s\n", e.Reference, e.Service, e.Ended.Format(time.DateOnly), k.Law)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// retentionEnd destroys the filings whose time is over, with two officers.
func retentionEnd(ctx context.Context, t *tool, args []string) error {
	f := t.flags("retention end")
	data := f.String("data", "", "data directory")
	limit := f.Int("limit", 0, "how many at the most; all if not positive")
	first, second := t.signInFlags(f), t.secondFlags(f)
	if operands, err := parse(f, args); err != nil || len(operands) > 0 {
		return orUsage(err, "retention end takes no operands")
	}
	_, c, err := t.catalogue()
	if err != nil {
		return err
	}
	db, err := t.writeStore(*data)
	if err != nil {
		return err
	}
	defer db.Close()
	list, err := db.Expired(ctx, time.Now(), steward.Until(c), *limit)
	if err != nil {
		return err
	}
	by, err := t.together(ctx, db, first, second)
	if err != nil {
		return err
	}
	count, err := steward.End(ctx, db, c, list, by...)
	if err != nil {
		return err
	}
	if t.json {
		return t.line(map[string]int{"destroyed": count})
	}
	_, err = fmt.Fprintf(t.out, "%d filings destroyed; copies of before, such as backups, have them until they are thrown away\n", count)
	return err
}
