package qr

import (
	"cmp"
	"math"
	"slices"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

// What keeps a guess from being handed on as a reading.
const (
	// minSpare is how many check bytes of a block must remain over after erasures and errors (an error takes two):
	// three leave one chance in sixteen million that noise passes.
	minSpare = 3
	// maxDoubt is the largest share of the modules' evidence that may speak against the corrected code.
	maxDoubt = 0.16
	// formats is how many readings of the format information are tried.
	formats = 2
)

// Format information (ISO/IEC 18004 §7.9): five bits of data, ten of a BCH code, and a mask.
const (
	formatPoly = 0x537
	formatMask = 0x5412
	formatBits = 15
	formatData = 5
)

// formatWord is the format information's 15 bits for its five of data.
func formatWord(data uint) uint {
	rem := data << (formatBits - formatData)
	for i := formatBits - 1; i >= formatBits-formatData; i-- {
		if rem>>i&1 == 1 {
			rem ^= formatPoly << (i - (formatBits - formatData))
		}
	}
	return (data<<(formatBits-formatData) | rem) ^ formatMask
}

// format is one reading of the format information.
type format struct {
	level  decoder.ErrorCorrectionLevel
	mask   int
	mirror bool    // the code is seen from behind
	match  float64 // the more the likelier
}

// readFormats lists the likeliest readings from both copies, soft values taken together.
func (l *layout) readFormats(soft []float64) []format {
	var out []format
	for _, mirror := range [2]bool{false, true} {
		var v [formatBits]float64
		for i := range v {
			v[i] = clip(soft[l.index(l.formatA[i], mirror)]) + clip(soft[l.index(l.formatB[i], mirror)])
		}
		for data := range uint(1 << formatData) {
			w, match := formatWord(data), 0.0
			for i, x := range v {
				if w>>(formatBits-1-i)&1 == 1 {
					x = -x
				}
				match += x
			}
			level, _ := decoder.ErrorCorrectionLevel_ForBits(data >> 3) // two bits always are one
			out = append(out, format{level, int(data & 7), mirror, match})
		}
	}
	slices.SortStableFunc(out, func(a, b format) int { return cmp.Compare(b.match, a.match) })
	return out[:formats]
}

// index is a module's place when the code may be mirrored, which swaps rows and columns.
func (l *layout) index(i int32, mirror bool) int {
	if !mirror {
		return int(i)
	}
	n := int32(l.dim)
	return int(i%n*n + i/n)
}

func clip(v float64) float64 { return max(-1, min(1, v)) }

// masked says whether the data mask turns a module over (ISO/IEC 18004 §7.8.2; i is the row, j the column).
func masked(mask, i, j int) bool {
	switch mask {
	case 0:
		return (i+j)%2 == 0
	case 1:
		return i%2 == 0
	case 2:
		return j%3 == 0
	case 3:
		return (i+j)%3 == 0
	case 4:
		return (i/2+j/3)%2 == 0
	case 5:
		return i*j%2+i*j%3 == 0
	case 6:
		return (i*j%2+i*j%3)%2 == 0
	}
	return ((i+j)%2+i*j%3)%2 == 0
}

// block is one Reed-Solomon block: its bytes in the order of the code, data first.
type block struct {
	data  int   // how many of them are data
	words []int // number of the codeword, in the order of placement, of each byte
}

// blocks deals the codewords out (ISO/IEC 18004 §7.6): data bytes in turn, the longer blocks last, then check bytes in
// turn.
func blocks(v *decoder.Version, level decoder.ErrorCorrectionLevel) []block {
	ecb := v.GetECBlocksForLevel(level)
	var out []block
	longest := 0
	for _, b := range ecb.GetECBlocks() {
		for range b.GetCount() {
			out = append(out, block{data: b.GetDataCodewords()})
		}
		longest = max(longest, b.GetDataCodewords())
	}
	word := 0
	for i := range longest + ecb.GetECCodewordsPerBlock() {
		for k := range out {
			if i < longest && i >= out[k].data {
				continue
			}
			out[k].words = append(out[k].words, word)
			word++
		}
	}
	return out
}

// codewords are the bytes of a code with what each module said.
type codewords struct {
	bytes []byte
	trust []float64 // of each byte: 0 or less, near 0 is sure
	soft  []float64 // of each bit, positive for 1
}

// read takes the codewords out of the soft module values (negative dark).
func (l *layout) read(soft []float64, f format) codewords {
	total := l.version.GetTotalCodewords()
	c := codewords{make([]byte, total), make([]float64, total), make([]float64, 8*total)}
	for k := range c.soft {
		i := int(l.bits[k])
		v := -soft[l.index(l.bits[k], f.mirror)]
		if masked(f.mask, i/l.dim, i%l.dim) {
			v = -v
		}
		c.soft[k] = v
		if v > 0 {
			c.bytes[k/8] |= 0x80 >> (k % 8)
		}
		c.trust[k/8] -= math.Exp(-4 * math.Abs(v))
	}
	return c
}

// correct repairs the blocks; soft says whether bytes may be given up by their trust. Not ok when a block cannot be
// repaired with enough to spare, or when what came out is not what the modules look like.
func (c *codewords) correct(fd *field, bs []block, soft bool) (data []byte, ok bool) {
	fixed := append([]byte(nil), c.bytes...)
	for _, b := range bs {
		word := make([]byte, len(b.words))
		for i, w := range b.words {
			word[i] = c.bytes[w]
		}
		if !c.correctBlock(fd, b, word, soft) {
			return nil, false
		}
		for i, w := range b.words {
			fixed[w] = word[i]
		}
		data = append(data, word[:b.data]...)
	}
	return data, c.doubt(fixed) <= maxDoubt
}

// correctBlock repairs one block: first as it is, then giving up ever more of its least trusted bytes (Forney's
// generalised minimum distance decoding).
func (c *codewords) correctBlock(fd *field, b block, word []byte, soft bool) bool {
	check := len(word) - b.data
	if _, ok := fd.correct(word, check, nil); ok {
		return true
	}
	if !soft {
		return false
	}
	order := make([]int, len(word))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(x, y int) int { return cmp.Compare(c.trust[b.words[x]], c.trust[b.words[y]]) })
	for n := 1; n <= check-minSpare; n++ {
		try := append([]byte(nil), word...)
		if errs, ok := fd.correct(try, check, order[:n]); ok && n+2*errs <= check-minSpare {
			copy(word, try)
			return true
		}
	}
	return false
}

// doubt is the share of the evidence that is against the corrected bytes.
func (c *codewords) doubt(fixed []byte) float64 {
	var against, all float64
	for i, b := range fixed {
		diff := b ^ c.bytes[i]
		for k := range 8 {
			v := min(math.Abs(c.soft[8*i+k]), 1)
			all += v
			if diff>>(7-k)&1 == 1 {
				against += v
			}
		}
	}
	return against / max(all, 1e-9)
}
