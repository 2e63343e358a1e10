package seal

import (
	"fmt"
	"math"
	"testing"
	"testing/synctest"
	"time"
)

// What somebody with the disk has who tries numbers or PINs. Argon2id is bound by memory: each kilobyte of a pass is written once and another one read, and
// nothing that calculates faster helps. So an attacker is a bandwidth, and a try is bytes.
const (
	graphicsCard = 1e12 // bytes a second: a large one of today; a core has a hundredth of it
	oneCore      = 1e10

	day  = 24 * 60 * 60.0 // seconds
	year = 365 * day
)

func traffic(passes uint32, kib uint32) float64 { return 2 * float64(passes) * float64(kib) * 1024 }

// The numbers, with the day of birth that goes with each, which people of one province of birth may have: 80 years, two sexes, six digits behind, 365 days;
// and of how many provinces there are codes.
const (
	inProvince = 80 * 2 * 1e6 * 365
	provinces  = 63
)

// TestTagIsSlow holds what it takes to run through numbers with a stolen disk, by what a tag costs and not by the time that it takes here: one graphics card
// has the tags of one province after years and of all after more than a century, a core that waits for nothing but its memory a hundred times as late. Of one person
// whose day of birth and sex are known it has the tag in less than an hour: a tag says whether somebody known filed here, and nothing else.
func TestTagIsSlow(t *testing.T) {
	g := tagger(t, 1)
	each := traffic(g.time, g.memory)
	for _, c := range []struct {
		what            string
		numbers, memory float64
		least           float64 // seconds
	}{
		{"one province, a graphics card", inProvince, graphicsCard, 2 * year},
		{"all provinces, a graphics card", provinces * inProvince, graphicsCard, 120 * year},
		{"one province, a core", inProvince, oneCore, 200 * year},
		{"all provinces, a core", provinces * inProvince, oneCore, 12000 * year},
	} {
		takes := c.numbers * each / c.memory
		t.Logf("%s: %s", c.what, human(takes))
		if takes < c.least {
			t.Errorf("%s: %s, less than %s", c.what, human(takes), human(c.least))
		}
	}
}

// Whoever asks: one number at a time.
func TestOneTagAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := tagger(t, 1)
		g.turn, g.time, g.memory = make(chan struct{}, 1), 1, 64
		g.turn <- struct{}{} // somebody else's
		made := make(chan []byte, 1)
		go func() { made <- g.Tag("099160000017") }()
		synctest.Wait()
		select {
		case <-made:
			t.Error("two at a time")
		default:
		}
		<-g.turn
		<-made
	})
}

// TestPINIsSlow holds what it takes to try all PINs with a stolen disk: a graphics card has them in a day or two, which is why a card can be
// asked for besides; a core needs months.
func TestPINIsSlow(t *testing.T) {
	l := Locked{Time: PINTime, Memory: PINMemory}
	pins := math.Pow10(MinPIN)
	for what, c := range map[string]struct{ memory, least float64 }{"a graphics card": {graphicsCard, day}, "a core": {oneCore, 0.3 * year}} {
		takes := pins * traffic(l.Time, l.Memory) / c.memory
		t.Logf("%s: %s", what, human(takes))
		if takes < c.least {
			t.Errorf("%s: %s, less than %s", what, human(takes), human(c.least))
		}
	}
	made, err := Lock(officer(t), "an", Secret{Card: sod}) // without a PIN it costs nothing, and says what one would
	if err != nil || made.Time != PINTime || made.Memory != PINMemory {
		t.Errorf("locked with %d passes over %d KiB, %v", made.Time, made.Memory, err)
	}
}

func human(seconds float64) string {
	if seconds >= year {
		return fmt.Sprintf("%.1f years", seconds/year)
	}
	return fmt.Sprint(time.Duration(seconds * float64(time.Second)).Round(time.Hour))
}
