package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"motcua/kiosk/report"
)

// read is a workbook as another program would open it.
type read struct {
	t *testing.T
	*excelize.File
	zip *zip.Reader
}

func written(t *testing.T, r report.Report) read {
	t.Helper()
	var b bytes.Buffer
	if err := Workbook(&b, r, words(t)); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return read{t, f, z}
}

// number is what stands in a cell, which must be a number and no text, and its format.
func (r read) number(sheet, cell string) (float64, string) {
	r.t.Helper()
	kind, err := r.GetCellType(sheet, cell)
	if err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		r.t.Errorf("%s!%s is of type %v, %v", sheet, cell, kind, err)
	}
	text, err := r.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
	if err != nil {
		r.t.Fatal(err)
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		r.t.Errorf("%s!%s: %q is no number", sheet, cell, text)
	}
	id, err := r.GetCellStyle(sheet, cell)
	if err != nil {
		r.t.Fatal(err)
	}
	style, err := r.GetStyle(id)
	if err != nil || style.CustomNumFmt == nil {
		r.t.Fatalf("%s!%s has no format, %v", sheet, cell, err)
	}
	return x, *style.CustomNumFmt
}

// row finds the row of a label.
func (r read) row(sheet, label string) int {
	r.t.Helper()
	rows, err := r.GetRows(sheet)
	if err != nil {
		r.t.Fatal(err)
	}
	for i, row := range rows {
		if len(row) > 0 && row[0] == label {
			return i + 1
		}
	}
	r.t.Fatalf("%s has no row %q", sheet, label)
	return 0
}

func at(column string, row int) string { return column + strconv.Itoa(row) }

// The workbook has the published figures as numbers that can be added up.
func TestWorkbook(t *testing.T) {
	f := written(t, province(t))
	if got := strings.Join(f.GetSheetList(), "|"); got != "Tháng|Theo thủ tục|Theo ngày|Thời gian, đánh giá" {
		t.Fatalf("sheets %s", got)
	}
	for label, want := range map[string]float64{"Tiếp nhận trong kỳ": 2427, "Đã giải quyết": 2150, "Nhận tại đây, trên 15 dịch vụ": 11, "Mô tô, xe máy đăng ký mới": 562, "Ô tô đăng ký mới": 202} {
		if got, format := f.number("Tháng", at("B", f.row("Tháng", label))); got != want || format != formatCount {
			t.Errorf("%s: %v as %s", label, got, format)
		}
	}
	bikes := f.row("Tháng", "Mô tô, xe máy đăng ký mới")
	if got, format := f.number("Tháng", at("C", bikes+4)); got != 0.089 || format != formatShare {
		t.Errorf("motorcycles at communes: %v as %s", got, format)
	}
	last := f.row("Theo thủ tục", "Cộng")
	for _, column := range []string{"B", "C", "D", "E", "F", "G", "H", "I", "J", "K"} {
		sum := 0.0
		for row := 8; row < last; row++ {
			x, _ := f.number("Theo thủ tục", at(column, row))
			sum += x
		}
		if total, _ := f.number("Theo thủ tục", at(column, last)); total != sum {
			t.Errorf("column %s comes to %v, not %v", column, sum, total)
		}
	}
	if x, format := f.number("Theo ngày", "A8"); x != 44682 || format != formatDate { // 1 May 2022
		t.Errorf("the first day is %v as %s", x, format)
	}
	if x, format := f.number("Thời gian, đánh giá", "C12"); math.Abs(x*24-32) > 1e-9 || format != formatSpan {
		t.Errorf("a result takes %v hours as %s", x*24, format)
	}
}

// It prints on A4, with the head of each table on each page, and its charts are charts.
func TestWorkbookPrints(t *testing.T) {
	r := province(t)
	r.Months = []report.Trend{{Month: "2022-04", Received: 7}, {Month: "2022-05", Received: 8}}
	f := written(t, r)
	for _, sheet := range f.GetSheetList() {
		layout, err := f.GetPageLayout(sheet)
		if err != nil || layout.Size == nil || *layout.Size != 9 || *layout.FitToWidth != 1 {
			t.Errorf("%s: %+v, %v", sheet, layout, err)
		}
	}
	if names := f.GetDefinedName(); len(names) != 4 || names[0].Name != "_xlnm.Print_Titles" {
		t.Errorf("%+v", names)
	}
	var charts []string
	for _, part := range f.zip.File {
		if strings.HasPrefix(part.Name, "xl/charts/chart") {
			charts = append(charts, drawn(t, part))
		}
	}
	if all := strings.Join(charts, " "); len(charts) != 4 || !strings.Contains(all, "'Tháng'!$B$") || !strings.Contains(all, "'Theo thủ tục'!$C$8:$C$20") || !strings.Contains(all, "'Theo ngày'!$B$8:$B$38") {
		t.Errorf("%d charts of %s", len(charts), all)
	}
}

// drawn are the cells that a chart draws.
func drawn(t *testing.T, part *zip.File) string {
	t.Helper()
	r, err := part.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var cells []string
	d := xml.NewDecoder(r)
	for in := false; ; {
		token, err := d.Token()
		if err == io.EOF {
			return strings.Join(cells, " ")
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			in = x.Name.Local == "f"
		case xml.CharData:
			if in {
				cells = append(cells, string(x))
			}
		case xml.EndElement:
			in = false
		}
	}
}

// An office's first day has no figures, and a workbook all the same.
func TestEmptyWorkbook(t *testing.T) {
	f := written(t, report.Make(report.Month(2026, 11), report.Input{}, now.AddDate(5, 0, 0)))
	if x, _ := f.number("Theo thủ tục", "C8"); x != 0 {
		t.Errorf("nothing was received: %v", x)
	}
}
