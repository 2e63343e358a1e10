package tr03105_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write TABLE.md anew")

// enough is how many cases are about what this program does: all but terminal authentication, DG3, DG4 and EF.CVCA.
const enough = 268

// check is one way to run a case. A case may have several.
type check struct {
	id  string
	run func(t *testing.T)
}

// group is the checks of one topic.
type group struct {
	name   string
	checks []check
}

func groups() []group {
	return []group{
		{"COM", comChecks()}, {"MRZ", mrzChecks()}, {"Face", faceChecks()},
		{"Infos", infosChecks()}, {"Security", securityChecks()},
		{"Algorithms", algorithmChecks()}, {"Signed", signedChecks()}, {"Signer", signerChecks()}, {"Hashes", hashChecks()},
		{"Access", accessChecks()}, {"Files", fileChecks()},
		{"Chip", chipChecks()}, {"Active", activeChecks()}, {"PACE", paceChecks()}, {"Mapping", mappingChecks()},
	}
}

// listed is one line of testdata/cases.tsv.
type listed struct{ id, title string }

func allCases(t *testing.T) []listed {
	t.Helper()
	raw, err := os.ReadFile("testdata/cases.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var all []listed
	for line := range strings.Lines(string(raw)) {
		id, title, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			t.Fatalf("line without a title: %q", line)
		}
		all = append(all, listed{id, title})
	}
	return all
}

// without says why a case has no test; "" for those that must have one.
func without(id string) string {
	switch {
	case strings.HasPrefix(id, "ISO7816_E_"):
		return "terminal authentication is not done"
	case strings.HasPrefix(id, "LDS_D_"):
		return "fingerprints (DG3) are not read"
	case strings.HasPrefix(id, "LDS_E_"):
		return "irises (DG4) are not read"
	case strings.HasPrefix(id, "LDS_G_"):
		return "EF.CVCA is for terminal authentication"
	}
	return ""
}

// TestCases runs every case, counts those that ran to the end, and keeps the table.
func TestCases(t *testing.T) {
	ran := map[string]string{}
	for _, g := range groups() {
		t.Run(g.name, func(t *testing.T) {
			for _, c := range g.checks {
				t.Run(c.id, func(t *testing.T) {
					c.run(t)
					if !t.Failed() {
						ran[c.id] = g.name
					}
				})
			}
		})
	}
	t.Run("Count", func(t *testing.T) { checkCount(t, ran) })
	t.Run("Table", func(t *testing.T) { checkTable(t, ran) })
}

// checkCount: each case of the list ran, or there is a reason why not, and nothing else ran.
func checkCount(t *testing.T, ran map[string]string) {
	known := map[string]bool{}
	for _, c := range allCases(t) {
		known[c.id] = true
		if _, did := ran[c.id]; did == (without(c.id) != "") {
			t.Errorf("%s: ran %t", c.id, did)
		}
	}
	for id := range ran {
		if !known[id] {
			t.Errorf("%s is no case", id)
		}
	}
	if len(ran) < enough {
		t.Errorf("%d cases ran, want %d", len(ran), enough)
	}
}

// checkTable compares TABLE.md with what ran.
func checkTable(t *testing.T, ran map[string]string) {
	all := allCases(t)
	var out bytes.Buffer
	fmt.Fprintf(&out, "# TR-03105-5.1, case by case\n\nWritten by `go test -run TestCases -update`. %d of %d cases run.\n\n", len(ran), len(all))
	fmt.Fprintf(&out, "| Case | What it is | Test |\n|---|---|---|\n")
	for _, c := range all {
		test := "none: " + without(c.id)
		if g, did := ran[c.id]; did {
			test = "TestCases/" + g + "/" + c.id
		}
		fmt.Fprintf(&out, "| %s | %s | %s |\n", c.id, c.title, test)
	}
	if *update {
		if err := os.WriteFile("TABLE.md", out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if kept, err := os.ReadFile("TABLE.md"); err != nil || !bytes.Equal(kept, out.Bytes()) {
		t.Errorf("TABLE.md is not what ran (%v): run with -update", err)
	}
}
