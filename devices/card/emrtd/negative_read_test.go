package emrtd_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"testing"

	"motcua/devices/card"
	"motcua/devices/card/apdu"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/tlv"
	"motcua/devices/card/vncard"
)

// watched is a situation whose chip is seen through a spy: edit may look at the command.
func watched(s situation, edit func(s *cardtest.Spy, plain apdu.Response) apdu.Response) (situation, *cardtest.Spy) {
	eyes := &cardtest.Spy{}
	s.between = func(t card.Transport) card.Transport {
		eyes.Transport = t
		return eyes
	}
	if edit != nil {
		s.options.Edit = func(_ int, ins byte, plain apdu.Response) apdu.Response {
			if ins|1 != apdu.InsReadBinaryOdd {
				return plain
			}
			return edit(eyes, plain)
		}
	}
	return s, eyes
}

// shortFiles is how many of the files that a reading takes are shorter than their first block.
func shortFiles(t *testing.T, o cardsim.Options) int {
	t.Helper()
	s, eyes := watched(situation{options: o}, nil)
	short := 0
	s.options.Edit = func(_ int, _ byte, plain apdu.Response) apdu.Response {
		if eyes.ShortIdentifier() && len(plain.Data) < eyes.Ne() {
			short++
		}
		return plain
	}
	s.read(t).succeeds()
	return short
}

// TestNegativeReadEnd: the chip has words of its own for a READ BINARY that goes beyond the end of a file. The file is
// whole all the same, for at most two commands more.
func TestNegativeReadEnd(t *testing.T) {
	for way, o := range sessions() {
		clean := situation{options: o}.read(t)
		short := shortFiles(t, o)
		if short < 3 {
			t.Fatalf("%d short files", short)
		}
		for _, v := range []struct {
			id, what string
			word     func(there int) apdu.Response
			more     int // commands for each short file
		}{
			{"READ-01", "6B00", func(int) apdu.Response { return apdu.Response{SW: apdu.OffsetOutside} }, 2},
			{"READ-02", "6282 without data", func(int) apdu.Response { return apdu.Response{SW: apdu.EndOfFile} }, 2},
			{"READ-03", "6Cxx", func(there int) apdu.Response { return apdu.Response{SW: 0x6C00 | apdu.StatusWord(there&0xFF)} }, 1},
		} {
			t.Run(v.id+" "+v.what+" "+way, func(t *testing.T) {
				s, eyes := watched(situation{options: o}, func(s *cardtest.Spy, plain apdu.Response) apdu.Response {
					if n := len(plain.Data); n > 0 && n < s.Ne() && n <= apdu.MaxShortNe {
						return v.word(n)
					}
					return plain
				})
				r := s.read(t)
				r.succeeds()
				if want := len(clean.commands) + short*v.more; len(r.commands) > want {
					t.Errorf("%d commands, want at most %d", len(r.commands), want)
				}
				if first, last := eyes.Asked[0], eyes.Asked[len(eyes.Asked)-1]; last > first {
					t.Errorf("asks for %d at the end, for %d at the beginning", last, first)
				}
			})
		}
		t.Run("READ-02 6282 with data "+way, func(t *testing.T) {
			o := o
			o.EndOfFileWarning = true
			r := situation{options: o}.read(t)
			r.succeeds()
			if len(r.commands) != len(clean.commands) {
				t.Errorf("%d commands, want %d", len(r.commands), len(clean.commands))
			}
		})
	}
}

// TestNegativeReadCorrectedLength (READ-03): 6Cxx in the middle of a file is how much the chip gives at once. It is
// asked so from then on; 6Cxx without end is not followed.
func TestNegativeReadCorrectedLength(t *testing.T) {
	const most = 0x50
	t.Run("READ-03 remembered", func(t *testing.T) {
		s, eyes := watched(situation{}, func(s *cardtest.Spy, plain apdu.Response) apdu.Response {
			if s.Command.CLA != 0 && s.Ne() > most {
				return apdu.Response{SW: 0x6C00 | most}
			}
			return plain
		})
		s.read(t).succeeds()
		refused := 0
		for _, n := range eyes.Asked[1:] {
			if n > most {
				refused++
			}
		}
		if refused != 1 {
			t.Errorf("asked for too much %d times", refused)
		}
	})
	t.Run("READ-03 for ever", func(t *testing.T) {
		s, _ := watched(situation{}, func(s *cardtest.Spy, plain apdu.Response) apdu.Response {
			if s.Command.CLA != 0 {
				return apdu.Response{SW: 0x6C00 | apdu.StatusWord(s.Ne()-1)}
			}
			return plain
		})
		r := s.read(t)
		if r.err == nil || r.card != nil {
			t.Errorf("a card is given out: %v", r.err)
		}
		if len(r.commands) > 80 {
			t.Errorf("%d commands", len(r.commands))
		}
	})
}

