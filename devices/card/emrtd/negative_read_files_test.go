package emrtd_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"motcua/devices/card"
	"motcua/devices/card/apdu"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/tlv"
	"motcua/devices/card/vncard"
)

// large is a card whose portrait goes beyond what P1-P2 can name.
func large(t *testing.T) *cardsim.Profile {
	t.Helper()
	photo, err := smallPhoto()
	if err != nil {
		t.Fatal(err)
	}
	const app11 = 20000 // bytes of each of two segments that mean nothing
	var filled []byte
	for range 2 {
		filled = append(filled, 0xFF, 0xEB, app11>>8, app11&0xFF)
		filled = append(filled, make([]byte, app11-2)...)
	}
	at := 2 + 2 + (int(photo[4])<<8 | int(photo[5])) // behind the JFIF header
	return profile(t, cardsim.ProfileOptions{Photo: bytes.Join([][]byte{photo[:at], filled, photo[at:]}, nil)})
}

// TestNegativeReadOdd (READ-10): beyond 32767 bytes only the odd instruction is used, and only there.
func TestNegativeReadOdd(t *testing.T) {
	p := large(t)
	for way, o := range sessions() {
		t.Run("READ-10 "+way, func(t *testing.T) {
			s, eyes := watched(situation{profile: p, options: o}, nil)
			last := 0 // offset of the last even READ BINARY of DG2
			s.options.Edit = func(_ int, ins byte, plain apdu.Response) apdu.Response {
				if ins == apdu.InsReadBinary && !eyes.ShortIdentifier() {
					last = max(last, int(eyes.Command.P1)<<8|int(eyes.Command.P2))
				}
				return plain
			}
			r := s.read(t)
			r.succeeds()
			if last > 0x7FFF {
				t.Errorf("an even READ BINARY names the offset %d", last)
			}
			if n := cardtest.Count(r.commands, apdu.InsReadBinaryOdd); n == 0 && !o.Extended {
				t.Error("the odd instruction is not used")
			}
		})
	}
}

// TestNegativeReadOddForm (READ-11): answers to the odd instruction that are not DO'53' and nothing else.
func TestNegativeReadOddForm(t *testing.T) {
	p := large(t)
	for name, change := range map[string]func(data []byte) []byte{
		"no DO'53'":       func(data []byte) []byte { return data[3:] },
		"another object":  func(data []byte) []byte { data[0] = 0x54; return data },
		"one byte longer": func(data []byte) []byte { data[2]++; return data },
		"one shorter":     func(data []byte) []byte { data[2]--; return data },
		"empty":           func([]byte) []byte { return []byte{0x53, 0} },
		"byte after it":   func(data []byte) []byte { data[2] -= 2; return data[:len(data)-1] },
	} {
		t.Run("READ-11 "+name, func(t *testing.T) {
			s, _ := watched(situation{profile: p}, func(s *cardtest.Spy, plain apdu.Response) apdu.Response {
				if s.Command.INS == apdu.InsReadBinaryOdd {
					if len(plain.Data) < 130 || plain.Data[1] != 0x81 {
						t.Fatalf("a block that the changes are not made for: %X", plain.Data[:3])
					}
					plain.Data = change(plain.Data)
				}
				return plain
			})
			r := s.read(t)
			r.succeeds(emrtd.DG2)
			if n := cardtest.Count(r.commands, apdu.InsReadBinaryOdd); n != 1 {
				t.Errorf("asked %d times", n)
			}
		})
	}
}

// TestNegativeReadMissing (READ-12): a data group that EF.SOD lists and the chip does not have.
func TestNegativeReadMissing(t *testing.T) {
	gone := func([]byte) []byte { return nil }
	for _, file := range []emrtd.File{emrtd.DG1, emrtd.DG2, emrtd.DG13, emrtd.DG14, emrtd.DG15} {
		for way, o := range sessions() {
			t.Run("READ-12 "+file.String()+" "+way, func(t *testing.T) {
				c := situation{profile: with(t, cardsim.FileID(file.Identifier()), gone), options: o}.read(t).succeeds(file)
				if !contains(c.Refused, file) || outcome(c, vncard.CheckDataGroups) != vncard.Failed {
					t.Errorf("refused %v, %v", c.Refused, c.Checks)
				}
			})
		}
	}
}

