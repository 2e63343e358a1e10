// Package place knows the communes of Vietnam, those of today and those of before 1 July 2025, when districts ended and
// most communes were merged.
//
// Cards keep the address of the day they were made. Book.Today turns it into the commune of today, as far as that can be
// said: Exact, Likely with the choices, or Unknown. Whatever it assumed is a Note; an address is never changed in silence.
// Picker reaches any commune in at most four touches.
//
// Texts are compared without regard to capitals, to on which vowel a tone stands (Hoà, Hòa), to i and y, and to how
// the kind of a unit is written (Xã, X.); accents count where the address has any.
package place

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"motcua/kiosk/identity"
)

// Unit is a commune of today.
type Unit struct {
	Code         string // of the national list, five digits
	Name         string // Mai Châu
	Kind         string // Xã, Phường, Đặc khu
	ProvinceCode string // two digits
	Province     string // Tỉnh Phú Thọ, Thành phố Hà Nội
}

// Full is the unit as addresses write it: xã Mai Châu, tỉnh Phú Thọ.
func (u Unit) Full() string {
	if u.Code == "" {
		return ""
	}
	return strings.ToLower(u.Kind) + " " + u.Name + ", " + strings.NewReplacer("Tỉnh", "tỉnh", "Thành", "thành").Replace(u.Province)
}

// Province is one of the provinces of today.
type Province struct {
	Code string // two digits
	Name string // Phú Thọ
	Full string // Tỉnh Phú Thọ
}

// old is a commune of before and what it became.
type old struct {
	commune, district, province named
	codes                       []string
}

// named is a unit's name as it is compared.
type named struct {
	kind  string // folded: xa, phuong, thi tran, huyen, quan, thi xa, thanh pho, tinh, dac khu
	tones string // name with accents
	plain string // name without
	full  string // as it was written
}

// Book is all of them. It may be used by several goroutines.
type Book struct {
	provinces []Province
	names     map[string]named // of the provinces, by code
	units     []Unit           // by province, then name
	unitNames []named
	byCode    map[string]int
	today     map[string][]int // units by plain name
	history   func() (*history, error)
}

// history is the communes of before.
type history struct {
	olds  []old
	named map[string][]int  // by plain name of the commune
	kinds map[string]string // of districts, by plain names of district and province; severalKinds if two have the name
	gone  map[string]string // by plain name, provinces that are none today: code of the one each is part of
}

// ErrData: the tables are not what they should be.
var ErrData = errors.New("place: wrong data")

// Open reads places/units.csv of fsys (assets.FS, or a directory of the same shape). What became of the communes of
// before, places/merges.csv, is read when it is first wanted, or by Warm.
func Open(fsys fs.FS) (*Book, error) {
	b := &Book{names: map[string]named{}, byCode: map[string]int{}, today: map[string][]int{}}
	units, err := table(fsys, "places/units.csv", 3)
	if err != nil {
		return nil, err
	}
	if err := b.addUnits(units); err != nil {
		return nil, err
	}
	b.history = sync.OnceValues(func() (*history, error) {
		merges, err := table(fsys, "places/merges.csv", 5)
		if err != nil {
			return &history{}, err
		}
		return b.readHistory(merges)
	})
	return b, nil
}

// Warm reads what Today needs, so that the first address does not wait; the error says why no address of before can be
// turned into one of today.
func (b *Book) Warm() error {
	_, err := b.history()
	return err
}

// past is the communes of before, none if the table is of no use.
func (b *Book) past() *history {
	h, _ := b.history()
	return h
}

