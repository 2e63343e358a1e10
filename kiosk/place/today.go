package place

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Certainty is how far an address could be turned into one of today.
type Certainty int

// The certainties.
const (
	Unknown Certainty = iota
	Likely            // one of Choices
	Exact
)

// Note is something that was assumed on the way; it has words in assets/text under place.note.
type Note string

// The notes.
const (
	NoteAccents  Note = "accents"  // the address, or a part of it, was written without accents or with others
	NoteKind     Note = "kind"     // the commune was of another kind: a xã that had become a thị trấn
	NoteSplit    Note = "split"    // the old commune was divided among several of today
	NoteMerged   Note = "merged"   // the commune of before is part of another one today
	NoteProvince Note = "province" // the province of before is part of another one today, or was not named
	NoteDistrict Note = "district" // there are no districts any more: that of the address was dropped
	NoteSeveral  Note = "several"  // several communes have that name
)

// Result is what an address is today.
type Result struct {
	Certainty Certainty
	Unit      Unit   // if Exact
	Choices   []Unit // if Likely, at most MaxChoices, the best first
	Rest      string // what stands before the commune: house, street, hamlet
	Old       string // commune, district and province as they were written, if they are not those of today
	Notes     []Note
}

// Full is the whole address of today, if that is Exact.
func (r Result) Full() string {
	if r.Certainty != Exact {
		return ""
	}
	return strings.TrimPrefix(r.Rest+", "+r.Unit.Full(), ", ")
}

// Limits of an address, and how many choices there are.
const (
	maxAddress = 400 // characters
	maxParts   = 12
	MaxChoices = 6
)

// reading is one way to understand an address.
type reading struct {
	at    int // which part is the commune
	units []int
	score int
	notes []Note
	old   bool
}

// Today turns an address into one of today. Notes say what was assumed.
func (b *Book) Today(address string) Result {
	if utf8.RuneCountInString(address) > maxAddress || !utf8.ValidString(address) {
		return Result{Rest: ""}
	}
	address = norm.NFC.String(address)
	parts := split(address)
	if len(parts) == 0 || len(parts) > maxParts {
		return Result{Rest: strings.Join(parts, ", ")}
	}
	best := b.read(address, parts)
	if len(best.units) == 0 {
		return Result{Rest: strings.Join(parts, ", ")}
	}
	r := Result{Rest: strings.Join(parts[:best.at], ", "), Notes: best.notes}
	if best.old {
		r.Old = strings.Join(parts[best.at:], ", ")
	}
	if len(best.units) == 1 {
		r.Certainty, r.Unit = Exact, b.units[best.units[0]]
		return r
	}
	r.Certainty = Likely
	for _, i := range best.units[:min(len(best.units), MaxChoices)] {
		r.Choices = append(r.Choices, b.units[i])
	}
	return r
}

// Renamed says whether an address ends with a province that is none any more, as it is written there, and what it is
// part of today.
func (b *Book) Renamed(address string) (old string, now Province, ok bool) {
	if utf8.RuneCountInString(address) > maxAddress {
		return "", Province{}, false
	}
	parts := split(norm.NFC.String(address))
	if len(parts) == 0 || len(parts) > maxParts {
		return "", Province{}, false
	}
	old = parts[len(parts)-1]
	n := name(old, provinceKinds)
	code, gone := b.past().gone[n.plain]
	if !gone || len(parts) == 1 && n.kind == "" { // a hamlet, a street may be called so
		return "", Province{}, false
	}
	i := slices.IndexFunc(b.provinces, func(p Province) bool { return p.Code == code })
	return old, b.provinces[i], true
}

// text is an address that is being understood.
type text struct {
	*Book
	parts []string
	bare  bool // without any accents
}

// read finds the best way to understand the parts: with the most context, and of those with the fewest communes.
func (b *Book) read(address string, parts []string) reading {
	n := len(parts)
	x := text{b, parts, bare(address)}
	var best reading
	better := func(r reading) {
		if len(r.units) > 0 && (r.score > best.score || r.score == best.score && len(r.units) < len(best.units)) {
			best = r
		}
	}
	province := name(parts[n-1], provinceKinds)
	known := b.isProvince(province)
	if known && n >= 2 {
		better(x.now(n-2, province))
		better(x.then(n-2, nil, &province))
		if n >= 3 {
			district := name(parts[n-2], districtKinds)
			better(x.then(n-3, &district, &province))
		}
	}
	if n >= 2 {
		district := name(parts[n-1], districtKinds)
		better(x.then(n-2, &district, nil))
	}
	better(x.alone(n - 1))
	return best
}

func (b *Book) isProvince(n named) bool {
	_, now := b.province(n)
	return (now || b.past().gone[n.plain] != "") && n.kind != "thi xa"
}

// Scores of readings: by how much of the address they explain.
const (
	scoreAlone    = 10
	scoreDistrict = 20 // with district, without province
	scoreProvince = 30 // with province, without district
	scoreNow      = 40 // commune and province of today
	scoreWhole    = 50 // commune, district and province of before
	scoreTones    = 3  // for each part whose accents fit
)