// TestNegativeReadCardAccess (READ-13): EF.CardAccess is refused. Where the file is said not to be there, the chip has no
// PACE; where it is refused, PACE is tried all the same. BAC in place of a PACE that DG14 speaks of is found out.
func TestNegativeReadCardAccess(t *testing.T) {
	without := cardsim.ProfileOptions{BACOnly: true}
	noPACE := cardsim.Options{NoPACE: true}
	for name, v := range map[string]struct {
		sw      apdu.StatusWord
		profile cardsim.ProfileOptions
		options cardsim.Options
		access  vncard.Access
		check   vncard.Outcome
	}{
		"6283, PACE all the same": {0x6283, cardsim.ProfileOptions{}, cardsim.Options{}, vncard.PACECAN, vncard.Passed},
		"6283, a downgrade":       {0x6283, cardsim.ProfileOptions{}, noPACE, vncard.BAC, vncard.Failed},
		"6283, none":              {0x6283, without, noPACE, vncard.BAC, vncard.Passed},
		"6A82, hidden on the way": {apdu.FileNotFound, cardsim.ProfileOptions{}, cardsim.Options{}, vncard.BAC, vncard.Failed},
		"6A82, a downgrade":       {apdu.FileNotFound, cardsim.ProfileOptions{}, noPACE, vncard.BAC, vncard.Failed},
		"6A82, none":              {apdu.FileNotFound, without, noPACE, vncard.BAC, vncard.Passed},
	} {
		t.Run("READ-13 "+name, func(t *testing.T) {
			s, _ := watched(situation{profile: profile(t, v.profile), options: v.options}, func(s *cardtest.Spy, plain apdu.Response) apdu.Response {
				if s.Command.CLA == 0 {
					return apdu.Response{SW: v.sw}
				}
				return plain
			})
			c := s.read(t).succeeds()
			if c.Access != v.access || outcome(c, vncard.CheckAccess) != v.check {
				t.Errorf("%s, %v", c.Access, c.Checks)
			}
		})
	}
}

// TestNegativeReadMasterFile (READ-14): what a chip says to SELECT MF does not matter, for it is not asked.
func TestNegativeReadMasterFile(t *testing.T) {
	for _, sw := range []apdu.StatusWord{apdu.WrongINS, apdu.WrongP1P2, apdu.ConditionsOfUse, apdu.SecurityStatus, apdu.OK} {
		for way, o := range sessions() {
			t.Run("READ-14 "+sw.String()+" "+way, func(t *testing.T) {
				o := o
				o.MF = sw
				r := situation{options: o}.read(t)
				c := r.succeeds()
				if c.Files[emrtd.CardAccess] == nil && !o.NoPACE {
					t.Error("EF.CardAccess was not read")
				}
				for _, command := range r.commands {
					if command[0] == 0 && command[1] == apdu.InsSelect && command[2] != 4 {
						t.Errorf("%X", command)
					}
				}
			})
		}
	}
}

// TestNegativeReadShortIdentifier (READ-15): a chip that knows no short file identifiers has its files selected.
func TestNegativeReadShortIdentifier(t *testing.T) {
	for _, sw := range []apdu.StatusWord{apdu.WrongP1P2, 0x6981} {
		for way, o := range sessions() {
			t.Run("READ-15 "+sw.String()+" "+way, func(t *testing.T) {
				s, _ := watched(situation{options: o}, func(s *cardtest.Spy, plain apdu.Response) apdu.Response {
					if s.ShortIdentifier() {
						return apdu.Response{SW: sw}
					}
					return plain
				})
				s.read(t).succeeds()
			})
		}
	}
}

// TestNegativeReadRemoved (READ-16): the card leaves at any command.
func TestNegativeReadRemoved(t *testing.T) {
	for way, o := range sessions() {
		t.Run("READ-16 "+way, func(t *testing.T) {
			for i := range (situation{options: o}.read(t)).commands {
				for _, tear := range []cardsim.Options{{Fault: cardsim.Tear.At(i + 1)}, {TearAfter: i}} {
					if tear.Fault == nil && i == 0 {
						continue
					}
					tear.Extended, tear.NoPACE = o.Extended, o.NoPACE
					situation{options: tear}.read(t).fails(card.ErrRemoved, i+1)
				}
			}
		})
	}
}

// failing is a reader whose driver reports an error in place of one answer.
type failing struct {
	card.Transport
	at  int
	err error
}

func (f *failing) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	response, err := f.Transport.Transmit(ctx, command)
	if f.at--; f.at == 0 {
		return nil, f.err
	}
	return response, err
}

