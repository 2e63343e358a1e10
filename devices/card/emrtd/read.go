package emrtd

import (
	"context"
	"errors"
	"fmt"

	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/tlv"
)

// This file reads elementary files. The rules are:
//
//   - The first READ BINARY selects by short file identifier, every other one names an offset only. (A card was seen
//     that answers the identifier a second time with something else.)
//   - No separate read of the header: the first block carries the length, and reading ends exactly there.
//   - A block is as large as a protected answer of 256 bytes can carry: 223 plain bytes under AES, 231 under 3DES.
//     Cards were seen to answer 256 plain bytes in 285; readers were seen to lose such answers.
//   - Extended length only after the chip took it once, in the plain phase, where a refusal costs one APDU and no
//     session.
//   - A refused length steps down. What was learnt is in Sizes, to be remembered for the next card of the kind. 6Cxx at
//     the end of a file is about that file, and teaches nothing.
//   - A chip that refuses to read beyond a file's end (6B00, 6282 without data) is asked for the header alone, and then
//     for exactly what is there.
//   - Under secure messaging, a READ BINARY that succeeds and gives nothing is not an answer: it ends the connection.

const (
	sfiFlag        byte = 0x80   // P1 of READ BINARY: bits 5 to 1 are a short file identifier
	largestOffset       = 0x7FFF // that P1-P2 can name; beyond it the odd instruction is needed
	shortAnswer         = apdu.MaxShortNe
	maxFileSize         = 1 << 18 // bytes; LDS1 files end at 64 KiB
	maxReads            = 1024    // of one file: a chip that trickles single bytes is not waited for
	oddHeader           = 5       // at most, of DO'53' around the data
	smallestChunk       = 128
	extendedAnswer      = apdu.MaxExtendedNe
	longestHeader       = 6 // bytes of tag and length; no file is shorter than that

	tagOffset        tlv.Tag = 0x54
	tagDiscretionary tlv.Tag = 0x53
)

// ErrTruncated: a file ends before its own length says. It comes with ErrDamaged.
var ErrTruncated = errors.New("emrtd: file ends before its own length")

// errNothing: success without a byte, in the clear.
var errNothing = errors.New("emrtd: success without data")

// Sizes is what a reader has learnt about lengths.
type Sizes struct {
	Extended bool // extended APDUs go through
	Chunk    int  // plain bytes per short READ BINARY that work; 0: not known to be limited
}

// stepsDown are the sizes that are tried in turn after a refusal.
func stepsDown() [4]int { return [...]int{223, 192, 160, smallestChunk} }

// smaller is the next step, false if there is none.
func (s Sizes) smaller(now int) (Sizes, bool) {
	if s.Extended {
		return Sizes{Chunk: s.Chunk}, true
	}
	for _, size := range stepsDown() {
		if size < now {
			return Sizes{Chunk: size}, true
		}
	}
	return s, false
}

// Sizes is what holds now.
func (c *Conn) Sizes() Sizes { return c.sizes }

// SetSizes begins with what was learnt from another card of the kind.
func (c *Conn) SetSizes(s Sizes) { c.sizes = s }

// chunk is how many plain bytes the next READ BINARY asks for.
func (c *Conn) chunk(odd bool) int {
	if c.sizes.Extended {
		return extendedAnswer
	}
	limit := shortAnswer
	if c.session != nil {
		limit = c.session.Cipher().Capacity(shortAnswer, odd)
	}
	if c.sizes.Chunk > 0 {
		limit = min(limit, c.sizes.Chunk)
	}
	return limit
}

// ReadCardAccess reads EF.CardAccess in the plain phase. With probe, the first attempt is an extended READ BINARY:
// if the chip takes it, Sizes says so from then on. An *apdu.StatusError in the chain means that the chip refuses the
// file, ErrDamaged that what it gave makes no sense.
func (c *Conn) ReadCardAccess(ctx context.Context, probe bool) ([]byte, lds.SecurityInfos, error) {
	if c.session != nil || c.secured {
		return nil, nil, fmt.Errorf("%w: EF.CardAccess is read before it", ErrSecureMessaging)
	}
	before := c.sizes
	c.sizes.Extended = c.sizes.Extended || probe
	raw, err := c.readSteppingDown(ctx, CardAccess)
	if c.dead != nil {
		c.sizes = before // the probe ended with the transport: nothing was learnt
	}
	if err != nil {
		return nil, nil, err
	}
	infos, err := lds.ParseCardAccess(raw)
	if err != nil {
		return nil, nil, &DamagedError{CardAccess.String(), err}
	}
	return raw, infos, nil
}

