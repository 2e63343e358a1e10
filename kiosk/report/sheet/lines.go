package sheet

import (
	"motcua/kiosk/report"
	"motcua/kiosk/text"
)

// Lines is the month for a terminal: each line is a label and what stands behind it, in columns to the right. Headings have a label
// only.
func Lines(r report.Report, t *text.Table) [][]string {
	out := [][]string{{r.Office.Name}, {title(r, t)}, {rangeOf(r, t) + " · " + made(r.Made, r.Complete, t)}}
	for _, part := range Parts(r, t) {
		out = append(out, []string{""}, []string{part.Title})
		for _, l := range part.Lines {
			line := []string{"  " + l.Label, number(l.Count)}
			if l.Deep {
				line[0] = "  " + line[0]
			}
			if l.Mean {
				line[1] = decimal(l.Share, 2)
			}
			if l.Of {
				line = append(line, percent(l.Share))
			}
			out = append(out, line)
		}
	}
	out = append(out, []string{""}, []string{t.Get("report.part.times"), t.Get("report.time.count"), t.Get("report.time.median"), t.Get("report.time.p90")})
	for _, x := range timings(r.Times, t) {
		line := []string{"  " + x.label, number(x.Count)}
		if x.Count > 0 {
			line = append(line, span(x.Median), span(x.P90))
		}
		out = append(out, line)
	}
	out = append(out, []string{""}, []string{t.Get("report.service"), t.Get("report.short.carried"), t.Get("report.short.received"), t.Get("report.short.resolved"),
		t.Get("report.short.late"), t.Get("report.short.returned"), t.Get("report.short.pending")})
	row := func(label string, f report.Figures) {
		out = append(out, []string{"  " + label, number(f.Carried), number(f.Received), number(f.Resolved), number(f.Late), number(f.Returned), number(f.Pending)})
	}
	for _, s := range r.Services {
		row(name(s), s.Figures)
	}
	row(t.Get("report.total"), r.Total)
	return out
}
