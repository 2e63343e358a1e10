// Package assist lets an officer take over a citizen's session from the desk: both see the same pages, both can touch, and the citizen's screen
// says who helps.
//
// A Server stands beside a kiosk and listens on a socket in the data directory, which only the office's account can open. Dial connects a
// desk: the officer proves by signature who they are, and from then on gets every Snapshot and sends Intents, until one of them closes. Local runs a
// session at the desk itself, for somebody without a card; both are a Visit.
//
// On the wire each message is one JSON object on a line. The kiosk begins with a challenge.
package assist

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"motcua/kiosk/fault"
	"motcua/kiosk/session"
)

// Visit is a citizen's session as a desk sees it.
type Visit interface {
	// Snapshots gives what the citizen sees, as it changes; only the newest one waits. It is closed when the visit ends.
	Snapshots() <-chan session.Snapshot
	// Send does what the officer touched.
	Send(session.Intent)
	// Close hands the session back.
	Close()
}

// message is a line on the wire; one of its fields is set.
type message struct {
	Challenge []byte            `json:"challenge,omitempty"` // kiosk: to be signed
	Station   string            `json:"station,omitempty"`   // kiosk: with the challenge
	Officer   string            `json:"officer,omitempty"`   // desk: account
	Signature []byte            `json:"signature,omitempty"` // desk: with it
	Purpose   string            `json:"purpose,omitempty"`   // desk: with it, the name of a Door; "" to help
	Welcome   bool              `json:"welcome,omitempty"`   // kiosk: the door is open
	Refused   fault.Code        `json:"refused,omitempty"`   // kiosk: why not
	Snapshot  *session.Snapshot `json:"snapshot,omitempty"`  // kiosk
	Intent    string            `json:"intent,omitempty"`    // desk: name of its type
	Value     json.RawMessage   `json:"value,omitempty"`     // desk: the intent itself
}

// maxLine bounds a message: a portrait with all that stands on a page.
const maxLine = 4 << 20

// maxIntent bounds what a desk sends.
const maxIntent = 16 << 10

// intents are what can be sent, by name.
var intents = func() map[string]reflect.Type {
	m := map[string]reflect.Type{}
	for _, i := range []session.Intent{session.Next{}, session.Back{}, session.CallOfficer{}, session.NoCard{}, session.Choose{}, session.Type{}, session.Turn{},
		session.Edit{}, session.Toggle{}, session.AddRow{}, session.RemoveRow{}, session.Search{}, session.Refuse{}, session.Repeat{}, session.Language{},
		session.SayBrought{}, session.Rate{}, session.Reprint{}, session.StillHere{}} {
		t := reflect.TypeOf(i)
		m[t.Name()] = t
	}
	return m
}()

var errMessage = errors.New("assist: not a message")

// encodeIntent is an intent on the wire.
func encodeIntent(i session.Intent) (message, error) {
	value, err := json.Marshal(i)
	return message{Intent: reflect.TypeOf(i).Name(), Value: value}, err
}

// decodeIntent is the inverse.
func decodeIntent(m message) (session.Intent, error) {
	t, ok := intents[m.Intent]
	if !ok {
		return nil, errMessage
	}
	v := reflect.New(t)
	if len(m.Value) > 0 {
		if err := json.Unmarshal(m.Value, v.Interface()); err != nil {
			return nil, errMessage // its words may hold what was typed
		}
	}
	return v.Elem().Interface().(session.Intent), nil
}

// reader reads messages of bounded length.
type reader struct{ lines *bufio.Scanner }

func newReader(r io.Reader, longest int) reader {
	s := bufio.NewScanner(r)
	s.Buffer(nil, longest)
	return reader{s}
}

func (r reader) next() (message, error) {
	var m message
	if !r.lines.Scan() {
		if err := r.lines.Err(); err != nil {
			return m, fmt.Errorf("assist: %w", err)
		}
		return m, io.EOF
	}
	if err := json.Unmarshal(r.lines.Bytes(), &m); err != nil {
		return m, errMessage
	}
	return m, nil
}

func write(w io.Writer, m message) error {
	line, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("assist: %w", err)
	}
	_, err = w.Write(append(line, '\n'))
	return err
}

// newest is a channel in which only the newest value waits.
func newest[T any](c chan T, v T) {
	for {
		select {
		case c <- v:
			return
		default:
		}
		select {
		case <-c:
		default:
		}
	}
}