// readSteppingDown repeats a plain read with smaller sizes. An extended attempt that fails in whatever way is repeated
// short, because chips refuse lengths with the oddest words, and readers with errors of their own; only "not found" is
// taken at its word, and says that the chip understood the length.
func (c *Conn) readSteppingDown(ctx context.Context, f File) ([]byte, error) {
	for {
		extended := c.sizes.Extended
		raw, err := c.ReadFile(ctx, f, nil)
		if err == nil || !extended || errors.Is(err, apdu.ErrNotFound) || !c.mayBeLength(ctx, err) {
			return raw, err
		}
		c.sizes.Extended, c.dead = false, nil
	}
}

// mayBeLength: an error that can come from the length of a command in the clear, and that leaves a chip to go on with.
func (c *Conn) mayBeLength(ctx context.Context, err error) bool {
	var refused *apdu.StatusError
	if errors.As(err, &refused) || errors.Is(err, errNothing) {
		return true
	}
	return !errors.Is(err, ErrDamaged) && remains(ctx, err)
}

// ReadFile reads one file from beginning to end. Under secure messaging a refused length is stepped down from; if the
// chip ended the session over it (ErrSessionEnded with apdu.ErrWrongLength), the smaller size is set already and the
// caller may repeat access control and ReadFile. progress may be nil; it gets bytes read and the file's size.
//
// Errors: an *apdu.StatusError for a file that the chip does not give, ErrDamaged for one whose bytes make no sense,
// ErrSessionEnded, ErrSecureMessaging, or the transport's.
func (c *Conn) ReadFile(ctx context.Context, f File, progress func(read, size int)) ([]byte, error) {
	r := fileReader{conn: c, file: f, progress: progress}
	for r.size == 0 || len(r.data) < r.size {
		if r.reads++; r.reads > maxReads {
			return nil, r.damaged(fmt.Errorf("more than %d reads", maxReads))
		}
		if err := r.next(ctx); err != nil {
			clear(r.data)
			return nil, err
		}
	}
	return r.data[:r.size:r.size], nil
}

// fileReader is one file on its way.
type fileReader struct {
	conn     *Conn
	file     File
	data     []byte
	size     int  // 0 until the first block has come
	selected bool // the file was selected by its identifier, READ BINARY needs no short one
	ask      int  // what the next READ BINARY asks for; 0: the size in use
	told     bool // ask is what the chip said in 6Cxx
	reads    int
	progress func(read, size int)
}

// next reads one block, or changes how blocks are read.
func (r *fileReader) next(ctx context.Context) error {
	odd := len(r.data) > largestOffset
	command := r.command(odd)
	exact, told := r.ask > 0, r.told
	r.ask, r.told = 0, false
	response, err := r.conn.Send(ctx, command)
	if errors.Is(err, ErrSessionEnded) && errors.Is(err, apdu.ErrWrongLength) {
		r.conn.stepDown(command.Ne)
	}
	if err != nil {
		return fmt.Errorf("reading %s: %w", r.file, err)
	}
	if response.SW == apdu.OK || response.SW == apdu.EndOfFile && len(response.Data) > 0 {
		err := r.take(response.Data, command, odd)
		if told && err == nil && len(r.data) < r.size {
			r.conn.sizes = Sizes{Chunk: command.Ne} // not the end of the file, so it is how much the chip gives at once
		}
		return err
	}
	return r.refused(ctx, command, response.SW, exact)
}

func (r *fileReader) command(odd bool) apdu.Command {
	c := apdu.Command{INS: apdu.InsReadBinary, Ne: r.conn.chunk(odd), Extended: r.conn.sizes.Extended}
	if r.ask > 0 {
		c.Ne = r.ask
	}
	offset := len(r.data)
	switch {
	case odd:
		c.INS = apdu.InsReadBinaryOdd // P1-P2 0000: the file that is selected
		c.Data = tlv.New(tagOffset, []byte{byte(offset >> 16), byte(offset >> 8), byte(offset)})
		c.Ne = min(c.Ne, r.size-offset+oddHeader)
		return c
	case offset == 0 && !r.selected:
		c.P1 = sfiFlag | r.file.short()
	default:
		c.P1, c.P2 = byte(offset>>8), byte(offset)
	}
	if r.size > 0 {
		c.Ne = min(c.Ne, r.size-offset)
	}
	return c
}

