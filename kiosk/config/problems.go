package config

import (
	"fmt"
	"slices"
	"strings"
)

// maxProblems bounds the list: a file that is no configuration at all has a problem on every line.
const maxProblems = 50

// Problem is one thing that is wrong in a file.
type Problem struct {
	Line    int    // from 1; 0 when it is about the whole file
	Key     string // "printer.width"; "" when it is about no key
	Message string
}

// Problems is everything that is wrong in a file, in the order of its lines.
type Problems struct {
	File string // its base name
	List []Problem
}

// Error is a line for each problem: "motcua.toml:12: printer.width: 600 is not a width we know (0, 384, 512, 576)".
func (p *Problems) Error() string {
	lines := make([]string, len(p.List))
	for i, problem := range p.List {
		lines[i] = p.line(problem)
	}
	return strings.Join(lines, "\n")
}

func (p *Problems) line(problem Problem) string {
	var b strings.Builder
	b.WriteString(p.File)
	if problem.Line > 0 {
		fmt.Fprintf(&b, ":%d", problem.Line)
	}
	if problem.Key != "" {
		b.WriteString(": " + problem.Key)
	}
	b.WriteString(": " + problem.Message)
	return b.String()
}

func (p *Problems) add(line int, key, format string, args ...any) {
	if !p.full() {
		p.List = append(p.List, Problem{line, key, fmt.Sprintf(format, args...)})
	}
}

func (p *Problems) full() bool { return len(p.List) >= maxProblems }

// sort puts the problems in the order of the lines.
func (p *Problems) sort() {
	slices.SortStableFunc(p.List, func(a, b Problem) int { return a.Line - b.Line })
}

// suggest is "; did you mean …?" with the name that is most like the wrong one, or "". A name that stands in another
// section counts as alike: that is where most keys get lost.
func suggest(wrong string, names []string, format string) string {
	best, bestDistance := "", max(len(wrong)/3, 1)+1
	for _, name := range names {
		d := distance(wrong, name)
		if last(wrong) == last(name) {
			d = min(d, 1)
		}
		if d < bestDistance {
			best, bestDistance = name, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean "+format+"?", best)
}

// last is the part of a key's name after the last dot.
func last(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// distance is Levenshtein's: how many bytes must be put in, taken out or changed to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
