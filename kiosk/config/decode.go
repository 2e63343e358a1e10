package config

import (
	"bytes"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// decoder walks through a file expression by expression and sets what it finds.
type decoder struct {
	data     []byte // the whole file; its capacity is its length, offsets are computed from it
	parser   unstable.Parser
	known    map[string]setting
	sections []string       // names of the sections there are
	begun    map[string]int // line on which a section or key was first seen
	section  string         // the section of the line being read, "" before the first
	skip     bool           // the section is wrong and was reported: its keys are not
	problems *Problems
}

// decode sets in c what the file sets, and gives what is wrong with it.
func decode(file string, data []byte, c *Config) *Problems {
	data = slices.Clip(bytes.TrimPrefix(data, []byte("\uFEFF"))) // some editors put a byte order mark
	d := &decoder{data: data, known: map[string]setting{}, begun: map[string]int{}, problems: &Problems{File: file}}
	for _, k := range keys(c) {
		d.known[k.name] = k.setting
		if section, _, _ := strings.Cut(k.name, "."); !slices.Contains(d.sections, section) {
			d.sections = append(d.sections, section)
		}
	}
	d.walk()
	d.together(c)
	d.judge()
	d.problems.sort()
	return d.problems
}

// walk reads to the end of the file. After a line that is no TOML it goes on with the next one.
func (d *decoder) walk() {
	for rest := d.data; len(rest) > 0 && !d.problems.full(); {
		d.parser.Reset(rest)
		for d.parser.NextExpression() {
			d.expression(d.parser.Expression())
		}
		rest = d.syntaxProblem(d.parser.Error())
	}
}

// syntaxProblem reports where the parser gave up and gives what comes after that line.
func (d *decoder) syntaxProblem(err error) (rest []byte) {
	if err == nil {
		return nil
	}
	at, message := len(d.data), err.Error()
	var where *unstable.ParserError
	if errors.As(err, &where) {
		at, message = min(d.offset(where.Highlight), len(d.data)), where.Message
	}
	d.problems.add(d.line(at), "", "%s", message)
	begin := bytes.LastIndexByte(d.data[:at], '\n') + 1
	if bytes.HasPrefix(bytes.TrimSpace(d.data[begin:]), []byte("[")) {
		d.skip = true // a section's name that cannot be read: what follows belongs to no section we know
	}
	if end := bytes.IndexByte(d.data[at:], '\n'); end >= 0 {
		return d.data[at+end+1:]
	}
	return nil
}

// offset is where a piece of the file begins. The pieces the parser hands out share the file's memory up to its end.
func (d *decoder) offset(piece []byte) int { return cap(d.data) - cap(piece) }

// line is the number of the line that holds the byte at offset.
func (d *decoder) line(offset int) int { return 1 + bytes.Count(d.data[:offset], []byte("\n")) }

func (d *decoder) expression(node *unstable.Node) {
	switch node.Kind {
	case unstable.Table, unstable.ArrayTable:
		d.header(node)
	case unstable.KeyValue:
		if !d.skip {
			d.keyValue(d.section, node)
		}
	}
}

// header begins a section.
func (d *decoder) header(node *unstable.Node) {
	name, line := d.name("", node)
	d.section, d.skip = name, true
	switch {
	case d.known[name] != nil:
		d.problems.add(line, name, "is a value, not a section")
	case !slices.Contains(d.sections, name):
		d.problems.add(line, name, "no such section%s", suggest(name, d.sections, "[%s]"))
	case node.Kind == unstable.ArrayTable:
		d.problems.add(line, name, "is one section, not a list: write [%s]", name)
	case d.again(name, line):
	default:
		d.skip = false
	}
}

// keyValue sets one key, or the keys of a section that is written on one line. It calls itself once at most: a
// section has no sections.
func (d *decoder) keyValue(section string, node *unstable.Node) {
	name, line := d.name(section, node)
	value := node.Value()
	isSection := slices.Contains(d.sections, name)
	switch known := d.known[name]; {
	case isSection && value.Kind != unstable.InlineTable:
		d.problems.add(line, name, "is a section, not a value: write [%s]", name)
	case known == nil && !isSection:
		d.problems.add(line, name, "no such key%s", suggest(name, d.names(), "%s"))
	case d.again(name, line):
	case isSection:
		for it := value.Children(); it.Next(); {
			if it.Node().Kind == unstable.KeyValue {
				d.keyValue(name, it.Node())
			}
		}
	default:
		if wrong := known.read(value); wrong != "" {
			d.problems.add(line, name, "%s", wrong)
		}
	}
}

// again reports a key or section that was there before.
func (d *decoder) again(name string, line int) bool {
	first, was := d.begun[name]
	if was {
		d.problems.add(line, name, "already set on line %d", first)
		return true
	}
	d.begun[name] = line
	return false
}

var plainKey = regexp.MustCompile(`^[A-Za-z0-9_-]{1,60}$`)

// name is the full name of the key that node has, and its line. Parts that need quotes are quoted, so that a dot in
// one is not taken for a border between two.
func (d *decoder) name(section string, node *unstable.Node) (name string, line int) {
	parts := []string{}
	if section != "" {
		parts = append(parts, section)
	}
	for it := node.Key(); it.Next(); {
		part := string(it.Node().Data)
		if !plainKey.MatchString(part) {
			part = show(part)
		}
		if line == 0 {
			line = d.line(min(d.offset(d.parser.Raw(it.Node().Raw)), len(d.data)))
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "."), line
}

func (d *decoder) names() []string {
	names := make([]string, 0, len(d.known))
	for name := range d.known {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// together checks what one key asks of another.
func (d *decoder) together(c *Config) {
	need := func(asks bool, asking, key, value string) {
		if asks && value == "" {
			d.problems.add(d.begun[asking], asking, "this %s needs %s", last(asking), key)
		}
	}
	need(c.Scanner.Driver == DriverSerial, "scanner.driver", "scanner.device", c.Scanner.Device)
	need(c.Scanner.Driver == DriverFile, "scanner.driver", "scanner.path", c.Scanner.Path)
	need(c.Printer.Driver == DriverESCPOS, "printer.driver", "printer.device", c.Printer.Device)
	need(c.Portal.Kind == PortalDirectory, "portal.kind", "portal.directory", c.Portal.Directory)
	need(c.Portal.Kind == PortalHTTP, "portal.kind", "portal.url", c.Portal.URL)
	need(c.Portal.Kind == PortalHTTP, "portal.kind", "portal.token_url", c.Portal.TokenURL)
	need(c.Portal.Kind == PortalHTTP, "portal.kind", "portal.client_id", c.Portal.ClientID)
	need(c.Portal.Kind == PortalHTTP, "portal.kind", "portal.secret_file", c.Portal.SecretFile)
	if c.Desk.Scanner != "" && c.Desk.Scanner == c.Scanner.Device {
		d.problems.add(d.begun["desk.scanner"], "desk.scanner", "the kiosk has this scanner: scanner.device")
	}
	if c.sharesReader() {
		d.problems.add(d.begun["desk.reader"], "desk.reader", "the kiosk may take this reader, too: name another one in card.reader, or set card.driver to %q where no kiosk runs", DriverNone)
	}
}

// sharesReader says that the readers of citizens and of officers can be one: a card on it would be read by both.
func (c *Config) sharesReader() bool {
	kiosk, desk := c.Card.Reader, c.Desk.Reader
	real := c.Card.Driver == DriverAuto || c.Card.Driver == DriverPCSC
	return desk != "" && real && (strings.Contains(desk, kiosk) || strings.Contains(kiosk, desk))
}

// judge lets the TOML library decide about a file in which nothing was found: what only a whole document shows, such
// as a number with leading zeros or a section that was already closed.
func (d *decoder) judge() {
	if len(d.problems.List) > 0 {
		return
	}
	var all map[string]any
	err := toml.Unmarshal(d.data, &all)
	var where *toml.DecodeError
	switch {
	case errors.As(err, &where):
		line, _ := where.Position()
		d.problems.add(line, "", "%s", strings.TrimPrefix(where.Error(), "toml: "))
	case err != nil:
		d.problems.add(0, "", "%s", err)
	}
}