// TestNegativeReadTooLong (READ-04): a refused length is made smaller and stays so, in a new session where the chip
// ended the old one.
func TestNegativeReadTooLong(t *testing.T) {
	for _, limit := range []int{222, 200, 160, 128} {
		for name, o := range map[string]cardsim.Options{
			"PACE": {}, "BAC": {NoPACE: true}, "PACE, ends the session": {PlainErrors: true}, "BAC, ends the session": {NoPACE: true, PlainErrors: true},
		} {
			t.Run("READ-04 "+name, func(t *testing.T) {
				o.MaxNe = limit
				s, eyes := watched(situation{options: o}, nil)
				s.read(t).succeeds()
				refused := 0
				for i, n := range eyes.Asked {
					if n > limit {
						refused++
					}
					if i > 0 && n > eyes.Asked[0] {
						t.Errorf("asks for %d after a refusal", n)
					}
				}
				if refused > 5 {
					t.Errorf("%d refusals", refused)
				}
			})
		}
	}
}

// TestNegativeReadNothing (READ-05): a chip that succeeds without data, for ever, is asked once.
func TestNegativeReadNothing(t *testing.T) {
	nothing := func(s *cardtest.Spy, plain apdu.Response) apdu.Response {
		if s.Command.CLA != 0 {
			return apdu.Response{SW: apdu.OK}
		}
		return plain
	}
	for way, o := range sessions() {
		t.Run("READ-05 "+way, func(t *testing.T) {
			first := readings(t, o)[0]
			s, _ := watched(situation{options: o}, nothing)
			s.read(t).fails(emrtd.ErrSecureMessaging, first)
		})
		t.Run("READ-05 in the clear, "+way, func(t *testing.T) {
			s, _ := watched(situation{options: o}, func(s *cardtest.Spy, plain apdu.Response) apdu.Response {
				if s.Command.CLA == 0 {
					return apdu.Response{SW: apdu.OK}
				}
				return plain
			})
			r := s.read(t)
			r.succeeds()
			plain := slices.DeleteFunc(r.commands, func(c []byte) bool { return c[0] != 0 })
			if n := cardtest.Count(plain, apdu.InsReadBinary); n > 3 { // extended, short, in the application
				t.Errorf("EF.CardAccess is read %d times", n)
			}
		})
	}
}

// trickle is a chip in the clear whose file comes a byte at a time.
type trickle struct {
	card.Transport
	file     []byte
	commands int
}

func (c *trickle) Transmit(_ context.Context, raw []byte) ([]byte, error) {
	c.commands++
	command, err := apdu.ParseCommand(raw)
	if err != nil {
		return nil, err
	}
	offset := int(command.P1&0x7F)<<8 | int(command.P2)
	if command.P1&0x80 != 0 {
		offset = int(command.P2)
	}
	return []byte{c.file[offset], 0x90, 0x00}, nil
}

// TestNegativeReadTrickle (READ-06): a byte at a time. Small files end, large ones are given up.
func TestNegativeReadTrickle(t *testing.T) {
	t.Run("READ-06 65535 bytes", func(t *testing.T) {
		chip := &trickle{file: tlv.New(0x75, make([]byte, 65531))}
		raw, err := emrtd.New(chip).ReadFile(t.Context(), emrtd.DG2, nil)
		if !errors.Is(err, emrtd.ErrDamaged) || raw != nil || chip.commands > 1024 {
			t.Errorf("%d bytes after %d commands, %v", len(raw), chip.commands, err)
		}
	})
	t.Run("READ-06 a whole card", func(t *testing.T) {
		s, _ := watched(situation{}, func(_ *cardtest.Spy, plain apdu.Response) apdu.Response {
			plain.Data = plain.Data[:min(1, len(plain.Data))]
			return plain
		})
		r := s.read(t)
		r.succeeds(emrtd.SOD, emrtd.DG2)
		if len(r.commands) > 4*1024 {
			t.Errorf("%d commands", len(r.commands))
		}
	})
}

