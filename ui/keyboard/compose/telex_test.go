package compose

import (
	"testing"
	"unicode/utf8"
)

func telex(keys string) string {
	text := ""
	for _, r := range keys {
		text = Telex(text, r)
	}
	return text
}

func TestTelex(t *testing.T) {
	for keys, want := range map[string]string{
		"Hopwj ddoongf thuee nhaf":          "Hợp đồng thuê nhà",
		"Howpj ddoongf chuwa cos chuwx kys": "Hợp đồng chưa có chữ ký",
		"DDawng kys tamj trus":              "Đăng ký tạm trú",
		"DDuwowngf truowngf":                "Đường trường",
		"Quyeets":                           "Quyết",
		"quaan":                             "quân",
		"Nguyeenx Vawn Maaux":               "Nguyễn Văn Mẫu",
		"Nguyeejt":                          "Nguyệt",
		"giayas":                            "giấy",
		"hoas":                              "hóa",
		"hoasn":                             "hoán",
		"khoongss":                          "khôngs",
		"ass":                               "as",
		"aaa":                               "aa",
		"ddd":                               "dd",
		"caf phee":                          "cà phê",
		"asz":                               "a",
		"K1-2511":                           "K1-2511",
		"27/11/2026":                        "27/11/2026",
		"tr":                                "tr", // no vowel yet
		"UWOWNG":                            "ƯƠNG",
		"tuowir":                            "tưởi",
	} {
		if got := telex(keys); want != got {
			t.Errorf("%s makes %s, want %s", keys, got, want)
		}
	}
}

// What a keyboard can type never breaks the text.
func FuzzTelex(f *testing.F) {
	f.Add("Hopwj ddoongf")
	f.Add("ươ\u0301ww")
	f.Fuzz(func(t *testing.T, keys string) {
		if got := telex(keys); utf8.ValidString(keys) && !utf8.ValidString(got) {
			t.Fatalf("%q makes %q", keys, got)
		}
	})
}