// take appends a block. The first one tells the size.
func (r *fileReader) take(block []byte, command apdu.Command, odd bool) error {
	if len(block) == 0 && r.conn.session != nil {
		return r.conn.die(fmt.Errorf("%w: READ BINARY of %s succeeds without data", ErrSecureMessaging, r.file))
	}
	if len(block) == 0 {
		return r.damaged(errNothing)
	}
	if len(block) > command.Ne {
		return r.damaged(fmt.Errorf("%d bytes in answer to %d, %d of %d read", len(block), command.Ne, len(r.data), r.size))
	}
	if odd {
		o, err := tlv.One(block)
		if err != nil || o.Tag != tagDiscretionary || len(o.Value) == 0 {
			return r.damaged(fmt.Errorf("answer to the odd READ BINARY without DO'53'"))
		}
		block = o.Value
	}
	if r.size == 0 {
		r.data = append(r.data, block...)
		if err := r.begin(); err != nil || r.size == 0 {
			return err
		}
		r.data = r.data[:min(len(r.data), r.size)]
	} else {
		r.data = append(r.data, block[:min(len(block), r.size-len(r.data))]...)
	}
	if r.progress != nil {
		r.progress(len(r.data), r.size)
	}
	return nil
}

// begin reads the file's header from its first bytes. A block may be too short for that.
func (r *fileReader) begin() error {
	tag, header, length, err := tlv.Tolerant.Header(r.data)
	if err != nil && len(r.data) < longestHeader {
		return nil
	}
	if err != nil {
		return r.damaged(err)
	}
	if tag != r.file.Tag() || length == 0 || header+length > maxFileSize {
		return r.damaged(fmt.Errorf("tag %s with %d bytes", tag, length))
	}
	r.size = header + length
	return nil
}

// refused decides what a status word means for the rest of the file. exact says that the command asked for something
// else than the size in use, which is tried once.
func (r *fileReader) refused(ctx context.Context, command apdu.Command, sw apdu.StatusWord, exact bool) error {
	err := sw.Err()
	switch available, _ := sw.Available(); {
	case available > 0 && available < command.Ne && !exact:
		r.ask, r.told = available, true
		return nil
	case errors.Is(err, apdu.ErrWrongLength) && !exact && r.conn.stepDown(command.Ne):
		return nil
	case errors.Is(err, apdu.ErrOffset) && len(r.data) > 0, errors.Is(err, apdu.ErrEndOfFile) && len(r.data) > 0:
		return r.damaged(fmt.Errorf("%w: after %d of %d bytes", ErrTruncated, len(r.data), r.size))
	case r.endsEarly(err) && !exact:
		r.ask = longestHeader
		return nil
	case r.needsSelect(sw):
		return r.selectFile(ctx)
	}
	return fmt.Errorf("emrtd: reading %s: %w", r.file, err)
}

// endsEarly: the first block of a file was asked for, and it may be that the file is shorter than the block.
func (r *fileReader) endsEarly(err error) bool {
	return len(r.data) == 0 && (errors.Is(err, apdu.ErrOffset) || errors.Is(err, apdu.ErrEndOfFile) || errors.Is(err, apdu.ErrWrongLength))
}

// needsSelect: chips that do not know short file identifiers answer 6A86 or 6981 to one (ISO 7816-4 table 6).
func (r *fileReader) needsSelect(sw apdu.StatusWord) bool {
	const incompatibleWithFile = apdu.StatusWord(0x6981)
	return len(r.data) == 0 && !r.selected && (sw == apdu.WrongP1P2 || sw == incompatibleWithFile)
}

func (r *fileReader) selectFile(ctx context.Context) error {
	id := r.file.Identifier()
	response, err := r.conn.Send(ctx, apdu.Command{INS: apdu.InsSelect, P1: selectByFile, P2: selectNoAnswer,
		Data: []byte{byte(id >> 8), byte(id)}})
	if err != nil {
		return fmt.Errorf("selecting %s: %w", r.file, err)
	}
	if err := response.SW.Err(); err != nil {
		return fmt.Errorf("emrtd: selecting %s: %w", r.file, err)
	}
	r.selected = true
	return nil
}

func (r *fileReader) damaged(err error) error { return &DamagedError{r.file.String(), err} }

// stepDown makes the next READ BINARY ask for less. A block at the end of a file may have been smaller than the size in
// use; then nothing smaller helps.
func (c *Conn) stepDown(asked int) bool {
	smaller, ok := c.sizes.smaller(asked)
	if ok {
		c.sizes = smaller
	}
	return ok
}
