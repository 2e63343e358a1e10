package form

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"motcua/kiosk/identity"
)

// household has every kind of field and conditions of every sort.
func household() *Definition {
	return &Definition{ID: "H",
		Fields: []Field{
			{ID: "born", Label: "Ngày sinh", Kind: Known, Check: RuleBirth, Prefill: Facts{CardBirth}},
			{ID: "relation", Label: "Quan hệ", Kind: Choice, Required: true, Choices: []Option{{ID: "child", Title: "Con"}, {ID: "spouse", Title: "Vợ, chồng"}, {ID: "ward", Title: "Con nuôi", When: "age < 18"}}},
			{ID: "since", Label: "Từ ngày", Kind: Day, Check: RulePast},
			{ID: "months", Label: "Số tháng", Kind: Number, Min: 1, Max: 24},
			{ID: "data", Label: "Dữ liệu", Kind: Many, Choices: []Option{{ID: "a", Title: "A"}, {ID: "b", Title: "B", Value: "bê"}}},
			{ID: "why", Label: "Lý do", Kind: Text, Required: true},
			{ID: "people", Label: "Người", Kind: Group, Max: 3, Row: "{name} · {kin}", Columns: []Field{
				{ID: "name", Label: "Tên", Kind: Text, Check: RuleName, Required: true, Prefill: Facts{CardName}},
				{ID: "number", Label: "Số", Kind: Digits, Check: RuleNumber, Prefill: Facts{CardNumber}},
				{ID: "kin", Label: "Quan hệ", Kind: Choice, Required: true, Choices: []Option{{ID: "son", Title: "Con trai"}, {ID: "head", Title: "Chủ hộ"}}}}},
			{ID: "until", Label: "Đến ngày", Kind: Known, Compute: []Compute{{Expr: "since"}}},
			{ID: "count", Label: "Số người", Kind: Known, Compute: []Compute{{Expr: "size(people)"}}},
		},
		Pages: []Page{{Field: "relation", Title: "?"}, {Field: "since", Title: "?"}, {Field: "months", Title: "?"}, {Field: "data", Title: "?"},
			{Field: "why", Title: "?", When: `relation == "spouse" && days(since, today) > 30`}, {Field: "people", Title: "?"},
			{Tell: "{relation}", Title: "!", When: `"why" in answered`}},
		Checks: []Check{
			{ID: "heads", When: `people.filter(p, p.kin == "head").size() > 1`, Fields: []FieldID{"people"}, Level: Error, Text: "Hai chủ hộ."},
			{ID: "long", When: "months > 12", Fields: []FieldID{"months"}, Level: Warning, Text: "Lâu.", Do: "Hỏi."},
		},
		Review: []Row{{Label: "Lý do", Text: "{why}", Fields: []FieldID{"why"}, When: `"why" in answered`}},
	}
}

func prepared(t testing.TB) *Definition {
	t.Helper()
	d := household()
	if m := d.Prepare(nil); len(m) > 0 {
		t.Fatalf("%+v", m)
	}
	return d
}

func ofAge(born string) Env {
	return Env{Facts: map[Fact]Answer{CardBirth: {born, identity.FromChip}}, Today: today}
}

func ask(pairs ...string) Answers {
	a := Answers{}
	for i := 0; i < len(pairs); i += 2 {
		a[FieldID(pairs[i])] = typed(pairs[i+1])
	}
	return a
}

func TestConditions(t *testing.T) {
	d := prepared(t)
	fields := func(s *Sheet) string {
		var ids []string
		for _, p := range s.Pages() {
			ids = append(ids, string(p.Field))
		}
		return strings.Join(ids, " ")
	}
	for _, tt := range []struct {
		name  string
		asked Answers
		pages string
	}{
		{"nothing is known", nil, "relation since months data people"},
		{"one half is known", ask("relation", "Vợ, chồng"), "relation since months data people"},
		{"both hold", ask("relation", "Vợ, chồng", "since", "01092026"), "relation since months data why people"},
		{"one does not", ask("relation", "Con", "since", "01092026"), "relation since months data people"},
		{"too short ago", ask("relation", "Vợ, chồng", "since", "20112026"), "relation since months data people"},
		{"a day that is none", ask("relation", "Vợ, chồng", "since", "31022026"), "relation since months data people"},
		{"answered", ask("relation", "Vợ, chồng", "since", "01092026", "why", "x"), "relation since months data why people "},
	} {
		if got := fields(d.Sheet(ofAge("01/01/1990"), tt.asked)); got != tt.pages {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.pages)
		}
	}
	relation, _ := d.Field("relation")
	if n := len(d.Sheet(ofAge("01/01/2012"), nil).Options(relation)); n != 3 {
		t.Errorf("a child has %d options", n)
	}
	if n := len(d.Sheet(ofAge(""), nil).Options(relation)); n != 2 {
		t.Errorf("somebody of unknown age has %d options", n)
	}
}

