package qr

// field is GF(2^8) as QR codes have it (ISO/IEC 18004 §7.5.2): modulo x^8 + x^4 + x^3 + x^2 + 1, generator 2.
type field struct {
	exp [510]byte
	log [256]int
}

const fieldPoly = 0x11d

func newField() *field {
	f := new(field)
	x := 1
	for i := range 255 {
		f.exp[i], f.exp[i+255] = byte(x), byte(x)
		f.log[x] = i
		x <<= 1
		if x > 255 {
			x ^= fieldPoly
		}
	}
	return f
}

func (f *field) mul(a, b byte) byte {
	if a == 0 || b == 0 {
		return 0
	}
	return f.exp[f.log[a]+f.log[b]]
}

func (f *field) div(a, b byte) byte {
	if a == 0 {
		return 0
	}
	return f.exp[f.log[a]+255-f.log[b]]
}

// eval is the value at x of the polynomial with p's coefficients, lowest first.
func (f *field) eval(p []byte, x byte) byte {
	var v byte
	for i := len(p) - 1; i >= 0; i-- {
		v = f.mul(v, x) ^ p[i]
	}
	return v
}

// syndromes of a block of check check bytes; zero means it is a codeword.
func (f *field) syndromes(block []byte, check int) (syn []byte, zero bool) {
	syn, zero = make([]byte, check), true
	for i := range syn {
		var v byte
		for _, c := range block {
			v = f.mul(v, f.exp[i]) ^ c
		}
		syn[i] = v
		zero = zero && v == 0
	}
	return syn, zero
}

// correct repairs a block in place that ends with check check bytes, given the places of bytes that are probably wrong
// (erasures), by Berlekamp and Massey's algorithm begun with the erasures' locator, and Forney's. It returns how many
// bytes at other places were wrong. Not ok: too many; the block is then as it was.
func (f *field) correct(block []byte, check int, erased []int) (errs int, ok bool) {
	syn, zero := f.syndromes(block, check)
	if zero {
		return 0, true
	}
	if len(erased) > check {
		return 0, false
	}
	n := len(block)
	loc := make([]byte, 1, check+2) // lowest coefficient first
	loc[0] = 1
	for _, i := range erased { // times (1 + X·x)
		x := f.exp[n-1-i]
		loc = append(loc, 0)
		for j := len(loc) - 1; j > 0; j-- {
			loc[j] ^= f.mul(loc[j-1], x)
		}
	}
	loc = f.massey(loc, syn, len(erased))
	deg := len(loc) - 1
	errs = deg - len(erased)
	if errs < 0 || 2*errs+len(erased) > check {
		return 0, false
	}
	fixed := append([]byte(nil), block...)
	if !f.forney(fixed, loc, syn) {
		return 0, false
	}
	if _, zero = f.syndromes(fixed, check); !zero {
		return 0, false
	}
	copy(block, fixed)
	return errs, true
}

// massey extends a locator of known erasures to the shortest that explains the syndromes.
func (f *field) massey(loc, syn []byte, erased int) []byte {
	prev := append([]byte(nil), loc...)
	length := erased
	for r := erased; r < len(syn); r++ {
		var delta byte
		for j := 0; j < len(loc) && j <= r; j++ {
			delta ^= f.mul(loc[j], syn[r-j])
		}
		prev = append([]byte{0}, prev...)
		if delta == 0 {
			continue
		}
		next := make([]byte, max(len(loc), len(prev)))
		copy(next, loc)
		for j, p := range prev {
			next[j] ^= f.mul(delta, p)
		}
		if 2*length <= r+erased {
			length = r + 1 + erased - length
			for j, c := range loc {
				loc[j] = f.div(c, delta)
			}
			prev = loc
		}
		loc = next
	}
	for len(loc) > 1 && loc[len(loc)-1] == 0 {
		loc = loc[:len(loc)-1]
	}
	return loc
}

// forney finds the locator's roots and the values to put right. Not ok when there are fewer roots than its degree.
func (f *field) forney(block, loc, syn []byte) bool {
	omega := make([]byte, len(syn)) // evaluator: syndromes times locator, modulo x^check
	for i := range omega {
		for j := 0; j <= i && j < len(loc); j++ {
			omega[i] ^= f.mul(loc[j], syn[i-j])
		}
	}
	roots := 0
	for i := range block {
		power := len(block) - 1 - i
		inv := f.exp[255-power%255]
		if f.eval(loc, inv) != 0 {
			continue
		}
		roots++
		var slope byte // formal derivative at inv
		for j := 1; j < len(loc); j += 2 {
			slope ^= f.mul(loc[j], f.exp[f.log[inv]*(j-1)%255])
		}
		if slope == 0 {
			return false
		}
		block[i] ^= f.mul(f.exp[power%255], f.div(f.eval(omega, inv), slope))
	}
	return roots == len(loc)-1
}
