package office

import (
	"time"

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