// firstBlocks lists the commands that ask for the first block of a file under secure messaging.
func firstBlocks(t *testing.T, o cardsim.Options) map[int]emrtd.File {
	t.Helper()
	files := map[int]emrtd.File{}
	for i, c := range (situation{options: o}.read(t)).commands {
		if c[0]&apdu.ClassSecure != 0 && c[1] == apdu.InsReadBinary && c[2]&0x80 != 0 {
			files[i+1] = emrtd.File(c[2] & 0x1F)
		}
	}
	return files
}

// TestNegativeReadHuge (READ-07): a file that claims 2 GiB is given up at its first block, and nothing is made ready
// for it.
func TestNegativeReadHuge(t *testing.T) {
	for way, o := range sessions() {
		for i, file := range firstBlocks(t, o) {
			t.Run("READ-07 "+file.String()+" "+way, func(t *testing.T) {
				o := o
				o.Fault = cardsim.HugeFile.At(i)
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				r := situation{options: o}.read(t)
				runtime.ReadMemStats(&after)
				r.succeeds(file)
				const muchMore = 1 << 26 // bytes: the reading itself takes some, and so do tests beside this one
				if used := after.TotalAlloc - before.TotalAlloc; used > muchMore {
					t.Errorf("%d bytes were allocated", used)
				}
				if i < len(r.commands) && r.commands[i][1] == apdu.InsReadBinary && r.commands[i][2]&0x80 == 0 {
					t.Error("the file is read on")
				}
			})
		}
	}
}

// TestNegativeReadTruncated (READ-08): a file that is shorter than its own length says.
func TestNegativeReadTruncated(t *testing.T) {
	for _, file := range []emrtd.File{emrtd.SOD, emrtd.DG1, emrtd.DG2, emrtd.DG13, emrtd.DG14, emrtd.DG15} {
		for way, o := range sessions() {
			t.Run("READ-08 "+file.String()+" "+way, func(t *testing.T) {
				p := with(t, cardsim.FileID(file.Identifier()), func(raw []byte) []byte { return raw[:len(raw)-3] })
				c := situation{profile: p, options: o}.read(t).succeeds(file)
				if outcome(c, vncard.CheckDataGroups) == vncard.Passed {
					t.Error("the hashes are said to be right")
				}
				conn := opened(t, p, o)
				raw, err := conn.ReadFile(t.Context(), file, nil)
				if !errors.Is(err, emrtd.ErrTruncated) || !errors.Is(err, emrtd.ErrDamaged) || raw != nil {
					t.Errorf("%d bytes, %v", len(raw), err)
				}
			})
		}
	}
}

// opened opens a chip with the CAN, or with BAC.
func opened(t *testing.T, p *cardsim.Profile, o cardsim.Options) *emrtd.Conn {
	t.Helper()
	c := emrtd.New(cardsim.New(p, o).Transport())
	if !o.NoPACE {
		_, infos, err := c.ReadCardAccess(t.Context(), o.Extended)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.PACE(t.Context(), infos.PACE()[0], emrtd.CAN(p.CAN)); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.SelectApplication(t.Context()); err != nil {
		t.Fatal(err)
	}
	if o.NoPACE {
		if err := c.BAC(t.Context(), p.MRZInformation); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// TestNegativeReadMore (READ-09): more than was asked for is not taken.
func TestNegativeReadMore(t *testing.T) {
	for name, o := range map[string]cardsim.Options{"PACE": {}, "BAC": {NoPACE: true}} {
		for _, file := range []emrtd.File{emrtd.SOD, emrtd.DG1, emrtd.DG13} {
			t.Run("READ-09 "+file.String()+" "+name, func(t *testing.T) {
				var struck bool
				s, _ := watched(situation{options: o}, func(s *cardtest.Spy, plain apdu.Response) apdu.Response {
					if s.ShortIdentifier() && emrtd.File(s.Command.P1&0x1F) == file {
						struck = true
						plain.Data = append(plain.Data, make([]byte, s.Ne()+1-len(plain.Data))...)
					}
					return plain
				})
				s.read(t).succeeds(file)
				if !struck {
					t.Error("nothing was changed")
				}
			})
		}
	}
}
