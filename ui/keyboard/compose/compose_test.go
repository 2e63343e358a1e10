package compose

import (
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestAccent(t *testing.T) {
	for _, c := range []struct {
		text string
		tone Tone
		want string
	}{
		{"hoa", Sac, "hóa"}, {"hoan", Huyen, "hoàn"}, {"khoe", Hoi, "khỏe"}, {"thuy", Hoi, "thủy"}, {"huynh", Huyen, "huỳnh"},
		{"thuyê", Sac, "thuyế"}, {"thuyêt", Sac, "thuyết"}, {"nguyên", Nga, "nguyễn"}, {"chuyên", Hoi, "chuyển"},
		{"qua", Sac, "quá"}, {"quy", Sac, "quý"}, {"quôc", Sac, "quốc"}, {"quyên", Huyen, "quyền"}, {"quanh", Huyen, "quành"},
		{"gia", Huyen, "già"}, {"gi", Huyen, "gì"}, {"giêng", Sac, "giếng"}, {"gin", Huyen, "gìn"}, {"giao", Sac, "giáo"}, {"giưa", Nga, "giữa"},
		{"mia", Sac, "mía"}, {"mua", Sac, "múa"}, {"chao", Huyen, "chào"}, {"nui", Sac, "núi"}, {"ngoai", Huyen, "ngoài"},
		{"khuyu", Hoi, "khuỷu"}, {"ngoeo", Sac, "ngoéo"}, {"đươc", Nang, "được"}, {"ngươi", Huyen, "người"}, {"rươu", Nang, "rượu"},
		{"thuơ", Hoi, "thuở"}, {"tuân", Sac, "tuấn"}, {"xoăn", Huyen, "xoằn"}, {"đi", Sac, "đí"}, {"Y", Sac, "Ý"}, {"Ư", Nang, "Ự"},
		{"HOA", Sac, "HÓA"}, {"Hà Văn Thuyê", Sac, "Hà Văn Thuyế"}, {"yên", Sac, "yến"}, {"uyên", Hoi, "uyển"},
		// another tone instead of the one that is there, and off again
		{"thuyế", Huyen, "thuyề"}, {"hóa", Sac, "hoa"}, {"hoá", Sac, "hoa"}, {"hoá", Huyen, "hòa"}, {"được", Nang, "đươc"},
		// nothing to put it on
		{"", Sac, ""}, {"Hà ", Sac, "Hà "}, {"ngh", Sac, "ngh"}, {"12", Sac, "12"},
		// decomposed input
		{"hoa\u0301", Huyen, "hòa"}, {"e\u0302", Sac, "ế"},
		// names of other peoples keep their letters
		{"Kbŭôr", Sac, "Kbŭốr"}, {"H’Nuôn", Nang, "H’Nuộn"},
	} {
		if got := Accent(c.text, c.tone); got != c.want {
			t.Errorf("Accent(%q, %q) = %q, want %q", c.text, c.tone, got, c.want)
		}
	}
}

func TestAppendMovesTheTone(t *testing.T) {
	for _, c := range []struct {
		text string
		add  rune
		want string
	}{
		{"hóa", 'n', "hoán"}, {"thuyế", 't', "thuyết"}, {"thúy", 'n', "thuýn"}, {"mía", ' ', "mía "}, {"quá", 'n', "quán"},
		{"gì", 'a', "già"}, {"lá", '2', "lá2"}, {"", 'x', "x"}, {"e", '\u0302', "ê"}, {"mú", 'a', "múa"}, {"ngò", 'a', "ngòa"},
	} {
		if got := Append(c.text, c.add); got != c.want {
			t.Errorf("Append(%q, %q) = %q, want %q", c.text, c.add, got, c.want)
		}
	}
}

func TestDelete(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""}, {"a", ""}, {"hoán", "hóa"}, {"Hà ", "Hà"}, {"ế", ""}, {"xe\u0302\u0301", "x"}, {"12", "1"}, {"g\u0323", ""}, {"ag\u0323", "a"},
	} {
		if got := Delete(c.text); got != c.want {
			t.Errorf("Delete(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestWordStart(t *testing.T) {
	for text, want := range map[string]bool{"": true, "Hà ": true, "Hà": false, "Lê-": true, "12": false, "(": true, ",": false} {
		if got := WordStart(text); got != want {
			t.Errorf("WordStart(%q) = %v", text, got)
		}
	}
}

func FuzzAccent(f *testing.F) {
	for _, s := range []string{"hoa", "nguyễn", "Hà Văn Thuyế", "", "q", "gi", "\xff", "e\u0302\u0301\u0301", "Kbŭôr"} {
		f.Add(s, 0)
	}
	f.Fuzz(func(t *testing.T, text string, n int) {
		if !utf8.ValidString(text) || len(text) > 200 {
			return
		}
		tones := Tones()
		tone := tones[((n%len(tones))+len(tones))%len(tones)]
		once := Accent(text, tone)
		if !norm.NFC.IsNormalString(once) {
			t.Fatalf("Accent(%q) = %q is not composed", text, once)
		}
		twice := Accent(once, tone)
		if _, syllable := cut(norm.NFC.String(text)); place(func() []rune { p, _ := strip(syllable); return p }()) < 0 && once != norm.NFC.String(text) {
			t.Fatalf("Accent(%q) = %q changed what has no vowel", text, once)
		}
		if Accent(Accent(twice, tone), tone) != twice {
			t.Fatalf("%q: pressing a tone twice is not the way back: %q", text, twice)
		}
		if len([]rune(Delete(once))) >= len([]rune(once)) && once != "" {
			t.Fatalf("Delete(%q) = %q took nothing away", once, Delete(once))
		}
	})
}
