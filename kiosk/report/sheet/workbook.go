package sheet

import (
	"fmt"
	"io"
	"time"

	"github.com/xuri/excelize/v2"

	"motcua/kiosk/report"
	"motcua/kiosk/text"
)

// Workbook writes the figures of a month as XLSX: the month, its services, its days, and times with ratings, a sheet each.
func Workbook(w io.Writer, r report.Report, t *text.Table) error {
	b := &book{File: excelize.NewFile(), r: r, t: t}
	defer b.Close()
	b.styles()
	b.month()
	b.services()
	b.days()
	b.times()
	b.do(b.SetDocProps(&excelize.DocProperties{Title: title(r, t), Creator: r.Office.Name, Language: "vi-VN",
		Created: r.Made.UTC().Format(time.RFC3339), Modified: r.Made.UTC().Format(time.RFC3339)}))
	if b.err != nil {
		return fmt.Errorf("sheet: workbook: %w", b.err)
	}
	if err := b.Write(w); err != nil {
		return fmt.Errorf("sheet: workbook: %w", err)
	}
	return nil
}

// book is a workbook being written; the first error stays.
type book struct {
	*excelize.File
	r     report.Report
	t     *text.Table
	err   error
	sheet string // that is being written
	first bool   // one has its name already

	office, title, plain, head, part, label, deep, count, share, mean, span, date, sum, sumLabel int
}

func (b *book) do(err error) {
	if b.err == nil {
		b.err = err
	}
}

const (
	font     = "Times New Roman" // what NĐ 30/2020/NĐ-CP asks for; Liberation Serif is as wide
	ink      = "1B1F23"
	teal     = "0B4F5C"
	tealPale = "BFD9DC"
	ochre    = "B5651D" // beside teal where there are only lines
	sand     = "EEEAE0"
)

// Formats of numbers: dots and commas are those of whoever reads it.
const (
	formatCount = "#,##0"
	formatShare = "0.0%"
	formatMean  = "0.00"
	formatSpan  = "[h]:mm"
	formatDate  = "dd/mm/yyyy"
)

func (b *book) styles() {
	lines := []excelize.Border{}
	for _, side := range []string{"left", "right", "top", "bottom"} {
		lines = append(lines, excelize.Border{Type: side, Color: "A8A294", Style: 1})
	}
	style := func(s excelize.Style, size float64, bold bool, format string) int {
		s.Font = &excelize.Font{Family: font, Size: size, Bold: bold, Color: ink}
		if format != "" {
			s.CustomNumFmt = &format
		}
		id, err := b.NewStyle(&s)
		b.do(err)
		return id
	}
	fill := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{sand}}
	middle := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	left := &excelize.Alignment{Vertical: "center", WrapText: true}
	inner := &excelize.Alignment{Horizontal: "left", Vertical: "center", WrapText: true, Indent: 2}
	b.office = style(excelize.Style{}, 11, true, "")
	b.title = style(excelize.Style{}, 15, true, "")
	b.plain = style(excelize.Style{}, 11, false, "")
	b.head = style(excelize.Style{Border: lines, Fill: fill, Alignment: middle}, 11, true, "")
	b.part = style(excelize.Style{Border: lines, Fill: fill, Alignment: left}, 11, true, "")
	b.label = style(excelize.Style{Border: lines, Alignment: left}, 11, false, "")
	b.deep = style(excelize.Style{Border: lines, Alignment: inner}, 11, false, "")
	b.count = style(excelize.Style{Border: lines}, 11, false, formatCount)
	b.share = style(excelize.Style{Border: lines}, 11, false, formatShare)
	b.mean = style(excelize.Style{Border: lines}, 11, false, formatMean)
	b.span = style(excelize.Style{Border: lines}, 11, false, formatSpan)
	b.date = style(excelize.Style{Border: lines, Alignment: &excelize.Alignment{Horizontal: "left"}}, 11, false, formatDate)
	b.sum = style(excelize.Style{Border: lines, Fill: fill}, 11, true, formatCount)
	b.sumLabel = style(excelize.Style{Border: lines, Fill: fill}, 11, true, "")
}

// open begins a sheet with the office's head, its columns as wide as is said, and gives the row below the head.
func (b *book) open(key, heading string, landscape bool, widths ...float64) int {
	b.sheet = b.t.Get("report.sheet." + key)
	if !b.first {
		b.first = true
		b.do(b.SetSheetName(b.GetSheetName(0), b.sheet))
	} else {
		_, err := b.NewSheet(b.sheet)
		b.do(err)
	}
	for i, w := range widths {
		column, err := excelize.ColumnNumberToName(i + 1)
		b.do(err)
		b.do(b.SetColWidth(b.sheet, column, column, w))
	}
	b.put(1, 1, b.r.Office.Parent, b.plain)
	b.put(1, 2, b.r.Office.Name, b.office)
	b.put(1, 4, heading, b.title)
	b.put(1, 5, rangeOf(b.r, b.t)+" · "+made(b.r.Made, b.r.Complete, b.t), b.plain)
	b.page(landscape)
	return 7
}