// errData is what a driver says without a word of the contract for it.
var errData = errors.New("reader: communications data lost")

// TestNegativeReadLost (READ-17): the reader loses an answer. The reading ends there, and another one is as good as the
// first. Only the trial of extended length and the first long answer are repeated short, for there are readers that
// carry neither.
func TestNegativeReadLost(t *testing.T) {
	for way, o := range sessions() {
		t.Run("READ-17 "+way, func(t *testing.T) {
			firstRead := readings(t, o)[0]
			for i := range (situation{options: o}.read(t)).commands {
				for _, lost := range []error{card.ErrUnresponsive, errData} {
					s := situation{options: o, between: func(t card.Transport) card.Transport { return &failing{t, i + 1, lost} }}
					r := s.read(t)
					if o.Extended && (i == 0 || i+1 == firstRead) {
						r.succeeds()
						continue
					}
					r.fails(lost, i+1)
					again, err := vncard.Read(t.Context(), r.chip.Transport(), fromQR(r.profile.Persona))
					if err != nil || again.Number == "" {
						t.Errorf("the next reading after %d: %v", i+1, err)
					}
				}
			}
		})
	}
}

// short is a reader that cuts one answer down to so many bytes.
type short struct {
	card.Transport
	at, bytes int
}

func (s *short) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	response, err := s.Transport.Transmit(ctx, command)
	if s.at--; s.at == 0 && err == nil {
		response = response[:s.bytes]
	}
	return response, err
}

// TestNegativeReadByte (READ-18): an answer without a whole status word.
func TestNegativeReadByte(t *testing.T) {
	for way, o := range sessions() {
		t.Run("READ-18 "+way, func(t *testing.T) {
			for i := range (situation{options: o}.read(t)).commands {
				for n := range 2 {
					r := situation{options: o, between: func(t card.Transport) card.Transport { return &short{t, i + 1, n} }}.read(t)
					if i == 0 && o.Extended {
						r.succeeds() // the trial of extended length is repeated short
						continue
					}
					r.fails(card.ErrUnresponsive, i+1)
				}
			}
		})
	}
}

// TestNegativeReadLists (READ-19): EF.COM and EF.SOD list different data groups. EF.SOD is right, and the difference is
// there to be seen.
func TestNegativeReadLists(t *testing.T) {
	for name, v := range map[string]struct {
		tags             string
		onlyCOM, onlySOD int
	}{
		"one more": {"\x61\x75\x63\x6D\x6F\x6E\x6B", 11, 0}, "one less": {"\x61\x75\x63\x6F\x6E", 0, 13},
		"another": {"\x61\x75\x63\x6B\x6F\x6E", 11, 13}, "the same": {"\x61\x75\x63\x6D\x6F\x6E", 0, 0},
	} {
		t.Run("READ-19 "+name, func(t *testing.T) {
			p := with(t, cardsim.EFCOM, func([]byte) []byte {
				return tlv.New(lds.TagCOM, tlv.New(0x5F01, []byte("0107")), tlv.New(0x5F36, []byte("040000")), tlv.New(0x5C, []byte(v.tags)))
			})
			situation{profile: p}.read(t).succeeds()
			raw, err := opened(t, p, cardsim.Options{}).ReadFile(t.Context(), emrtd.COM, nil)
			if err != nil {
				t.Fatal(err)
			}
			com, err := lds.ParseCOM(raw)
			if err != nil {
				t.Fatal(err)
			}
			so, err := lds.ParseSOD(p.Files[cardsim.EFSOD])
			if err != nil {
				t.Fatal(err)
			}
			onlyCOM, onlySOD := com.Differs(so)
			if !is(onlyCOM, v.onlyCOM) || !is(onlySOD, v.onlySOD) {
				t.Errorf("only EF.COM: %v, only EF.SOD: %v", onlyCOM, onlySOD)
			}
		})
	}
}

// is: the list is the one number, or empty for 0.
func is(list []int, n int) bool { return n == 0 && len(list) == 0 || len(list) == 1 && list[0] == n }

// TestNegativeReadNoCOM (READ-20): a card without EF.COM.
func TestNegativeReadNoCOM(t *testing.T) {
	t.Run("READ-20", func(t *testing.T) {
		p := with(t, cardsim.EFCOM, func([]byte) []byte { return nil })
		for _, o := range sessions() {
			situation{profile: p, options: o}.read(t).succeeds()
		}
	})
}
