package voice

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Recordings: a directory of WAV files with a list of what each says, texts.tsv. A line of it is the name of a file in the directory, a tab and
// the sentence as it is on the screen, for example
//
//	# Cô Lan, Mai Châu
//	0001.wav	Mời ông bà chọn việc cần làm.
//	so-12-quay-1.wav	Mời số 12 đến quầy 1.
//
// The first line, if it begins with #, is what the recordings are called; other such lines are remarks. Capitals, blanks and the mark at the end
// of a sentence do not count. A file is any WAV that the player knows; one voice reads everything best at one rate.

// ErrPack: a directory that is no recordings.
var ErrPack = errors.New("voice: not recordings")

// Limits of recordings: of the list in bytes and sentences, of a sentence in bytes, of a title in characters, and of a file in bytes.
const (
	packList     = "texts.tsv"
	maxList      = 1 << 20
	maxSentences = 20_000
	maxSentence  = 500
	maxTitle     = 60
	maxFile      = 16 << 20
)

// fileForm is a file of recordings: in the directory itself, and no option of any program.
var fileForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,80}\.wav$`)

// pack is recordings that were read.
type pack struct {
	dir   string
	title string
	files map[string]string // by sentence
}

// openPack reads the list of recordings. It looks into no file: one that is not there is spoken as if it had not been recorded.
func openPack(dir string) (*pack, error) {
	path := filepath.Join(dir, packList)
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPack, err)
	}
	if info.Size() > maxList {
		return nil, fmt.Errorf("%w: %s has %d bytes", ErrPack, packList, info.Size())
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPack, err)
	}
	p, err := parsePack(data)
	if err != nil {
		return nil, err
	}
	p.dir = dir
	return p, nil
}

// parsePack reads texts.tsv.
func parsePack(data []byte) (*pack, error) {
	if !utf8.Valid(data) || len(data) > maxList {
		return nil, fmt.Errorf("%w: %s is no text, or too long", ErrPack, packList)
	}
	p := &pack{files: map[string]string{}}
	number := 0
	for line := range strings.Lines(string(bytes.TrimPrefix(data, []byte("\ufeff")))) {
		number++
		line = strings.TrimSpace(line)
		if text, remark := strings.CutPrefix(line, "#"); remark || line == "" {
			if number == 1 {
				p.title = title(text)
			}
			continue
		}
		file, text, ok := strings.Cut(line, "\t")
		sentence := heard(text)
		switch {
		case !ok || !fileForm.MatchString(file):
			return nil, fmt.Errorf("%w: %s:%d: want the name of a file, a tab and a sentence", ErrPack, packList, number)
		case sentence == "" || len(sentence) > maxSentence:
			return nil, fmt.Errorf("%w: %s:%d: a sentence has 1 to %d bytes", ErrPack, packList, number, maxSentence)
		case p.files[sentence] != "":
			return nil, fmt.Errorf("%w: %s:%d: this sentence is there twice", ErrPack, packList, number)
		case len(p.files) == maxSentences:
			return nil, fmt.Errorf("%w: more than %d sentences", ErrPack, maxSentences)
		}
		p.files[sentence] = file
	}
	if len(p.files) == 0 {
		return nil, fmt.Errorf("%w: %s has no sentence", ErrPack, packList)
	}
	return p, nil
}

// title is a text of one line that fits one.
func title(text string) string {
	r := []rune(strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, text)))
	return string(r[:min(len(r), maxTitle)])
}

// heard is a sentence as one hears it: no capitals, single blanks, no mark at the end.
func heard(text string) string {
	text = strings.Join(strings.Fields(norm.NFC.String(strings.ToLower(text))), " ")
	return strings.TrimRight(text, " .,;:!?…")
}

// part is something to say: a recording, or a text for espeak-ng.
type part struct{ file, text string }

// parts cuts a text into what was recorded and what was not; what was not stays together. Nil recordings give the text.
func (p *pack) parts(text string) []part {
	if p == nil {
		return []part{{text: text}}
	}
	var all []part
	for _, s := range sentences(text) {
		if file := p.files[heard(s)]; file != "" {
			if path := filepath.Join(p.dir, file); playable(path) {
				all = append(all, part{file: path})
				continue
			}
		}
		if n := len(all); n > 0 && all[n-1].file == "" {
			all[n-1].text += " " + s
			continue
		}
		all = append(all, part{text: s})
	}
	return all
}

// sentences cuts a text after each mark that ends one and has a blank behind it.
func sentences(text string) []string {
	var all []string
	var one strings.Builder
	add := func() {
		if s := strings.TrimSpace(one.String()); heard(s) != "" {
			all = append(all, s)
		}
		one.Reset()
	}
	ended := false
	for _, r := range text {
		if ended && unicode.IsSpace(r) || r == '\n' {
			add()
		}
		one.WriteRune(r)
		ended = strings.ContainsRune(".!?:…", r)
	}
	add()
	return all
}

// playable reports whether a file of recordings is there and is not too large.
func playable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Size() <= maxFile
}

// lacking are the files of the list that are not there.
func (p *pack) lacking() []string {
	var names []string
	for _, file := range p.files {
		if !playable(filepath.Join(p.dir, file)) {
			names = append(names, file)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// packs lists the directories in dir that may be recordings, by name.
func packs(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("voice: %w", err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() && nameForm.MatchString(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, nil
}