// A field that is hidden is not in the result, whatever was typed before.
func TestHiddenIsNotFiled(t *testing.T) {
	d := prepared(t)
	asked := ask("relation", "Con", "since", "01092026", "why", "bí mật", "data", "bê; A; x", "months", "7")
	filled := d.Sheet(ofAge("01/01/1990"), asked).Filled()
	if _, there := filled["why"]; there {
		t.Error("the hidden answer is filed")
	}
	for id, want := range map[FieldID]string{"since": "01/09/2026", "until": "01/09/2026", "data": "A; bê", "months": "7", "born": "01/01/1990", "count": ""} {
		if filled[id].Value != want {
			t.Errorf("%s = %q, want %q", id, filled[id].Value, want)
		}
	}
}

func TestRows(t *testing.T) {
	d := prepared(t)
	group, _ := d.Field("people")
	row := func(pairs ...string) Answers { return ask(pairs...) }
	a := Answers{}.WithRows(group, []Answers{row("name", "Lò Văn Ún", "kin", "Con trai", "number", "099090000011"), row("name", "Hà Thị Ủn", "kin", "Chủ hộ")})
	s := d.Sheet(ofAge("01/01/1990"), a)
	filled := s.Filled()
	if filled["people"].Value != "2" || filled["count"].Value != "2" || filled["people.0.name"].Value != "Lò Văn Ún" || filled["people.1.kin"].Value != "Chủ hộ" {
		t.Errorf("%+v", filled)
	}
	if got := s.Shown("people", "2"); got != "Lò Văn Ún · Con trai; Hà Thị Ủn · Chủ hộ" {
		t.Errorf("shown %q", got)
	}
	codes := func(rows ...Answers) string {
		var list []string
		for _, p := range d.Sheet(ofAge("01/01/1990"), Answers{}.WithRows(group, rows)).Verify("people") {
			list = append(list, p.Code)
		}
		return strings.Join(list, " ")
	}
	head := row("name", "A", "kin", "Chủ hộ")
	same := row("name", "A", "kin", "Con trai", "number", "099090000011")
	for want, rows := range map[string][]Answers{"": {head}, "heads": {head, head}, ProblemTwice: {same, same}, ProblemRow: {row("name", "A")}, ProblemManyRows: {head, row("name", "A", "kin", "Con trai"), row("name", "B", "kin", "Con trai"), row("name", "C", "kin", "Con trai")}} {
		if got := codes(rows...); got != want {
			t.Errorf("problems %q, want %q", got, want)
		}
	}
	fewer := a.WithRows(group, a.Rows(group)[:1])
	if _, there := fewer["people.1.name"]; there || fewer["people"].Value != "1" || a["people"].Value != "2" {
		t.Errorf("%v", slices.Sorted(maps.Keys(fewer)))
	}
	if r := group.RowOf(map[Fact]Answer{CardName: {"X", identity.FromQR}}); len(r) != 1 || r["name"].Source != identity.FromQR {
		t.Errorf("%+v", r)
	}
}

func TestChecks(t *testing.T) {
	d := prepared(t)
	s := d.Sheet(ofAge("01/01/1990"), ask("months", "13"))
	if p := s.Verify("months"); len(p) != 1 || p[0].Code != "long" || p[0].Blocking || p[0].Text != "Lâu. Hỏi." {
		t.Errorf("%+v", p)
	}
	if w := s.Warnings(); len(w) != 1 || w[0] != "long" {
		t.Errorf("%v", w)
	}
	for value, want := range map[string]string{"0": ProblemTooSmall, "25": ProblemTooLarge, "x": ProblemWhole, "12": ""} {
		got := ""
		for _, p := range d.Sheet(ofAge("01/01/1990"), ask("months", value)).Verify("months") {
			got += p.Code
		}
		if got != want {
			t.Errorf("%s months: %q, want %q", value, got, want)
		}
	}
}