// page sets up printing: A4, as wide as the paper, as long as it takes.
func (b *book) page(landscape bool) {
	a4, orientation, wide, long, fit := 9, "portrait", 1, 0, true
	if landscape {
		orientation = "landscape"
	}
	b.do(b.SetPageLayout(b.sheet, &excelize.PageLayoutOptions{Size: &a4, Orientation: &orientation, FitToWidth: &wide, FitToHeight: &long}))
	b.do(b.SetSheetProps(b.sheet, &excelize.SheetPropsOptions{FitToPage: &fit}))
	side, end := 0.5, 0.6
	b.do(b.SetPageMargins(b.sheet, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &end, Bottom: &end}))
	b.do(b.SetHeaderFooter(b.sheet, &excelize.HeaderFooterOptions{OddFooter: "&L" + footer(b.r.Office.Name) + "&R" + b.t.Get("report.page")}))
	grid := false
	b.do(b.SetSheetView(b.sheet, 0, &excelize.ViewOptions{ShowGridLines: &grid}))
}

// footer is a text in a footer, where & begins a command.
func footer(s string) string {
	out := ""
	for _, r := range s {
		out += string(r)
		if r == '&' {
			out += "&"
		}
	}
	return out
}

// cell is A1.
func (b *book) cell(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	b.do(err)
	return name
}

func (b *book) put(column, row int, value any, style int) {
	at := b.cell(column, row)
	b.do(b.SetCellValue(b.sheet, at, value))
	b.do(b.SetCellStyle(b.sheet, at, at, style))
}

