package steward

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/service"
	"motcua/kiosk/store"
)

// Keep is the term of a filing: that of its service as it was when it was filed.
func Keep(c *service.Catalogue, e store.Ended) service.Keep {
	return c.Keep(e.Service, identity.DateOf(e.Filed))
}

// Until says until when filings are kept, for store.Expired.
func Until(c *service.Catalogue) func(store.Ended) time.Time {
	return func(e store.Ended) time.Time { return Keep(c, e).Until(e.Ended) }
}

// Retention is what ending the time of filings needs of the disk.
type Retention interface {
	Expired(ctx context.Context, now time.Time, until func(store.Ended) time.Time, limit int) ([]store.Ended, error)
	Destroy(ctx context.Context, refs []filing.Reference, reason string, by ...store.Signer) (int, error)
}

// End destroys filings whose time is over, with the law that says so as reason, and gives how many. The errors are those of store.Store.Destroy;
// fault.StoreLocked comes with the number of all, when another program still reads what was.
func End(ctx context.Context, db Retention, c *service.Catalogue, list []store.Ended, by ...store.Signer) (int, error) {
	byLaw := map[string][]filing.Reference{}
	for _, e := range list {
		law := Keep(c, e).Law
		byLaw[law] = append(byLaw[law], e.Reference)
	}
	count, locked := 0, error(nil)
	for _, law := range slices.Sorted(maps.Keys(byLaw)) {
		n, err := db.Destroy(ctx, byLaw[law], "Hết thời hạn lưu trữ: "+law, by...)
		count += n
		switch {
		case fault.CodeOf(err) == fault.StoreLocked && n == len(byLaw[law]):
			locked = err
		case err != nil:
			return count, errors.Join(err, locked)
		}
	}
	return count, locked
}
