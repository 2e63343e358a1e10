package filing

import (
	"strings"
	"testing"
)

func TestDossier(t *testing.T) {
	for text, want := range map[string]Dossier{
		"H15.50.05.13-261008-0975": "H15.50.05.13-261008-0975", " g01.000.123-261125-000047\n": "G01.000.123-261125-000047",
		"000.00.12.H25-261125-0001": "000.00.12.H25-261125-0001", "": "", "K1-2511-047": "", "H15-2610-0975": "", "X15.50-261008-0975": "",
		"H15.50-261008-975": "", "H15.50-261008-09751234": "", "H15.5-261008-0975": "",
	} {
		got, err := ParseDossier(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}

func TestScanDossier(t *testing.T) {
	const code = "H15.50.05.13-261008-0975"
	for text, want := range map[string]Dossier{
		code: code, " " + code + "\r\n": code, "https://dichvucong.gov.vn/tra-cuu?ma=" + code + "&x=1": code, "Mã hồ sơ: " + code + ".": code,
		code + "|" + code: code, code + " H15.50.05.13-261008-0976": "", "K1-2511-047": "", "": "", "1" + code: "", strings.Repeat("a ", 2500) + code: "",
	} {
		got, err := ScanDossier(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%.60q: %q, %v", text, got, err)
		}
	}
}

func FuzzScanDossier(f *testing.F) {
	f.Add("https://dichvucong.gov.vn/?ma=h15.50.05.13-261008-0975")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ScanDossier(text)
		if err != nil {
			return
		}
		if again, err := ParseDossier(string(d)); err != nil || again != d || !strings.Contains(strings.ToUpper(text), string(d)) {
			t.Fatalf("%q, then %q", d, again)
		}
	})
}

func FuzzDossier(f *testing.F) {
	f.Add("H15.50.05.13-261008-0975")
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := ParseDossier(text); err == nil {
			if again, err := ParseDossier(string(d)); err != nil || again != d {
				t.Fatalf("%q, then %q", d, again)
			}
		}
	})
}
