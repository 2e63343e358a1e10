package main

import (
	"strings"
	"testing"
)

// How many filings nobody could look into is said to people and to programs.
func TestFatesSayWhatIsShut(t *testing.T) {
	for _, json := range []bool{false, true} {
		var out strings.Builder
		if err := (&tool{out: &out, json: json}).fates(nil, nil, 2); err != nil {
			t.Fatal(err)
		}
		want := "2 more cannot be opened by the first officer: whose they are is not known\n"
		if json {
			want = `{"shut":2}` + "\n"
		}
		if out.String() != want {
			t.Errorf("%q", out.String())
		}
		out.Reset()
		if err := (&tool{out: &out, json: json}).fates(nil, nil, 0); err != nil || out.Len() != 0 {
			t.Errorf("%q, %v", out.String(), err)
		}
	}
}
