package remains

import (
	"bytes"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

const someName, someNumber = "Quàng Thị Ỏi Thử", "099188000231"

func somebody() Person {
	var photo []byte
	for i := range 40 {
		sum := sha512.Sum512(fmt.Append(nil, "portrait", i))
		photo = append(photo, sum[:]...)
	}
	return Person{map[string]string{"name": someName, "number": someNumber}, photo}
}

// TestFinds plants each form of everything, at every distance from the edge of what is read at once, and finds it.
func TestFinds(t *testing.T) {
	p := somebody()
	s := New([]Person{p, {Facts: map[string]string{"name": "Vì Văn Khác"}, Photo: bytes.Repeat([]byte("other portrait"), 99)}})
	for what, planted := range map[string][]byte{
		"composed": []byte(norm.NFC.String(someName)), "decomposed": []byte(norm.NFD.String(someName)), "capitals": []byte("QUÀNG THỊ ỎI THỬ"),
		"folded": []byte("quang thi oi thu"), "mrz": []byte("QUANG<<THI<OI<THU"), "number": []byte(someNumber), "utf-16": wide(someName), "runes": runes(someName),
		"hex": []byte(hex.EncodeToString([]byte(someName))), "json": []byte(`{"name":"Quàng Thị Ỏi Thử"}`),
		"base64 0": []byte(base64.StdEncoding.EncodeToString([]byte(someName))), "base64 1": []byte(base64.StdEncoding.EncodeToString([]byte("x" + someName + "yz"))),
		"base64 2": []byte(base64.StdEncoding.EncodeToString([]byte("xy" + someNumber + "z"))),
		"photo":    p.Photo[777 : 777+32], "photo base64": []byte(base64.StdEncoding.EncodeToString(p.Photo[779 : 779+60])), "photo hex": []byte(hex.EncodeToString(p.Photo[700 : 700+32])),
	} {
		for _, at := range []int{0, 1, chunk - 5, chunk, chunk + s.longest - 3, 2*chunk - 7} {
			noise := bytes.Repeat([]byte("nothing at all, "), (2*chunk+s.longest)/16+8)
			copy(noise[at:], planted)
			found, err := s.stream("noise", 0, bytes.NewReader(noise))
			if err != nil || len(found) == 0 {
				t.Errorf("%s at %d: found %v, %v", what, at, found, err)
			}
			seen := map[string]bool{}
			for _, f := range found {
				if seen[f.String()] {
					t.Errorf("%s at %d is found twice", what, at)
				}
				seen[f.String()] = true
				if f.At < int64(at) || f.At >= int64(at+len(planted)) {
					t.Errorf("%s at %d is found at %d", what, at, f.At)
				}
			}
		}
	}
	for _, other := range []string{"Quàng Thị Ỏi", "Trần Văn Khác", "099188000232", strings.Repeat("portrait", 99)} {
		if found := s.Bytes("other", 0, []byte(other)); len(found) > 0 {
			t.Errorf("%q: %v", other, found)
		}
	}
}

// What people have in common is no trace of one of them.
func TestCommon(t *testing.T) {
	a, b := somebody(), somebody()
	b.Facts = map[string]string{"name": someName + " Hai", "number": "099188000999"}
	s := New([]Person{a, b})
	if found := s.Bytes("photo", 0, a.Photo); len(found) > 0 {
		t.Errorf("%v", found[0])
	}
	if found := s.Bytes("number", 0, []byte(someNumber)); len(found) != 1 || found[0].What != "number" {
		t.Errorf("%v", found)
	}
}

func TestDir(t *testing.T) {
	s, dir := New([]Person{somebody()}), t.TempDir()
	for name, text := range map[string]string{"a/log": "x " + someNumber, "b-" + someNumber: "", "c": "nobody"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	found, files, err := s.Dir(dir)
	if err != nil || files != 3 || len(found) != 2 {
		t.Errorf("%v in %d files, %v", found, files, err)
	}
}

// TestProcess finds in this very process what it keeps, and does not find the words that only its program file has.
func TestProcess(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("there is no /proc here")
	}
	number := []byte("0991880001")
	number = append(number, byte('0'+len(number)/10), '7')
	s := New([]Person{{Facts: map[string]string{"number": string(number)}}})
	found, n, err := s.Process(os.Getpid())
	if err != nil || n == 0 || len(found) == 0 {
		t.Errorf("%d bytes, found %v, %v", n, found, err)
	}
	runtime.KeepAlive(number)
}
