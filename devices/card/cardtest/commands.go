package cardtest

import "testing"

// CheckCommands fails the test unless, after the first protected command, no READ BINARY goes out in the clear, and
// nothing else does but what opens a chip and what fetches the rest of an answer.
func CheckCommands(t testing.TB, commands [][]byte) {
	t.Helper()
	const (
		secure                                    = 0x0C
		byName                                    = 0x04
		selectFile, getResponse, manageSecurity   = 0xA4, 0xC0, 0x22
		generalAuthenticate, challenge, authBasic = 0x86, 0x84, 0x82
	)
	secured := false
	for i, c := range commands {
		if c[0]&secure == secure {
			secured = true
			continue
		}
		switch ins := c[1]; {
		case !secured:
		case ins == selectFile && c[2] == byName, ins == getResponse, ins == manageSecurity, ins == generalAuthenticate,
			ins == challenge, ins == authBasic:
		default:
			t.Errorf("command %d, INS %02X, in the clear after secure messaging began", i+1, ins)
		}
	}
}

// Count is how many of the commands have the instruction, protected or not.
func Count(commands [][]byte, ins byte) (n int) {
	for _, c := range commands {
		if c[1] == ins {
			n++
		}
	}
	return n
}
