package paper

import "motcua/kiosk/identity"

// Layout is a form as its file describes it; the package comment has the meaning of each key. Lengths are in
// millimetres, sizes of type in points.
type Layout struct {
	ID        string        `yaml:"id"`
	Title     string        `yaml:"title"`
	Issued    string        `yaml:"issued"`
	Version   identity.Date `yaml:"version"`
	Until     identity.Date `yaml:"until"` // last day in force; zero if it has none
	Doubts    []string      `yaml:"doubts"`
	Size      float64       `yaml:"size"`
	Landscape bool          `yaml:"landscape"`
	Blocks    []Block       `yaml:"blocks"`
}

// InForce reports whether the form is the one to use on that day.
func (l Layout) InForce(day identity.Date) bool {
	return !day.Before(l.Version) && (l.Until.IsZero() || !l.Until.Before(day))
}

// Block is one part of the page; exactly one of its fields is set.
type Block struct {
	Nation *Nation    `yaml:"nation"`
	Text   *Paragraph `yaml:"text"`
	Line   []Cell     `yaml:"line"`
	Checks *Checks    `yaml:"checks"`
	Table  *Table     `yaml:"table"`
	Bars   *Bars      `yaml:"bars"`
	Signs  []Sign     `yaml:"signs"`
	Photo  *Photo     `yaml:"photo"`
	Notes  *Notes     `yaml:"notes"`
	Rule   float64    `yaml:"rule"`
	Space  float64    `yaml:"space"`
	Page   bool       `yaml:"page"`
}

// Nation is the head of a form: the country's name and motto, and at the left whose paper it is.
type Nation struct {
	Left []string `yaml:"left"`
}

// Paragraph is running text.
type Paragraph struct {
	Text    string  `yaml:"text"`
	Align   string  `yaml:"align"`
	Size    float64 `yaml:"size"`
	Indent  float64 `yaml:"indent"`
	Caption bool    `yaml:"caption"`
}

// Cell is a label and its value.
type Cell struct {
	Label  string  `yaml:"label"`
	Key    string  `yaml:"key"`
	Weight float64 `yaml:"weight"`
	Boxes  int     `yaml:"boxes"`
	Lines  int     `yaml:"lines"`
	Tail   string  `yaml:"tail"`
}

// Checks is a choice: boxes to tick, so many side by side.
type Checks struct {
	Label   string  `yaml:"label"`
	Columns int     `yaml:"columns"`
	Items   []Check `yaml:"items"`
}

// Check is one box to tick.
type Check struct {
	Key   string `yaml:"key"`
	Label string `yaml:"label"`
}

// Table is a list of people or papers, as long as it needs to be.
type Table struct {
	Rows    string   `yaml:"rows"`
	Empty   int      `yaml:"empty"`
	Size    float64  `yaml:"size"`
	Columns []Column `yaml:"columns"`
}

// Column is one column of a Table.
type Column struct {
	Title  string  `yaml:"title"`
	Key    string  `yaml:"key"`
	Weight float64 `yaml:"weight"`
	Align  string  `yaml:"align"`
	Number bool    `yaml:"number"`
}

// Bars is a chart: for each row a name, and bars with their numbers.
type Bars struct {
	Rows   string  `yaml:"rows"`
	Label  string  `yaml:"label"`
	Size   float64 `yaml:"size"`
	Values []Bar   `yaml:"values"`
}

// Bar is one of the bars of a row.
type Bar struct {
	Key   string `yaml:"key"`
	Title string `yaml:"title"`
}

// Sign is the place where somebody signs.
type Sign struct {
	Place string  `yaml:"place"`
	Date  string  `yaml:"date"`
	Dated bool    `yaml:"dated"`
	Title string  `yaml:"title"`
	Note  string  `yaml:"note"`
	Space float64 `yaml:"space"`
	Lines []Cell  `yaml:"lines"`
	Name  string  `yaml:"name"`
}

// Photo is a frame for a portrait.
type Photo struct {
	Width   float64 `yaml:"width"`
	Height  float64 `yaml:"height"`
	Caption string  `yaml:"caption"`
}

// Notes is the small print that explains the raised numbers.
type Notes struct {
	Title string   `yaml:"title"`
	Items []string `yaml:"items"`
}
