package place

import (
	"slices"
	"strings"
	"unicode"

	"motcua/kiosk/identity"
)

// How the kinds of units are written, as names are compared, longest first within each level.
var (
	communeKinds  = []string{"thi tran", "dac khu", "phuong", "xa", "tt", "ph", "p", "x"}
	districtKinds = []string{"thanh pho", "thi xa", "huien", "quan", "tp", "tx", "h", "q"}
	provinceKinds = []string{"thanh pho", "tinh", "tp", "t"}
)

// long is what a short kind stands for; what a single letter stands for hangs on the level.
var long = map[string]string{"tt": "thi tran", "ph": "phuong", "p": "phuong", "x": "xa", "tp": "thanh pho", "tx": "thi xa",
	"h": "huien", "q": "quan", "t": "tinh"}

// aliases are other names of provinces and districts, folded.
var aliases = map[string]string{
	"hcm": "Hồ Chí Minh", "tphcm": "Hồ Chí Minh", "sai gon": "Hồ Chí Minh", "hn": "Hà Nội", "tt hue": "Thừa Thiên Huế",
	"dac lac": "Đắk Lắk", "dac lak": "Đắk Lắk", "daklak": "Đắk Lắk", "dac nong": "Đắk Nông", "daknong": "Đắk Nông", "brvt": "Bà Rịa Vũng Tàu",
}

// name takes a part of an address apart: its kind, if it has one of these, and its name.
func name(part string, kinds []string) named {
	n := named{full: part}
	n.plain, n.tones = loose(identity.Fold(part)), loose(identity.FoldTones(part))
	for _, kind := range kinds {
		rest, ok := cutWord(n.plain, kind)
		if !ok {
			continue
		}
		words := strings.Count(kind, " ") + 1
		n.kind, n.plain = kind, rest
		if full, ok := long[kind]; ok {
			n.kind = full
		}
		n.tones = dropWords(n.tones, kind, words)
		break
	}
	if real, ok := aliases[n.plain]; ok && kinds[0] != communeKinds[0] {
		n.plain, n.tones = loose(identity.Fold(real)), loose(identity.FoldTones(real))
	}
	return n
}

// cutWord takes a kind off the front: a word of its own, or with a number stuck to it (p5, q8).
func cutWord(s, kind string) (string, bool) {
	rest, ok := strings.CutPrefix(s, kind)
	if !ok || rest == "" {
		return s, false
	}
	if rest[0] == ' ' {
		return unpad(rest[1:]), true
	}
	if digits(rest) {
		return unpad(rest), true
	}
	return s, false
}

func dropWords(s, kind string, n int) string {
	if rest, ok := strings.CutPrefix(s, kind); ok && digits(rest) {
		return unpad(rest)
	}
	words := strings.Split(s, " ")
	return unpad(strings.Join(words[min(n, len(words)):], " "))
}

// unpad writes the number of a ward without a zero in front.
func unpad(s string) string {
	if digits(s) && len(s) > 1 {
		return strings.TrimLeft(s[:len(s)-1], "0") + s[len(s)-1:]
	}
	return s
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// loose makes i and y the same: Mỹ, Mĩ.
func loose(s string) string { return strings.ReplaceAll(s, "y", "i") }

// plain is a name without kind and accents as it is compared.
func plain(s string) string { return unpad(loose(identity.Fold(s))) }

// fits says how well what an address says fits a unit's name: not at all, without accents, or with them. Of an address
// that has no accents anywhere nothing fits with them.
func (n named) fits(unit named, bare bool) int {
	switch {
	case n.plain != unit.plain:
		return 0
	case n.tones == unit.tones && !bare:
		return 2
	}
	return 1
}

// split divides an address at its commas, or, where it has none, before each word that names a kind of unit.
func split(address string) []string {
	address = strings.NewReplacer(";", ",", "\n", ",").Replace(address)
	var parts []string
	for part := range strings.SplitSeq(address, ",") {
		if part = strings.Join(strings.Fields(part), " "); part != "" {
			parts = append(parts, part)
		}
	}
	if len(parts) > 0 {
		if last := identity.Fold(parts[len(parts)-1]); last == "viet nam" || last == "vn" || last == "vietnam" {
			parts = parts[:len(parts)-1]
		}
	}
	if len(parts) != 1 {
		return parts
	}
	if dashed := splitAtDashes(parts[0]); len(dashed) > 1 {
		return dashed
	}
	return splitAtKinds(parts[0], bare(address))
}

// splitAtDashes divides before each dash that a kind of unit follows: names have dashes of their own.
func splitAtDashes(text string) []string {
	var parts []string
	for piece := range strings.SplitSeq(strings.ReplaceAll(text, " – ", " - "), " - ") {
		unit := slices.ContainsFunc([][]string{communeKinds, districtKinds, provinceKinds}, func(kinds []string) bool {
			return name(piece, kinds).kind != ""
		})
		if len(parts) > 0 && !unit {
			parts[len(parts)-1] += " - " + piece
			continue
		}
		parts = append(parts, piece)
	}
	return parts
}

// bare says whether a text is written without any accents.
func bare(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII && unicode.IsLetter(r) }) < 0
}

// starters begin a unit where no comma does.
var starters = []string{"xã", "phường", "huyện", "quận", "tỉnh"}

// splitAtKinds compares with accents, for Phương and Quan are names, unless there are none in the whole text.
func splitAtKinds(text string, bare bool) []string {
	words := strings.Fields(text)
	is := func(i int, kinds ...string) bool {
		return i >= 0 && i < len(words) && slices.ContainsFunc(kinds, func(kind string) bool {
			return strings.EqualFold(words[i], kind) || bare && strings.EqualFold(words[i], identity.Fold(kind))
		})
	}
	var parts []string
	from := 0
	for i := range words {
		pair := is(i, "thị") && is(i+1, "trấn", "xã") || is(i, "thành") && is(i+1, "phố") || is(i, "đặc") && is(i+1, "khu")
		single := is(i, starters...) && i+1 < len(words) && !(is(i, "xã") && is(i-1, "thị"))
		if (pair || single) && i > from {
			parts = append(parts, strings.Trim(strings.Join(words[from:i], " "), "-– "))
			from = i
		}
	}
	return append(parts, strings.Join(words[from:], " "))
}
