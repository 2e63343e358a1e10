package store

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"motcua/kiosk/calendar"
	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/report"
)

// benchFilings is what an office has after many years.
const benchFilings = 200_000

// BenchmarkReport is a month's figures among 200,000 filings: spread over five years, and all of them in the one month.
func BenchmarkReport(b *testing.B) {
	for _, c := range []struct {
		name string
		days int
	}{{"five years", 5 * 365}, {"one month", 31}} {
		b.Run(c.name, func(b *testing.B) {
			s, err := Open(filepath.Join(b.TempDir(), "data"), Options{Station: "K1", Commune: "05200", Recipients: recipients()})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			p := report.Month(2026, time.October)
			if err := s.transact(b.Context(), func(conn *sql.Conn) error { return fillMany(b.Context(), conn, p.To, c.days) }); err != nil {
				b.Fatal(err)
			}
			months := p.From.AddDate(0, -5, 0) // for the six that are shown side by side
			b.ResetTimer()
			for b.Loop() {
				records, err := s.Records(b.Context(), months, p.To)
				if err != nil {
					b.Fatal(err)
				}
				r := report.Make(p, report.Input{Records: records, Since: months}, p.To.AddDate(0, 0, 4))
				if r.Total.Received == 0 || r.Total.Carried+r.Total.Received != r.Total.Resolved+r.Total.Returned+r.Total.Pending {
					b.Fatalf("%+v", r.Total)
				}
				b.ReportMetric(float64(len(records)), "records")
			}
		})
	}
}

// fillMany writes filings over the days before a moment, nine in ten of them received, finished and handed over.
func fillMany(ctx context.Context, conn *sql.Conn, until time.Time, days int) error {
	filings, err := conn.PrepareContext(ctx, `INSERT INTO filing (reference, short, key, service, status, filed, due, sealed, channel, chip, kase)
		VALUES (?, ?, ?, ?, ?, ?, ?, 2, 'kiosk', 'read', '')`)
	if err != nil {
		return err
	}
	defer filings.Close()
	decisions, err := conn.PrepareContext(ctx, `INSERT INTO decision (reference, number, action, officer, at, before, due, words) VALUES (?, ?, ?, 'an', ?, ?, ?, zeroblob(200))`)
	if err != nil {
		return err
	}
	defer decisions.Close()
	services := []string{"tam-tru", "thuong-tru", "luu-tru", filing.Motorcycle, filing.Account}
	day, serial := identity.Date{}, 0
	apart := time.Duration(days) * 24 * time.Hour / benchFilings
	for i := range benchFilings {
		at := until.Add(-apart * time.Duration(benchFilings-i)).In(calendar.Zone).Truncate(time.Millisecond)
		if today := identity.DateOf(at); today != day {
			day, serial = today, 0
		}
		serial++
		ref, err := filing.NewReference("05200", "K1", day, serial)
		if err != nil {
			return err
		}
		due, status := at.AddDate(0, 0, 3), filing.Handed
		if i%10 == 9 && i > benchFilings*9/10 {
			status = filing.Filed
		}
		if _, err := filings.ExecContext(ctx, ref.String(), ref.Short(), fmt.Sprint(i), services[i%len(services)], string(status), formatTime(at), formatDue(due)); err != nil {
			return err
		}
		if status == filing.Filed {
			continue
		}
		for n, step := range []struct {
			action desk.Action
			before filing.Status
			after  time.Duration
		}{{desk.Receive, filing.Filed, time.Hour}, {desk.Finish, filing.Received, time.Duration(10+i%80) * time.Hour}, {desk.Hand, filing.Done, 100 * time.Hour}} {
			if _, err := decisions.ExecContext(ctx, ref.String(), n+1, string(step.action), formatTime(at.Add(step.after)), string(step.before), formatDue(due)); err != nil {
				return err
			}
		}
	}
	return nil
}
