package form

import (
	"strings"
	"testing"
	"unicode/utf8"

	"motcua/kiosk/identity"
)

var today = identity.Date{Year: 2026, Month: 11, Day: 23}

func TestVerify(t *testing.T) {
	choice := Field{ID: "c", Kind: Choice, Choices: []Option{{ID: "a", Title: "A"}, {ID: "b", Title: "B", Value: "bê", Cases: []string{"rent"}}}}
	name := Field{ID: "n", Kind: Text, Check: RuleName, Required: true, Max: 40}
	number := Field{ID: "i", Kind: Digits, Check: RuleNumber, Required: true}
	phone := Field{ID: "p", Kind: Digits, Check: RulePhone}
	birth := Field{ID: "b", Kind: Digits, Check: RuleBirth}
	address := Field{ID: "d", Kind: Text, Check: RuleAddress}
	period := Field{ID: "m", Kind: Digits, Check: RulePeriod}
	tests := []struct {
		field Field
		value string
		want  string
	}{
		{name, "", ProblemRequired}, {name, "  ", ProblemRequired}, {name, "Lò Thị Ủn", ""}, {name, "H’Nuôn Kbŭôr", ""},
		{name, "H'Bĭp Kbŭôr", ""}, {name, "Nguyễn Tôn Nữ Huyền Thuỷ Nguyệt Dạ Lan", ""}, {name, "Rơ Châm H’Lứt", ""},
		{name, "Lo\u0300 Thi\u0323 U\u0309n", ""}, {name, "Lò 2", ProblemName}, {name, "---", ProblemName}, {name, "Lò@", ProblemName},
		{name, strings.Repeat("a", 41), ProblemTooLong}, {name, strings.Repeat("ộ", 40), ""},
		{number, "", ProblemRequired}, {number, "099188000231", ""}, {number, "09918800023", ProblemNumber},
		{number, "0991880002311", ProblemNumber}, {number, "09918800023a", ProblemNumber}, {number, "000000000000", ""},
		{phone, "", ""}, {phone, "0912345678", ""}, {phone, "912345678", ProblemPhone}, {phone, "9123456789", ProblemPhone},
		{phone, "09123456789", ProblemPhone}, {phone, "0912 34567", ProblemPhone},
		{birth, "19071988", ""}, {birth, "29021996", ""}, {birth, "29021997", ProblemDate}, {birth, "1988", ProblemDate},
		{birth, "23112026", ""}, {birth, "24112026", ProblemFuture}, {birth, "01011901", ""}, {birth, "01011900", ProblemTooOld},
		{address, "12/3B Ngõ 45, Xóm Văn (cũ)", ""}, {address, "!?", ProblemAddress}, {address, "<b>", ProblemAddress}, {address, ", .", ProblemAddress},
		{period, "24", ""}, {period, "25", ProblemPeriod}, {period, "0", ProblemPeriod}, {period, "-6", ProblemPeriod},
		{choice, "A", ""}, {choice, "a", ProblemChoice}, {choice, "bê", ProblemChoice},
	}
	for _, tt := range tests {
		got := ""
		for _, p := range tt.field.Verify(offered(tt.field, "own"), tt.value, today) {
			if !p.Blocking || p.Field != tt.field.ID {
				t.Errorf("%s %q: %+v", tt.field.ID, tt.value, p)
			}
			got += p.Code
		}
		if got != tt.want {
			t.Errorf("%s %q: problem %q, want %q", tt.field.ID, tt.value, got, tt.want)
		}
	}
	if len(choice.Verify(offered(choice, "rent"), "bê", today)) > 0 {
		t.Error("in the other case the option is there")
	}
}

// sample asks x in all cases and y in one; z follows from both.
func sample() *Definition {
	return &Definition{ID: "F",
		Fields: []Field{
			{ID: "z", Label: "Z", Kind: Known, Compute: []Compute{{Text: "{x}, {office.commune}"}}},
			{ID: "x", Label: "X", Kind: Text, Prefill: Facts{CardName}},
			{ID: "y", Label: "Y", Kind: Text, Compute: []Compute{{Cases: []string{"own"}, Text: "{x}"}}},
			{ID: "m", Label: "M", Kind: Choice, Choices: []Option{{ID: "h", Title: "Nửa năm", Value: "6"}, {ID: "t", Title: "Hai năm", Value: "24"}}},
			{ID: "from", Label: "Từ", Kind: Known, Compute: []Compute{{Text: "{today}"}}},
			{ID: "to", Label: "Đến", Kind: Known, Compute: []Compute{{After: "from", Months: "m"}}},
		},
		Pages: []Page{{Field: "x", Title: "X?"}, {Field: "y", Title: "Y?", Cases: []string{"rent"}}, {Field: "m", Title: "M?"}},
	}
}

func env(kase string) Env {
	return Env{Facts: map[Fact]Answer{CardName: {"Lò Thị Ủn", identity.FromChip}}, Case: kase, Today: today,
		Words: map[string]string{"office.commune": "xã Mẫu"}}
}

// offered are the field's options in a case.
func offered(f Field, kase string) []Option {
	return (&Definition{Fields: []Field{f}}).Sheet(env(kase), nil).Options(f)
}

func typed(value string) Answer { return Answer{value, identity.FromTyped} }