// Each row is an expression that whoever wrote it will want to know about before a citizen does.
func TestWrongExpressions(t *testing.T) {
	for when, want := range map[Expr]string{
		`nobody == "x"`:                 "undeclared reference to 'nobody'",
		`relation == "chidl"`:           `"chidl" is none of child, spouse, ward`,
		`relation in ["child", "x"]`:    `"x" is none of`,
		`"c" in data`:                   `"c" is none of a, b`,
		`"whi" in answered`:             `"whi" is none of`,
		`kase == "rent"`:                `"rent" is none of`,
		`months == "3"`:                 "no matching overload",
		`since > 3`:                     "no matching overload",
		`months`:                        "true or false",
		`months >`:                      "Syntax error",
		`people[0].nam == "x"`:          `no group has a column "nam"`,
		`days(months, today) > 1`:       "no matching overload",
		Expr(strings.Repeat("(", 2000)): "at most 1000 characters",
	} {
		d := household()
		d.Review[0].When = when
		var texts []string
		for _, m := range d.Prepare(nil) {
			texts = append(texts, m.Path+": "+m.Text)
		}
		if got := strings.Join(texts, "\n"); !strings.Contains(got, "review[0].when: ") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", when, got, want)
		}
	}
	d := household()
	d.Pages[0].When = `"why" in answered`
	if m := d.Prepare(nil); len(m) == 0 || !strings.Contains(m[0].Text, "asked only here or later") {
		t.Errorf("a page that hangs on a later one: %+v", m)
	}
	d = household()
	d.Fields[7].Compute[0] = Compute{When: `"until" in answered`, Text: "x"}
	if m := d.Prepare(nil); !slices.ContainsFunc(m, func(m Mistake) bool { return strings.Contains(m.Text, "follows from itself") }) {
		t.Errorf("a circle through a condition: %+v", m)
	}
}

// An expression that would take for ever is false instead.
func TestCostlyExpression(t *testing.T) {
	d := household()
	d.Review[0].When = `[1,2,3,4,5,6,7,8,9].all(a, [1,2,3,4,5,6,7,8,9].all(b, [1,2,3,4,5,6,7,8,9].all(c, [1,2,3,4,5,6,7,8,9].all(d, [1,2,3,4,5,6,7,8,9].all(e, [1,2,3,4,5,6,7,8,9].all(f, a+b+c+d+e+f > 0))))))`
	if m := d.Prepare(nil); len(m) > 0 {
		t.Fatalf("%+v", m)
	}
	if rows := d.Sheet(ofAge("01/01/1990"), nil).Review(); len(rows) != 0 {
		t.Error("it was waited for")
	}
}

func TestFullMonths(t *testing.T) {
	date := func(s string) identity.Date {
		d, err := identity.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, tt := range []struct {
		a, b string
		want int
	}{{"2026-01-31", "2026-02-28", 1}, {"2026-01-31", "2026-02-27", 0}, {"2008-02-29", "2026-02-28", 216}, {"2008-02-29", "2026-02-27", 215}, {"2026-05-01", "2026-01-01", -4}, {"2026-05-01", "2026-05-01", 0}} {
		if got := fullMonths(date(tt.a), date(tt.b)); got != tt.want {
			t.Errorf("%s to %s: %d months, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

func FuzzExpression(f *testing.F) {
	for _, s := range []string{`relation == "child"`, "days(since, today) > 3", `people.exists(p, p.kin == "head")`, "age < 16 || male", "date(why) < since", `"a" in data`, "size(people) / months > 1", "'\\u"} {
		f.Add(s, "01092026", "5")
	}
	d := prepared(f)
	f.Fuzz(func(t *testing.T, when, since, months string) {
		if d.Condition(Expr(when), nil) != nil {
			return
		}
		d.Sheet(ofAge("01/01/1990"), ask("since", since, "months", months, "why", since, "relation", "Con")).Holds(Expr(when))
		clear(d.rules.programs)
	})
}

func FuzzAnswers(f *testing.F) {
	d := prepared(f)
	f.Add([]byte(`{"relation":{"value":"Con","source":"typed"},"people":{"value":"2"},"people.0.name":{"value":"x"}}`))
	f.Add([]byte(`{"people":{"value":"-1"},"since":{"value":"99999999"},"data":{"value":"; ;"}}`))
	f.Add([]byte(`{"people":{"value":"99999999999999999999"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var a Answers
		if json.Unmarshal(data, &a) != nil {
			return
		}
		s := d.Sheet(ofAge("01/01/1990"), a)
		filled := s.Filled()
		again := d.Sheet(ofAge("01/01/1990"), filled).Filled()
		for id, answer := range filled {
			if answer.Value == "" || again[id].Value != answer.Value {
				t.Fatalf("%s: %q, then %q", id, answer.Value, again[id].Value)
			}
		}
		s.Problems()
		kept := d.Kept(ofAge("01/01/1990"), filled).Filled()
		if len(kept) != len(filled) {
			t.Fatalf("kept %v, filled %v", kept, filled)
		}
	})
}
