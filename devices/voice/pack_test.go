package voice

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// record makes recordings of these sentences in a directory: WAVs of a header and the sentence itself, for the tests to tell them apart.
func record(t *testing.T, head string, lines map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	list := head
	for file, sentence := range lines {
		list += file + "\t" + sentence + "\n"
		write(t, filepath.Join(dir, file), "RIFF "+sentence+"|")
	}
	write(t, filepath.Join(dir, packList), list)
	return dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Recorded sentences are played, in their turn; what lies between is spoken, together.
func TestPackSays(t *testing.T) {
	dir := record(t, "# Cô Lan\n", map[string]string{"1.wav": "Chọn việc cần làm.", "2.wav": "Mời số 12 đến quầy 1"})
	write(t, filepath.Join(dir, "2.wav"), "RIFF second|")
	v, err := Open(Options{Pack: dir, Player: []string{"cat"}})
	if errors.Is(err, ErrAbsent) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	var played []string
	v.play = func(_ context.Context, sound io.Reader) error {
		data, err := io.ReadAll(sound)
		if string(data[:4]) == "RIFF" && len(data) > 200 {
			data = []byte("spoken")
		}
		played = append(played, string(data))
		return err
	}
	if err := v.Say(t.Context(), "Xin chào. Một hai! CHỌN  việc cần làm? Mời số 12 đến quầy 1. Mời số 13 đến quầy 1."); err != nil {
		t.Fatal(err)
	}
	want := []string{"spoken", "RIFF Chọn việc cần làm.|", "RIFF second|", "spoken"}
	if !reflect.DeepEqual(played, want) {
		t.Errorf("%q", played)
	}
	v.speaker, played = nil, nil // without espeak-ng
	if err := v.Say(t.Context(), "Xin chào. Chọn việc cần làm."); err != nil || len(played) != 1 {
		t.Errorf("%q, %v", played, err)
	}
}

func TestSentences(t *testing.T) {
	got := sentences("Ông/bà sinh ngày 1.2.1990? Có… Không.\nHết 3.5 m")
	want := []string{"Ông/bà sinh ngày 1.2.1990?", "Có…", "Không.", "Hết 3.5 m"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q", got)
	}
}

func TestPackWrong(t *testing.T) {
	for name, list := range map[string]string{
		"nothing": "", "only remarks": "# a\n\n# b\n", "no tab": "1.wav Xin chào\n", "another directory": "../1.wav\tXin chào\n", "an option": "-1.wav\tXin chào\n",
		"no WAV": "1.mp3\tXin chào\n", "no sentence": "1.wav\t .\n", "twice": "1.wav\tXin chào\n2.wav\txin  chào!\n", "no text": "1.wav\t\xff\n",
		"long": "1.wav\t" + strings.Repeat("a", maxSentence+1),
	} {
		if _, err := parsePack([]byte(list)); !errors.Is(err, ErrPack) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Open(Options{Pack: t.TempDir()}); !errors.Is(err, ErrPack) {
		t.Errorf("an empty directory: %v", err)
	}
	if _, err := Open(Options{Language: "xx-yy", Player: []string{"cat"}}); !errors.Is(err, ErrUnknown) && !errors.Is(err, ErrAbsent) {
		t.Errorf("a voice that nobody has: %v", err)
	}
}

// The voices of espeak-ng and the recordings are listed, also those that are of no use, with why.
func TestList(t *testing.T) {
	dir := t.TempDir()
	good := record(t, "# Cô Lan\u200b\n# ghi ở Mai Châu\n", map[string]string{"1.wav": "Xin chào", "2.wav": "Hết"})
	if err := os.Remove(filepath.Join(good, "2.wav")); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, "co-lan"), os.DirFS(good)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"broken", "Not A Name"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	all, err := List(t.Context(), dir)
	if err != nil || len(all) < 2 {
		t.Fatalf("%+v, %v", all, err)
	}
	packs := all[len(all)-2:]
	if b := packs[0]; b.Name != "broken" || !errors.Is(b.Wrong, ErrPack) {
		t.Errorf("%+v", b)
	}
	if l := packs[1]; l.Name != "co-lan" || l.Records != 2 || l.Lacking != 1 || l.Wrong != nil || !strings.HasPrefix(l.Title, "Cô Lan") {
		t.Errorf("%+v", l)
	}
	if none, err := List(t.Context(), filepath.Join(dir, "no-such")); err != nil || len(none) != len(all)-2 {
		t.Errorf("%+v, %v", none, err)
	}
	table := "Pty Language       Age/Gender VoiceName          File                 Other Languages\n" +
		" 5  vi              --/M      Vietnamese_(Northern) aav/vi               \n 5  VI/x --/M x y\n\n"
	if v := parseVoices(table); len(v) != 1 || v[0] != (Known{Name: "vi", Title: "Vietnamese (Northern)"}) {
		t.Errorf("%+v", v)
	}
}

// FuzzPack holds that a list of anybody's making names files of its directory only, and sentences that can be found again.
func FuzzPack(f *testing.F) {
	for _, text := range []string{"# Cô Lan\n1.wav\tXin chào.\n", "\ufeff1.wav\tA\n", "../x.wav\tA", "1.wav\t\n", "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parsePack([]byte(text))
		if err != nil {
			return
		}
		for sentence, file := range p.files {
			if filepath.Base(file) != file || heard(sentence) != sentence || sentence == "" {
				t.Errorf("%q %q", sentence, file)
			}
		}
	})
}
