package checkup

import (
	"bytes"
	"strings"
	"testing"
)

// FuzzRequest: whatever comes from a desk is a request that can be meant, or nothing; and it comes back the same.
func FuzzRequest(f *testing.F) {
	f.Add([]byte(`{"do":"test","part":"reader"}` + "\n"))
	f.Add([]byte(`{"do":"choose","part":"scanner","name":"/dev/ttyACM0"}` + "\n"))
	f.Add([]byte(`{"do":"list","part":"printer","name":"` + strings.Repeat("x", 2000) + `"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := newLines(bytes.NewReader(b), maxRequest).request()
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := write(&out, r); err != nil {
			t.Fatal(err)
		}
		if again, err := newLines(&out, maxLine).request(); err != nil || again != r {
			t.Fatalf("%+v became %+v, %v", r, again, err)
		}
	})
}

// FuzzMessage: what comes from a kiosk is exactly one thing.
func FuzzMessage(f *testing.F) {
	f.Add([]byte(`{"progress":{"stage":"hands","done":1,"all":5}}` + "\n"))
	f.Add([]byte(`{"answer":{"reader":{"device":"x","id":true,"first":12}}}` + "\n"))
	f.Add([]byte(`{"failed":"test-silent"}` + "\n"))
	f.Add([]byte(`{"answer":{"options":[{"name":"x"}]},"failed":"internal"}` + "\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := newLines(bytes.NewReader(b), maxLine).message()
		if err == nil && (m.Progress != nil) == (m.Answer != nil) && m.Failed == "" {
			t.Fatalf("%+v", m)
		}
	})
}
