package vncard_test

import (
	"bytes"
	"testing"

	"motcua/devices/card/apdu"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/vncard"
)

// mostCommands is more than any reading of the small card may take, whatever the chip says: six files of which some may
// trickle.
const mostCommands = 6 * 1100

// FuzzAnswers changes one answer of the chip, before secure messaging (a chip that says it) or after (somebody on the
// way). Whatever it is changed to, the reading ends, nothing in the clear is taken for a file, and a file that is given
// out under the wrong bytes is one that the hashes contradict.
func FuzzAnswers(f *testing.F) {
	p, err := simProfile()
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"", "\x90\x00", "\x61\x10", "\x6C\x10", "\x67\x00", "\x62\x82", "7C\x00\x90\x00", "\x61\x84\x7F\xFF\xFF\xFF\x90\x00"} {
		for _, index := range []byte{1, 2, 3, 6, 8, 12} {
			f.Add(index, []byte(s), true, false)
			f.Add(index, []byte(s), false, index%2 == 0)
		}
	}
	f.Fuzz(func(t *testing.T, index byte, answer []byte, inside, extended bool) {
		o := cardsim.Options{Extended: extended}
		if inside && len(answer) >= 2 {
			o.Edit = func(i int, _ byte, plain apdu.Response) apdu.Response {
				if i == int(index) {
					plain, _ = apdu.ParseResponse(answer)
				}
				return plain
			}
		} else {
			o.Rewrite = func(i int, raw []byte) []byte {
				if i == int(index) {
					return answer
				}
				return raw
			}
		}
		record := cardtest.NewRecord(cardsim.New(p, o).Transport())
		c, err := vncard.Read(t.Context(), record, simRequest(p))
		if n := len(record.Commands()); n > mostCommands {
			t.Fatalf("%d commands", n)
		}
		cardtest.CheckCommands(t, record.Commands())
		if (c == nil) != (err != nil) {
			t.Fatalf("a card with %v", err)
		}
		if c == nil {
			return
		}
		for _, file := range []emrtd.File{emrtd.DG1, emrtd.DG2, emrtd.DG13, emrtd.DG14, emrtd.DG15} {
			raw := c.Files[file]
			if raw != nil && !bytes.Equal(raw, p.Files[cardsim.FileID(file.Identifier())]) && outcome(c, vncard.CheckDataGroups) == vncard.Passed {
				t.Errorf("%s is wrong, and the check passed", file)
			}
		}
	})
}