// now reads a commune and a province of today.
func (x text) now(at int, province named) reading {
	r := reading{at: at, score: scoreNow}
	code, ok := x.province(province)
	commune := name(x.parts[at], communeKinds)
	if !ok || foreign(x.parts[at], districtKinds, communeKinds) {
		return reading{}
	}
	var found []match
	for _, i := range x.today[commune.plain] {
		if u := x.units[i]; u.ProvinceCode == code {
			found = append(found, match{[]int{i}, commune.fits(x.unitNames[i], x.bare), sameKind(commune, x.unitNames[i].kind)})
		}
	}
	r.take(found, province.fits(x.names[code], x.bare))
	return r
}

// match is one commune that fits by name.
type match struct {
	units []int
	tones int // 2: accents fit
	kind  bool
}

// then reads a commune of before, with district and province as far as they are given.
func (x text) then(at int, district, province *named) reading {
	commune := name(x.parts[at], communeKinds)
	r := reading{at: at, old: true}
	if foreign(x.parts[at], districtKinds, communeKinds) || district != nil && foreign(x.parts[at+1], communeKinds, districtKinds) {
		return r
	}
	around := 2
	switch {
	case district != nil && province != nil:
		r.score, r.notes = scoreWhole, []Note{NoteDistrict}
	case province != nil:
		r.score = scoreProvince
	default:
		r.score, r.notes = scoreDistrict, []Note{NoteDistrict, NoteProvince}
	}
	var found []match
	for _, i := range x.past().named[commune.plain] {
		o := x.past().olds[i]
		d, p := 2, 2
		if district != nil {
			d = district.fits(o.district, x.bare)
		}
		if province != nil {
			p = province.fits(o.province, x.bare)
		}
		if d == 0 || p == 0 || district != nil && district.kind != "" && o.district.kind != district.kind && !x.lone(district.plain, o.province.plain) {
			continue
		}
		around = min(around, d, p)
		m := match{nil, commune.fits(o.commune, x.bare), sameKind(commune, o.commune.kind)}
		for _, code := range o.codes {
			m.units = append(m.units, x.byCode[code])
		}
		found = append(found, m)
	}
	r.take(found, around)
	if len(r.units) > 0 {
		r.notes = append(r.notes, x.changes(x.parts[at], province, r.units)...)
	}
	return r
}

// lone reports whether only one district of the province has that name, so that its kind need not be right: many a
// huyện became a thị xã after the card was made.
func (b *Book) lone(district, province string) bool {
	return b.past().kinds[district+"|"+province] != severalKinds
}

// changes says what is not as it was.
func (b *Book) changes(part string, province *named, units []int) []Note {
	var notes []Note
	if province != nil && b.past().gone[province.plain] != "" {
		notes = append(notes, NoteProvince)
	}
	commune := name(part, communeKinds)
	if !slices.ContainsFunc(units, func(i int) bool { return plain(b.units[i].Name) == commune.plain }) {
		notes = append(notes, NoteMerged)
	}
	return notes
}

// alone reads a commune without anything around it.
func (x text) alone(at int) reading {
	r := reading{at: at, score: scoreAlone, notes: []Note{NoteProvince}}
	commune := name(x.parts[at], communeKinds)
	if foreign(x.parts[at], districtKinds, communeKinds) || commune.kind == "" {
		return reading{}
	}
	var found []match
	for _, i := range x.today[commune.plain] {
		found = append(found, match{[]int{i}, commune.fits(x.unitNames[i], x.bare), sameKind(commune, x.unitNames[i].kind)})
	}
	r.take(found, 2)
	return r
}

// foreign reports whether a part names by its kind a unit of another level.
func foreign(part string, others, own []string) bool {
	mine, theirs := name(part, own).kind, name(part, others).kind
	return mine == "" && theirs != ""
}

func sameKind(n named, kind string) bool { return n.kind == "" || n.kind == kind }

// take keeps the best of what was found: those whose accents fit before those whose do not, and of these those of the
// right kind. around is how well the accents of district and province fit.
func (r *reading) take(found []match, around int) {
	if len(found) == 0 {
		r.score = 0
		return
	}
	tones, kind := 0, false
	for _, m := range found {
		tones = max(tones, m.tones)
	}
	found = slices.DeleteFunc(found, func(m match) bool { return m.tones < tones })
	for _, m := range found {
		kind = kind || m.kind
	}
	found = slices.DeleteFunc(found, func(m match) bool { return m.kind != kind })
	r.score += tones*scoreTones + around*scoreTones
	if tones < 2 || around < 2 {
		r.notes = append(r.notes, NoteAccents)
	}
	if !kind {
		r.notes = append(r.notes, NoteKind)
	}
	split := false
	for _, m := range found {
		split = split || len(m.units) > 1
		for _, i := range m.units {
			if !slices.Contains(r.units, i) {
				r.units = append(r.units, i)
			}
		}
	}
	if split {
		r.notes = append(r.notes, NoteSplit)
	}
	if len(found) > 1 && len(r.units) > 1 {
		r.notes = append(r.notes, NoteSeveral)
	}
}
