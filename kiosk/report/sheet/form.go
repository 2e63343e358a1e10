package sheet

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"motcua/kiosk/calendar"
	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
	"motcua/kiosk/paper"
	"motcua/kiosk/report"
	"motcua/kiosk/text"
)

// Forms of the sheets, in assets/papers.
const (
	MonthForm = "SL01"
	DayForm   = "SL02"
)

// rows is a table of a form.
type rows = []map[string]string

// maxBars is how many services the chart on paper shows, those with the most filings first.
const maxBars = 12

// Month is what MonthForm is filled with.
func Month(r report.Report, t *text.Table) paper.Values {
	v := paper.Values{Text: office(r.Office), Rows: map[string]rows{}}
	v.Text["title"], v.Text["period"], v.Text["made"] = title(r, t), rangeOf(r, t), made(r.Made, r.Complete, t)
	for _, s := range r.Services {
		v.Rows["services"] = append(v.Rows["services"], figures(name(s), s.Figures))
	}
	v.Rows["services"] = append(v.Rows["services"], figures(t.Get("report.total"), r.Total))
	most := slices.Clone(r.Services)
	slices.SortStableFunc(most, func(a, b report.Row) int { return cmp.Compare(b.Received, a.Received) })
	for _, s := range most[:min(len(most), maxBars)] {
		v.Rows["bars"] = append(v.Rows["bars"], figures(name(s), s.Figures))
	}
	for _, part := range Parts(r, t) {
		for i, l := range part.Lines {
			row := map[string]string{"figure": l.Label, "n_count": number(l.Count)}
			if i == 0 {
				row["part"] = part.Title
			}
			if l.Deep {
				row["figure"] = "– " + l.Label
			}
			if l.Mean {
				row["n_count"] = decimal(l.Share, 2)
			}
			if l.Of {
				row["n_share"] = percent(l.Share)
			}
			v.Rows["figures"] = append(v.Rows["figures"], row)
		}
	}
	for _, x := range timings(r.Times, t) {
		row := map[string]string{"what": x.label, "n_count": number(x.Count)}
		if x.Count > 0 {
			row["n_median"], row["n_most"], row["n_longest"] = span(x.Median), span(x.P90), span(x.Max)
		}
		v.Rows["times"] = append(v.Rows["times"], row)
	}
	return v
}

func office(o report.Office) map[string]string {
	return map[string]string{"office_name": o.Name, "office_parent": o.Parent, "office_commune": o.Commune}
}

// figures are the columns of a row of services.
func figures(label string, f report.Figures) map[string]string {
	row := map[string]string{"service": label}
	for _, c := range columns {
		row["n_"+strings.ReplaceAll(c.key, "-", "_")] = number(c.value(f))
	}
	return row
}

// Day is what DayForm is filled with. Officers have the names of their accounts where names has them.
func Day(d report.Day, names map[string]string, t *text.Table) paper.Values {
	v := paper.Values{Text: office(d.Office), Rows: map[string]rows{}}
	v.Text["title"] = t.Get("report.day", turn(d.Day))
	v.Text["made"], v.Text["due_title"] = made(d.Made, d.Complete, t), t.Get("report.day.due", turn(d.Next))
	v.Rows["figures"] = dayFigures(d, t)
	for _, f := range d.Filed {
		v.Rows["filed"] = append(v.Rows["filed"], map[string]string{"number": f.Short, "n_time": f.Filed.In(calendar.Zone).Format("15:04"), "service": f.Service,
			"channel": channel(f.Channel, t), "chip": chip(f.Chip, t), "stands": t.Get("desk.status." + string(f.Status))})
	}
	for _, x := range d.Decisions {
		v.Rows["decisions"] = append(v.Rows["decisions"], map[string]string{"number": x.Short, "n_time": x.At.In(calendar.Zone).Format("15:04"), "service": x.Service,
			"action": t.Get("desk.do." + string(x.Action)), "officer": cmp.Or(names[x.Officer], x.Officer)})
	}
	for _, f := range d.Due {
		row := map[string]string{"number": f.Short, "service": f.Service, "until": f.Due.In(calendar.Zone).Format("15:04, 02/01/2006")}
		if f.Late {
			row["note"] = t.Get("report.day.late")
		}
		v.Rows["due"] = append(v.Rows["due"], row)
	}
	for _, g := range d.Skipped {
		row := map[string]string{"what": t.Get("report.day.gap"), "which": g.Station + "-" + number(g.First), "n_count": number(g.Last - g.First + 1)}
		if g.Last > g.First {
			row["which"] += " – " + number(g.Last)
		}
		v.Rows["gaps"] = append(v.Rows["gaps"], row)
	}
	for _, code := range slices.Sorted(maps.Keys(d.Failed)) {
		v.Rows["gaps"] = append(v.Rows["gaps"], map[string]string{"what": t.Get("report.day.slips-failed"), "which": t.Get("fault." + code + ".title"), "n_count": number(d.Failed[code])})
	}
	for table, last := range map[string]string{"filed": "service", "decisions": "service", "due": "service", "gaps": "what"} {
		v.Rows[table] = bounded(v.Rows[table], last, t)
	}
	return v
}

// dayFigures are two figures a row.
func dayFigures(d report.Day, t *text.Table) rows {
	forms := 0
	for _, n := range d.Forms {
		forms += n
	}
	word := func(key string) string { return t.Get("report." + key) }
	list := []struct {
		label string
		n     int
	}{
		{word("day.filed"), d.Total.Received}, {word("resolved"), d.Total.Resolved},
		{word("channel.kiosk"), d.Total.Kiosk}, {word("day.taken"), d.Count(desk.Receive)},
		{word("channel.desk"), d.Total.Desk}, {word("supplemented"), d.Total.Supplemented},
		{word("channel.portal"), d.Total.Portal}, {word("returned"), d.Total.Returned},
		{word("chip.read"), d.Total.Chip}, {word("handed"), d.Total.Handed},
		{word("day.slips"), d.Slips}, {word("day.forms"), forms},
		{word("queue.taken"), d.Queue.Taken}, {word("queue.served"), d.Queue.Served},
		{word("pending"), d.Total.Pending}, {word("pending-late"), d.Total.PendingLate},
	}
	var out rows
	for i := 0; i < len(list); i += 2 {
		out = append(out, map[string]string{"figure": list[i].label, "n_count": number(list[i].n), "other": list[i+1].label, "n_other": number(list[i+1].n)})
	}
	return out
}

// bounded is a table that paper can hold, with a word where there is nothing and where there is more.
func bounded(list rows, column string, t *text.Table) rows {
	if len(list) == 0 {
		return rows{{column: t.Get("report.day.nothing")}}
	}
	if most := paper.MaxRows - 1; len(list) > most {
		return append(list[:most:most], map[string]string{column: t.Get("report.day.more", number(len(list)-most))})
	}
	return list
}

func channel(c filing.Channel, t *text.Table) string {
	return t.Get("report.channel." + cmp.Or(string(c), "unknown"))
}

func chip(why string, t *text.Table) string {
	switch why {
	case filing.ChipRead:
		return t.Get("report.chip.read")
	case "":
		return t.Get("report.chip.unknown")
	}
	return t.Get("report.chip.none")
}

// turn writes 05/10/2026 for 2026-10-05.
func turn(day string) string {
	p := strings.Split(day, "-")
	slices.Reverse(p)
	return strings.Join(p, "/")
}
