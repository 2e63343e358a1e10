package service

import (
	"bytes"
	"strconv"
	"strings"

	"motcua/kiosk/identity"
)

// maxHead is how far into a file its head reaches.
const maxHead = 8 << 10

// scanHead reads the head of a file without the cost of YAML: the lines "key: value" with which it begins, up to the
// first key that the head does not have. Catalogue.Check holds it against what the whole file says.
func scanHead(data []byte) Head {
	var h Head
	for line := range bytes.Lines(data[:min(len(data), maxHead)]) {
		text := strings.TrimRight(string(line), " \r\n")
		if text == "" || text[0] == '#' || text == "---" {
			continue
		}
		key, value, ok := strings.Cut(text, ":")
		if !ok || !h.set(key, scalar(value)) {
			break
		}
	}
	return h
}

func (h *Head) set(key, value string) bool {
	texts := map[string]*string{"id": &h.ID, "procedure": &h.Procedure, "group": &h.Group, "name": &h.Name, "plain": &h.Plain,
		"text": &h.Text, "spoken": &h.Spoken, "words": &h.Words, "picture": &h.Picture, "icon": &h.Icon}
	switch key {
	case "order":
		h.Order, _ = strconv.Atoi(value)
	case "version":
		h.Version, _ = identity.ParseDate(value)
	case "until":
		h.Until, _ = identity.ParseDate(value)
	case "kiosk":
		h.Kiosk = value == "true"
	case "essential":
		h.Essential = value == "true"
	default:
		p, ok := texts[key]
		if ok {
			*p = value
		}
		return ok
	}
	return true
}

// scalar is a YAML value on one line: plain with a comment behind it, or in quotes.
func scalar(s string) string {
	s = strings.TrimSpace(s)
	switch {
	case strings.HasPrefix(s, `"`):
		if end := strings.LastIndex(s, `"`); end > 0 {
			if text, err := strconv.Unquote(s[:end+1]); err == nil {
				return text
			}
		}
	case strings.HasPrefix(s, "'"):
		if end := strings.LastIndex(s, "'"); end > 0 {
			return strings.ReplaceAll(s[1:end], "''", "'")
		}
	case strings.HasPrefix(s, "#"):
		return ""
	}
	if i := strings.Index(s, " #"); i >= 0 {
		s = strings.TrimSpace(s[:i])
	}
	return s
}
