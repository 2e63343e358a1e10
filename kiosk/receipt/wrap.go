package receipt

import "strings"

// wrap breaks text into lines no wider than max: between clauses (after a comma) if that is enough, else between
// words, and within a word only where it is wider than a line alone. Nothing is ever left out.
func wrap(text string, max int, width func(string) int) []string {
	if width(text) <= max {
		return []string{text}
	}
	clauses := strings.SplitAfter(text, ", ")
	for i := range clauses {
		clauses[i] = strings.TrimSpace(clauses[i])
	}
	if fits(clauses, max, width) {
		return fill(clauses, max, width)
	}
	return wrapWords(text, max, width)
}

func fits(parts []string, max int, width func(string) int) bool {
	for _, p := range parts {
		if width(p) > max {
			return false
		}
	}
	return true
}

// wrapWords breaks between words, for running text.
func wrapWords(text string, max int, width func(string) int) []string {
	var words []string
	for _, w := range strings.Fields(text) {
		words = append(words, chop(w, max, width)...)
	}
	return fill(words, max, width)
}

// fill puts as many parts on a line as fit.
func fill(parts []string, max int, width func(string) int) []string {
	var lines []string
	line := ""
	for _, p := range parts {
		switch {
		case line == "":
			line = p
		case width(line+" "+p) <= max:
			line += " " + p
		default:
			lines = append(lines, line)
			line = p
		}
	}
	return append(lines, line)
}

// chop cuts a word that is wider than a line.
func chop(word string, max int, width func(string) int) []string {
	var out []string
	letters := []rune(word)
	for len(letters) > 0 {
		n := 1
		for n < len(letters) && width(string(letters[:n+1])) <= max {
			n++
		}
		out = append(out, string(letters[:n]))
		letters = letters[n:]
	}
	return out
}