// table reads a CSV file with a heading.
func table(fsys fs.FS, name string, columns int) ([][]string, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, fmt.Errorf("place: %w", err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = columns
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 2 {
		return nil, errors.Join(fmt.Errorf("%w: %s", ErrData, name), err)
	}
	return rows[1:], nil
}

func (b *Book) addUnits(rows [][]string) error {
	for _, row := range rows {
		if code, parent, full := row[0], row[1], row[2]; parent == "" {
			n := name(full, provinceKinds)
			b.names[code] = n
			b.provinces = append(b.provinces, Province{code, strings.TrimPrefix(strings.TrimPrefix(full, "Tỉnh "), "Thành phố "), full})
		}
	}
	for _, row := range rows {
		code, parent, full := row[0], row[1], row[2]
		if parent == "" {
			continue
		}
		i := slices.IndexFunc(b.provinces, func(p Province) bool { return p.Code == parent })
		kind, short := cutKind(full)
		if i < 0 || short == "" {
			return fmt.Errorf("%w: unit %s", ErrData, code)
		}
		b.units = append(b.units, Unit{code, short, kind, parent, b.provinces[i].Full})
	}
	slices.SortFunc(b.provinces, func(x, y Province) int { return strings.Compare(collate(x.Name), collate(y.Name)) })
	order := map[string]string{}
	for _, u := range b.units {
		order[u.Code] = u.ProvinceCode + collate(u.Name) + u.Code
	}
	slices.SortFunc(b.units, func(x, y Unit) int { return strings.Compare(order[x.Code], order[y.Code]) })
	for i, u := range b.units {
		b.byCode[u.Code] = i
		b.unitNames = append(b.unitNames, name(u.Kind+" "+u.Name, communeKinds))
		key := b.unitNames[i].plain
		b.today[key] = append(b.today[key], i)
	}
	return nil
}

// cutKind splits Xã Mai Châu.
func cutKind(full string) (kind, short string) {
	for _, kind := range []string{"Xã", "Phường", "Đặc khu", "Thị trấn"} {
		if n := len(kind) + 1; len(full) > n && strings.EqualFold(full[:n], kind+" ") { // the table has one xã in small letters
			return kind, full[n:]
		}
	}
	return "", ""
}

// collate is a name as lists are sorted: letters first, accents where letters are the same.
func collate(s string) string { return identity.Fold(s) + " " + identity.FoldTones(s) }

func (b *Book) readHistory(rows [][]string) (*history, error) {
	h := &history{named: map[string][]int{}, kinds: map[string]string{}, gone: map[string]string{}}
	seen := map[string]int{}
	known := map[string]named{} // a name stands in many rows
	once := func(part string, kinds []string) named {
		n, ok := known[kinds[0]+part]
		if !ok {
			n = name(part, kinds)
			known[kinds[0]+part] = n
		}
		return n
	}
	for _, row := range rows {
		if _, ok := b.byCode[row[4]]; !ok {
			return &history{}, fmt.Errorf("%w: %s became %s", ErrData, row[1], row[4])
		}
		key := strings.Join(row[1:4], "|")
		if i, ok := seen[key]; ok {
			if !slices.Contains(h.olds[i].codes, row[4]) {
				h.olds[i].codes = append(h.olds[i].codes, row[4])
			}
			continue
		}
		o := old{once(row[1], communeKinds), once(row[2], districtKinds), once(row[3], provinceKinds), []string{row[4]}}
		seen[key] = len(h.olds)
		h.named[o.commune.plain] = append(h.named[o.commune.plain], len(h.olds))
		h.olds = append(h.olds, o)
		h.addKind(o)
		if _, still := b.province(o.province); !still {
			h.gone[o.province.plain] = b.units[b.byCode[row[4]]].ProvinceCode
		}
	}
	return h, nil
}

// severalKinds: a huyện and a thị xã of the same name.
const severalKinds = "*"

func (h *history) addKind(o old) {
	key := o.district.plain + "|" + o.province.plain
	switch was, ok := h.kinds[key]; {
	case !ok:
		h.kinds[key] = o.district.kind
	case was != o.district.kind:
		h.kinds[key] = severalKinds
	}
}

// province finds the province of today with that name.
func (b *Book) province(n named) (string, bool) {
	for code, p := range b.names {
		if p.plain == n.plain {
			return code, true
		}
	}
	return "", false
}

// Unit finds a commune by its code.
func (b *Book) Unit(code string) (Unit, bool) {
	i, ok := b.byCode[code]
	if !ok {
		return Unit{}, false
	}
	return b.units[i], true
}

// Provinces lists the provinces of today by name.
func (b *Book) Provinces() []Province { return slices.Clone(b.provinces) }

// Communes lists the communes of a province by name.
func (b *Book) Communes(province string) []Unit {
	from, _ := slices.BinarySearchFunc(b.units, province, func(u Unit, code string) int { return strings.Compare(u.ProvinceCode, code) })
	to := from
	for to < len(b.units) && b.units[to].ProvinceCode == province {
		to++
	}
	return slices.Clone(b.units[from:to])
}

// Named finds the commune that Full names.
func (b *Book) Named(full string) (Unit, bool) {
	r := b.Today(full)
	return r.Unit, r.Certainty == Exact && r.Old == ""
}
