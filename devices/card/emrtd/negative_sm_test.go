package emrtd_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"motcua/devices/card/apdu"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/secmsg"
)

// sessions are the ways to have secure messaging: AES after PACE, short and extended, and 3DES after BAC.
func sessions() map[string]cardsim.Options {
	return map[string]cardsim.Options{"PACE": {}, "PACE, extended": {Extended: true}, "BAC": {NoPACE: true}}
}

// protected lists the numbers of the commands of a clean reading that go out under secure messaging, and says which of
// the answers have data.
func protected(t *testing.T, o cardsim.Options) (indexes []int, data map[int]bool) {
	t.Helper()
	data = map[int]bool{}
	o.Edit = func(index int, _ byte, plain apdu.Response) apdu.Response {
		data[index] = len(plain.Data) > 0
		return plain
	}
	r := situation{options: o}.read(t)
	r.succeeds()
	for i, c := range r.commands {
		if c[0]&apdu.ClassSecure == apdu.ClassSecure {
			indexes = append(indexes, i+1)
		}
	}
	return indexes, data
}

// needsData are the faults that are about the cryptogram: without one nothing happens.
func needsData(f cardsim.Fault) bool {
	return slices.Contains([]cardsim.Fault{cardsim.DropCryptogram, cardsim.SwapObjects, cardsim.WrongIndicator, cardsim.NoIndicator,
		cardsim.NoPadding, cardsim.LongForm, cardsim.IndefiniteLength}, f)
}

// TestNegativeSM: an answer that is not what secure messaging makes of it ends the reading there and then, whichever
// answer it is.
func TestNegativeSM(t *testing.T) {
	for _, v := range []struct {
		id    string
		fault cardsim.Fault
	}{
		{"SM-01", cardsim.FlipMAC}, {"SM-02", cardsim.DropMAC}, {"SM-04", cardsim.DropStatus},
		{"SM-05", cardsim.FlipCryptogram}, {"SM-06", cardsim.LieInside}, {"SM-06", cardsim.LieOutside},
		{"SM-07", cardsim.Replay}, {"SM-08", cardsim.PlainData}, {"SM-08", cardsim.PlainOK},
		{"SM-10", cardsim.SwapObjects}, {"SM-10", cardsim.ExtraObject}, {"SM-11", cardsim.WrongIndicator},
		{"SM-11", cardsim.NoIndicator}, {"SM-12", cardsim.NoPadding}, {"SM-13", cardsim.LongForm},
		{"SM-13", cardsim.IndefiniteLength}, {"SM-14", cardsim.ShortMAC}, {"SM-14", cardsim.LongMAC},
	} {
		for way, o := range sessions() {
			t.Run(v.id+" "+v.fault.String()+" "+way, func(t *testing.T) {
				t.Parallel()
				indexes, data := protected(t, o)
				for _, i := range indexes {
					o := o
					o.Fault = v.fault.At(i)
					r := situation{options: o}.read(t)
					if needsData(v.fault) && !data[i] {
						r.succeeds()
						continue
					}
					r.ends(i, i)
				}
			})
		}
	}
}

// TestNegativeSMNoData (SM-03): success without DO'87'. Without a right MAC it is a forgery; with one, a chip that has
// nothing to say where a file was asked for.
func TestNegativeSMNoData(t *testing.T) {
	for way, o := range sessions() {
		indexes, data := protected(t, o)
		t.Run("SM-03 cut out, "+way, func(t *testing.T) {
			for _, i := range indexes {
				if !data[i] {
					continue
				}
				o := o
				o.Rewrite = func(index int, raw []byte) []byte {
					if index == i {
						return raw[len(raw)-16:] // DO'99', DO'8E' and the status word
					}
					return raw
				}
				situation{options: o}.read(t).ends(i, i)
			}
		})
		t.Run("SM-03 left out by the chip, "+way, func(t *testing.T) {
			for _, i := range readings(t, o) {
				o := o
				o.Fault = cardsim.DropCryptogram.At(i)
				situation{options: o}.read(t).ends(i, i)
			}
		})
	}
}

// readings lists the numbers of the protected READ BINARY commands.
func readings(t *testing.T, o cardsim.Options) (indexes []int) {
	t.Helper()
	for i, c := range (situation{options: o}.read(t)).commands {
		if c[0]&apdu.ClassSecure == apdu.ClassSecure && c[1]|1 == apdu.InsReadBinaryOdd {
			indexes = append(indexes, i+1)
		}
	}
	return indexes
}

