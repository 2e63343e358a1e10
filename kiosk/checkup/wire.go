package checkup

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"motcua/kiosk/fault"
)

// Limits on what is read, in bytes and in number.
const (
	maxRequest = 1 << 10
	maxLine    = 64 << 10
	maxName    = 256
	maxOptions = 64
)

// message is a line of the kiosk; one of its fields is set.
type message struct {
	Progress *Progress  `json:"progress,omitempty"`
	Answer   *Answer    `json:"answer,omitempty"`
	Failed   fault.Code `json:"failed,omitempty"`
}

var errMessage = errors.New("checkup: not a message")

// lines reads JSON objects, one a line, of bounded length.
type lines struct{ *bufio.Scanner }

func newLines(r io.Reader, longest int) lines {
	s := bufio.NewScanner(r)
	s.Buffer(nil, longest)
	return lines{s}
}

func (l lines) next(into any) error {
	if !l.Scan() {
		if err := l.Err(); err != nil {
			return fmt.Errorf("checkup: %w", err)
		}
		return io.EOF
	}
	if json.Unmarshal(l.Bytes(), into) != nil {
		return errMessage
	}
	return nil
}

// request reads what a desk wants.
func (l lines) request() (Request, error) {
	var r Request
	if err := l.next(&r); err != nil {
		return r, err
	}
	return r, r.check()
}

// check holds that a request can be meant.
func (r Request) check() error {
	switch {
	case !slices.Contains(Parts(), r.Part), len(r.Name) > maxName, !utf8.ValidString(r.Name):
		return errMessage
	case r.Do == Test && r.Name == "", r.Do == List && r.Name == "" && r.Part.Chosen(), r.Do == Choose && r.Name != "" && r.Part.Chosen():
		return nil
	}
	return errMessage
}

// message reads what a kiosk says.
func (l lines) message() (message, error) {
	var m message
	if err := l.next(&m); err != nil {
		return m, err
	}
	set := 0
	for _, is := range []bool{m.Progress != nil, m.Answer != nil, m.Failed != ""} {
		if is {
			set++
		}
	}
	if set != 1 || m.Answer != nil && len(m.Answer.Options) > maxOptions || m.Failed != "" && !slices.Contains(fault.Codes(), m.Failed) {
		return m, errMessage
	}
	return m, nil
}

func write(w io.Writer, v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("checkup: %w", err)
	}
	_, err = w.Write(append(line, '\n'))
	return err
}