// heads writes the head of a table, which is repeated on every page and stays in sight.
func (b *book) heads(row int, titles ...string) {
	for i, s := range titles {
		b.put(i+1, row, s, b.head)
	}
	b.do(b.SetRowHeight(b.sheet, row, 33))
	b.do(b.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$%d:$%d", b.sheet, row, row), Scope: b.sheet}))
	b.do(b.SetPanes(b.sheet, &excelize.Panes{Freeze: true, YSplit: row, TopLeftCell: b.cell(1, row+1), ActivePane: "bottomLeft"}))
}

// days since the beginning of a spreadsheet's time, which is what its durations are.
func inDays(d time.Duration) float64 { return d.Hours() / 24 }

// secondPage is the part with which the month's second page begins, so that its chart is never cut.
const secondPage = 7

// month is the first sheet: every figure, and the months side by side.
func (b *book) month() {
	row := b.open("month", title(b.r, b.t), false, 58, 13, 13)
	b.heads(row, b.t.Get("report.figure"), b.t.Get("report.count"), b.t.Get("report.share"))
	for i, part := range Parts(b.r, b.t) {
		row++
		if i == secondPage {
			b.do(b.InsertPageBreak(b.sheet, b.cell(1, row)))
		}
		for column := 1; column <= 3; column++ {
			b.put(column, row, nil, b.part)
		}
		b.put(1, row, part.Title, b.part)
		for _, l := range part.Lines {
			row++
			b.line(row, l)
		}
	}
	if len(b.r.Months) > 1 {
		b.months(row + 2)
	}
}

func (b *book) line(row int, l Line) {
	style := b.label
	if l.Deep {
		style = b.deep
	}
	b.put(1, row, l.Label, style)
	b.put(2, row, nil, b.count)
	b.put(3, row, nil, b.share)
	switch {
	case l.Mean:
		b.put(2, row, l.Share, b.mean)
	default:
		b.put(2, row, l.Count, b.count)
	}
	if l.Of {
		b.put(3, row, l.Share/100, b.share)
	}
}

// months are a small table and its chart.
func (b *book) months(row int) {
	b.put(1, row, b.t.Get("report.part.months"), b.part)
	b.put(2, row, b.t.Get("report.short.received"), b.head)
	b.put(3, row, b.t.Get("report.short.resolved"), b.head)
	first := row + 1
	for _, m := range b.r.Months {
		row++
		b.put(1, row, m.Month[5:]+"/"+m.Month[:4], b.label)
		b.put(2, row, m.Received, b.count)
		b.put(3, row, m.Resolved, b.count)
	}
	b.chart(excelize.Col, b.cell(1, row+2), b.t.Get("report.chart.months"), 620, 300, first, row, 1, 2, 3)
}

// chartPage is how many pixels high a chart may be that has a page of its own.
const chartPage = 680

// services is the second sheet.
func (b *book) services() {
	titles := []string{b.t.Get("report.service")}
	widths := []float64{56}
	for _, c := range columns {
		titles = append(titles, b.t.Get("report.short."+c.key))
		widths = append(widths, 11)
	}
	head := b.open("services", b.t.Get("report.sheet.services"), true, widths...)
	b.heads(head, titles...)
	row := head
	for _, s := range b.r.Services {
		row++
		b.figures(row, name(s), s.Figures, b.label, b.count)
	}
	last := row
	row++
	b.figures(row, b.t.Get("report.total"), b.r.Total, b.sumLabel, b.sum)
	if last > head {
		b.do(b.InsertPageBreak(b.sheet, b.cell(1, row+2)))
		b.chart(excelize.Bar, b.cell(1, row+3), b.t.Get("report.chart.services"), 1080, min(110+52*(last-head), chartPage), head+1, last, 1, 3, 7)
	}
}

func (b *book) figures(row int, label string, f report.Figures, style, count int) {
	b.put(1, row, label, style)
	for i, c := range columns {
		b.put(i+2, row, c.value(f), count)
	}
}

// days is the third sheet.
func (b *book) days() {
	head := b.open("days", b.t.Get("report.sheet.days"), false, 16, 14, 14, 14, 14)
	b.heads(head, b.t.Get("report.date"), b.t.Get("report.short.received"), b.t.Get("report.short.resolved"), b.t.Get("report.short.returned"), b.t.Get("report.short.visits"))
	row := head
	var sum [4]int
	for _, d := range b.r.Days {
		row++
		at, err := time.Parse(time.DateOnly, d.Day)
		b.do(err)
		b.put(1, row, at, b.date)
		for i, n := range []int{d.Received, d.Resolved, d.Returned, d.Visits} {
			b.put(i+2, row, n, b.count)
			sum[i] += n
		}
	}
	b.put(1, row+1, b.t.Get("report.total"), b.sumLabel)
	for i, n := range sum {
		b.put(i+2, row+1, n, b.sum)
	}
	b.chart(excelize.Line, b.cell(1, row+3), b.t.Get("report.chart.days"), 560, 300, head+1, row, 1, 2, 3)
	one := 1 // there are never more days, so all of it is one page
	b.do(b.SetPageLayout(b.sheet, &excelize.PageLayoutOptions{FitToHeight: &one}))
}

// times is the last sheet: how long things took, and what people thought.
func (b *book) times() {
	row := b.open("times", b.t.Get("report.part.times"), false, 52, 11, 12, 14, 12)
	b.heads(row, b.t.Get("report.time.what"), b.t.Get("report.time.count"), b.t.Get("report.time.median"), b.t.Get("report.time.p90"), b.t.Get("report.time.max"))
	for _, x := range timings(b.r.Times, b.t) {
		row++
		b.put(1, row, x.label, b.label)
		b.put(2, row, x.Count, b.count)
		for i, d := range []time.Duration{x.Median, x.P90, x.Max} {
			b.put(i+3, row, nil, b.span)
			if x.Count > 0 {
				b.put(i+3, row, inDays(d), b.span)
			}
		}
	}
	row += 2
	b.put(1, row, b.t.Get("report.part.ratings"), b.part)
	b.put(2, row, b.t.Get("report.count"), b.head)
	first := row + 1
	for i, n := range b.r.Ratings.Stars {
		row++
		b.put(1, row, b.t.Get("report.stars", i+1), b.label)
		b.put(2, row, n, b.count)
	}
	b.chart(excelize.Col, b.cell(1, row+2), b.t.Get("report.part.ratings"), 520, 280, first, row, 1, 2)
}

// chart draws columns of the sheet's rows first to last over the names in one column.
func (b *book) chart(kind excelize.ChartType, at, heading string, width, height, first, last, names int, values ...int) {
	reference := func(column, from, to int) string {
		a, err := excelize.CoordinatesToCellName(column, from, true)
		b.do(err)
		z, err := excelize.CoordinatesToCellName(column, to, true)
		b.do(err)
		return fmt.Sprintf("'%s'!%s:%s", b.sheet, a, z)
	}
	colours := []string{teal, tealPale}
	letters := excelize.Font{Family: font, Size: 10, Color: ink}
	heavy := excelize.Font{Family: font, Size: 13, Bold: true, Color: ink}
	c := &excelize.Chart{Type: kind, Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: heading, Font: &heavy}}},
		Dimension: excelize.ChartDimension{Width: uint(width), Height: uint(height)}, PlotArea: excelize.ChartPlotArea{ShowVal: true},
		Legend: excelize.ChartLegend{Position: "top", Font: &letters}, XAxis: excelize.ChartAxis{Font: letters}, YAxis: excelize.ChartAxis{MajorGridLines: true, Font: letters}}
	if len(values) == 1 {
		c.Legend.Position = "none"
	}
	switch kind {
	case excelize.Bar:
		c.XAxis.ReverseOrder = true // the first row on top
	case excelize.Line: // over days; a number at each point would be a thicket
		c.PlotArea.ShowVal = false
		colours[1] = ochre
		c.XAxis.NumFmt = excelize.ChartNumFmt{CustomNumFmt: "dd"}
	}
	for i, column := range values {
		c.Series = append(c.Series, excelize.ChartSeries{Name: reference(column, first-1, first-1), Categories: reference(names, first, last), Values: reference(column, first, last),
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colours[i%len(colours)]}}})
	}
	b.do(b.AddChart(b.sheet, at, c))
}