// TestNegativeSMDropped (SM-09): the chip says in the clear that it does not know the session any more. That is said,
// and the chip is opened once more at most.
func TestNegativeSMDropped(t *testing.T) {
	for _, sw := range []apdu.StatusWord{apdu.SMObjectMissing, apdu.SMObjectWrong} {
		for way, o := range sessions() {
			t.Run("SM-09 "+sw.String()+" "+way, func(t *testing.T) {
				for _, i := range readings(t, o) {
					o := o
					o.Rewrite = func(index int, raw []byte) []byte {
						if index >= i && isProtected(raw) {
							return apdu.Response{SW: sw}.Encode()
						}
						return raw
					}
					r := situation{options: o}.read(t)
					if r.err == nil {
						r.ends(i, i)
						continue
					}
					isOnly(t, r.err, emrtd.ErrSecureMessaging)
					if !errors.Is(r.err, emrtd.ErrSessionEnded) || !errors.Is(r.err, apdu.ErrSecureMessagingObj) || r.card != nil {
						t.Errorf("%v", r.err)
					}
					if again := reopened(r.commands[i:]); again > 1 {
						t.Errorf("opened %d times more", again)
					}
				}
			})
		}
	}
}

// isProtected: the answer begins with an object of secure messaging.
func isProtected(raw []byte) bool { return raw[0] == 0x87 || raw[0] == 0x85 || raw[0] == 0x99 }

// reopened counts how often access control began.
func reopened(commands [][]byte) (n int) {
	for _, c := range commands {
		if c[0]&apdu.ClassSecure == 0 && (c[1] == apdu.InsManageSecurityEnvironment || c[1] == apdu.InsGetChallenge) {
			n++
		}
	}
	return n
}

// TestNegativeSMPadding (SM-12): whoever answers does not learn whether it was the padding or the MAC.
func TestNegativeSMPadding(t *testing.T) {
	t.Run("SM-12 the same as a wrong MAC", func(t *testing.T) {
		i := readings(t, cardsim.Options{})[0]
		padding := situation{options: cardsim.Options{Fault: cardsim.NoPadding.At(i)}}.read(t)
		mac := situation{options: cardsim.Options{Fault: cardsim.FlipMAC.At(i)}}.read(t)
		if padding.err == nil || mac.err == nil || padding.err.Error() != mac.err.Error() || !errors.Is(padding.err, secmsg.ErrMAC) {
			t.Errorf("%v; %v", padding.err, mac.err)
		}
	})
}

// counters gives random numbers, the last four bytes of the first eight all ones: of RND.IC, and of RND.IFD, they are
// the send sequence counter.
func counters(last byte) io.Reader {
	first := bytes.Repeat([]byte{0xFF}, 8)
	first[7] = last
	return io.MultiReader(bytes.NewReader(first), rand.NewChaCha8([32]byte{last}))
}

// TestNegativeSMWrap (SM-15): the counter of 3DES goes from all ones to zero in the middle of a reading.
func TestNegativeSMWrap(t *testing.T) {
	for _, last := range []byte{0xFF, 0xFE, 0xFD, 0xF0} {
		t.Run("SM-15", func(t *testing.T) {
			p, err := plainProfile()
			if err != nil {
				t.Fatal(err)
			}
			chip := cardsim.New(p, cardsim.Options{NoPACE: true, Random: counters(0xFF)})
			c := emrtd.New(chip.Transport())
			c.Random = counters(last)
			if err := errors.Join(c.SelectApplication(t.Context()), c.BAC(t.Context(), p.MRZInformation)); err != nil {
				t.Fatal(err)
			}
			raw, err := c.ReadFile(t.Context(), emrtd.DG2, nil)
			if err != nil || !bytes.Equal(raw, p.Files[cardsim.DG(2)]) {
				t.Errorf("%d bytes, %v", len(raw), err)
			}
		})
	}
}

// TestNegativeSMWarning (SM-16): a warning under a right MAC comes with data that are taken.
func TestNegativeSMWarning(t *testing.T) {
	for way, o := range sessions() {
		t.Run("SM-16 "+way, func(t *testing.T) {
			clean := situation{options: o}.read(t)
			o.Edit = func(_ int, ins byte, plain apdu.Response) apdu.Response {
				if ins == apdu.InsReadBinary && len(plain.Data) > 0 {
					plain.SW = apdu.EndOfFile
				}
				return plain
			}
			r := situation{options: o}.read(t)
			r.succeeds()
			if len(r.commands) != len(clean.commands) {
				t.Errorf("%d commands, without the warning %d", len(r.commands), len(clean.commands))
			}
		})
	}
}

// TestNegativeSMMore (SM-17): a chip that says 61xx under secure messaging and has nothing more. It is asked once, and
// what it has not sent is not invented.
func TestNegativeSMMore(t *testing.T) {
	more := apdu.Response{SW: 0x6110}
	for way, o := range sessions() {
		for _, i := range readings(t, o) {
			inside, outside := o, o
			inside.Edit = func(index int, _ byte, plain apdu.Response) apdu.Response {
				if index == i {
					return more
				}
				return plain
			}
			outside.Rewrite = func(index int, raw []byte) []byte {
				if index >= i {
					return more.Encode()
				}
				return raw
			}
			for name, o := range map[string]cardsim.Options{"under a right MAC": inside, "in the clear": outside} {
				t.Run("SM-17 "+name+", "+way, func(t *testing.T) {
					situation{options: o}.read(t).ends(i, i+1)
				})
			}
		}
	}
}