func TestFill(t *testing.T) {
	tests := []struct {
		name  string
		kase  string
		asked Answers
		want  Answers
	}{
		{"nothing asked", "own", nil, Answers{"x": {"Lò Thị Ủn", identity.FromChip}, "y": {"Lò Thị Ủn", identity.FromComputed},
			"z": {"Lò Thị Ủn, xã Mẫu", identity.FromComputed}, "from": {"23/11/2026", identity.FromComputed}}},
		{"changed, and cleaned", "rent", Answers{"x": typed(" Lò  Thị Ún ")}, Answers{"x": typed("Lò Thị Ún"),
			"z": {"Lò Thị Ún, xã Mẫu", identity.FromComputed}, "from": {"23/11/2026", identity.FromComputed}}},
		{"typed what the card says", "rent", Answers{"x": typed("Lò Thị Ủn ")}, Answers{"x": {"Lò Thị Ủn", identity.FromChip},
			"z": {"Lò Thị Ủn, xã Mẫu", identity.FromComputed}, "from": {"23/11/2026", identity.FromComputed}}},
		{"an answer of another case", "own", Answers{"y": typed("Hà")}, Answers{"x": {"Lò Thị Ủn", identity.FromChip}, "y": {"Lò Thị Ủn", identity.FromComputed},
			"z": {"Lò Thị Ủn, xã Mẫu", identity.FromComputed}, "from": {"23/11/2026", identity.FromComputed}}},
		{"a period", "rent", Answers{"m": typed("24"), "x": typed("")}, Answers{"m": typed("24"),
			"from": {"23/11/2026", identity.FromComputed}, "to": {"22/11/2028", identity.FromComputed}}},
		{"an option that there is not", "rent", Answers{"m": typed("99"), "x": typed("")}, Answers{"from": {"23/11/2026", identity.FromComputed}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := sample().Sheet(env(tt.kase), tt.asked).Filled()
			if len(got) != len(tt.want) {
				t.Errorf("got %+v", got)
			}
			for id, want := range tt.want {
				if got[id] != want {
					t.Errorf("%s = %+v, want %+v", id, got[id], want)
				}
			}
		})
	}
}

// A circle, which the catalogue refuses, must not hang who fills the form all the same.
func TestFillSurvivesACircle(t *testing.T) {
	d := &Definition{Fields: []Field{{ID: "a", Compute: []Compute{{Text: "{b}"}}}, {ID: "b", Compute: []Compute{{Text: "{a}"}}}}}
	if got := d.Sheet(Env{}, nil).Filled(); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestText(t *testing.T) {
	d := sample()
	d.Fields = append(d.Fields, Field{ID: "n", Kind: Text})
	d.Pages = append(d.Pages, Page{Field: "n"})
	asked := Answers{"x": typed("Hà Văn Thuyết"), "m": typed("6"), "n": typed("099188000231")}
	for text, want := range map[string]string{
		"{x} · {m|lower}": "Hà Văn Thuyết · nửa năm", "{n|masked}": "099******231", "{x} · {none}": "Hà Văn Thuyết", "{none} · {x}": "Hà Văn Thuyết",
		"{none}, {office.commune}": "", "{office.commune}": "xã Mẫu", "{x": "{x", "x} {": "x} {", "": "", "{today}": "23/11/2026",
	} {
		if got := d.Sheet(env("rent"), asked).Text(text); got != want {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
}

// A district in an address is a doubt, not an error: streets may be called so.
func TestDistrict(t *testing.T) {
	address := Field{ID: "d", Kind: Text, Check: RuleAddress}
	for value, want := range map[string]int{"Xóm Văn, huyện Mai Châu": 1, "Thị trấn Mai Châu": 1, "Xóm Văn": 0, "Phố Huyện": 0, "12 Quận Công": 1} {
		problems := address.Verify(nil, value, today)
		if len(problems) != want || want > 0 && (problems[0].Blocking || problems[0].Code != ProblemDistrict) {
			t.Errorf("%s: %+v", value, problems)
		}
	}
}

func TestMask(t *testing.T) {
	for value, want := range map[string]string{"099188000231": "099******231", "": "", "12": "12", "12345": "**345"} {
		if got := Mask(value); got != want {
			t.Errorf("Mask(%q) = %q, want %q", value, got, want)
		}
	}
}

func TestAnswersAreValues(t *testing.T) {
	var none Answers
	a := none.With("x", typed("1"))
	b := a.With("x", typed("2")).With("y", typed("3")).Without("y")
	if len(none) != 0 || a["x"].Value != "1" || b["x"].Value != "2" || len(b) != 1 {
		t.Errorf("%v %v %v", none, a, b)
	}
}

func TestSampleHasNoMistakes(t *testing.T) {
	if m := sample().Prepare([]string{"own", "rent"}); len(m) > 0 {
		t.Errorf("%+v", m)
	}
	if m := sample().Prepare([]string{"own"}); len(m) == 0 {
		t.Error("the page of a case that is none must be noticed")
	}
}

func FuzzVerify(f *testing.F) {
	f.Add("Lò Thị Ủn")
	f.Add("19071988")
	f.Add("\xff\x00{x}")
	f.Fuzz(func(t *testing.T, value string) {
		clean := Clean(value)
		if Clean(clean) != clean {
			t.Fatal("clean is not clean")
		}
		for _, r := range rules {
			field := Field{ID: "x", Kind: Text, Check: r}
			for _, p := range field.Verify(nil, value, today) {
				if p.Code == "" || !p.Blocking {
					t.Fatalf("%+v", p)
				}
			}
		}
		masked := Mask(value)
		if utf8.ValidString(value) && utf8.RuneCountInString(value) > 3 && masked == value && !strings.HasPrefix(value, "*") {
			t.Fatal("nothing is masked")
		}
		sample().Sheet(env("rent"), Answers{"x": typed(value)}).Text(value)
	})
}
