// Package emrtd opens and reads the chip of a travel document: ICAO 9303-11 access control (BAC, PACE in all its kinds),
// secure messaging, chip and active authentication, and the files of 9303-10.
//
// Start with New over a card.Transport. ReadCardAccess while nothing is authenticated, then PACE with the Best offer (or
// SelectApplication and BAC), SelectApplication, and ReadFile for each data group; ChipAuthenticate with a key of DG14
// and ActiveAuthenticate with that of DG15 have the chip prove itself, and give what a later examiner needs. Conn is
// used by one goroutine at a time.
//
// What Conn promises, whatever the card answers: after secure messaging began, no unprotected READ BINARY goes out and
// no unprotected answer is taken as data. A response that fails any check of secure messaging ends the connection for
// good (ErrSecureMessaging); a bare error status only ends the session, as 9303-11 §9.8.3 has it, and access control
// may then begin anew. That difference lets a reader step down its read size on cards that answer a too long READ
// with a bare 6700, without ever giving a forger a second guess at the same keys. So does Shorten, the one way on after
// an answer that was lost on its way.
package emrtd

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"

	"motcua/devices/card"
	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd/secmsg"
)

// What went wrong, as a caller can act on it.
var (
	ErrWrongKey        = errors.New("emrtd: the chip does not accept this key")
	ErrKeyNotKnown     = errors.New("emrtd: the chip does not know this kind of password")    // MSE:Set AT 6A88
	ErrNoPACE          = errors.New("emrtd: the chip refuses PACE with these parameters")     // MSE:Set AT refused otherwise
	ErrNotEMRTD        = errors.New("emrtd: the card is not a travel document")               // the application is not there
	ErrAccess          = errors.New("emrtd: access control failed")                           // none of the above
	ErrSecureMessaging = errors.New("emrtd: secure messaging failed")                         // the connection is dead
	ErrSessionEnded    = errors.New("emrtd: the chip ended secure messaging")                 // access control may begin anew
	ErrDamaged         = errors.New("emrtd: file is damaged")                                 // see DamagedError
	ErrUnsupported     = errors.New("emrtd: the chip offers nothing that this reader can do") // unknown curve or mapping
	// ErrNotGenuine: the chip has not the private key that its data name. After chip authentication it comes with
	// ErrSecureMessaging, and the connection is dead.
	ErrNotGenuine = errors.New("emrtd: the chip does not prove its key")
	// ErrChipRefused: the chip does not run an authentication that it offers. The session goes on.
	ErrChipRefused = errors.New("emrtd: the chip refuses to authenticate itself")
)

// WrongKeyError is an ErrWrongKey of a chip that counts.
type WrongKeyError struct {
	TriesLeft int
	Err       error
}

// Error says how many tries are left.
func (e *WrongKeyError) Error() string {
	return fmt.Sprintf("%v, %d tries left: %v", ErrWrongKey, e.TriesLeft, e.Err)
}

// Is makes it an ErrWrongKey.
func (e *WrongKeyError) Is(target error) bool { return target == ErrWrongKey }

// Unwrap gives the cause.
func (e *WrongKeyError) Unwrap() error { return e.Err }

// wrongKey tells a refusal with 63Cx, which counts, from others.
func wrongKey(err error) error {
	var status *apdu.StatusError
	if errors.As(err, &status) && status.SW&0xFFF0 == 0x63C0 {
		return &WrongKeyError{TriesLeft: int(status.SW & 0xF), Err: err}
	}
	return fmt.Errorf("%w: %w", ErrWrongKey, err)
}

// DamagedError names the file that cannot be read or understood. It is ErrDamaged.
type DamagedError struct {
	File string // "EF.SOD", "DG2" …
	Err  error
}

// Error names the file and the cause.
func (e *DamagedError) Error() string { return fmt.Sprintf("emrtd: %s is damaged: %v", e.File, e.Err) }

// Is makes every DamagedError an ErrDamaged.
func (e *DamagedError) Is(target error) bool { return target == ErrDamaged }

// Unwrap gives the cause.
func (e *DamagedError) Unwrap() error { return e.Err }

// Stats counts what went over the interface.
type Stats struct {
	APDUs int
	Up    int // bytes of command APDUs
	Down  int // bytes of response APDUs, status words included
}

// Direction of a traced APDU.
type Direction byte

// The directions, as they stand at the beginning of a trace line.
const (
	ToCard   Direction = '>'
	FromCard Direction = '<'
)

// Conn is one chip.
type Conn struct {
	// Random is where nonces and keys come from; nil means crypto/rand.
	Random io.Reader
	// Trace sees every APDU as it stands on the wire; nil for none. What it sees is personal data only under the
	// encryption of the session, except for the plain phase, which holds none.
	Trace func(d Direction, apdu []byte)
	// Challenges is where the chip's random numbers are looked for; nil means that only those of this Conn are.
	Challenges *Challenges

	transport card.Transport
	session   *secmsg.Session
	secured   bool  // secure messaging has begun at some time: no plain READ any more
	ended     bool  // the chip ended the session; only access control may go on
	dead      error // nothing may go on
	stats     Stats
	sizes     Sizes
	longest   int // bytes of the longest answer so far
	warnings  []error
	mapping   *ChipMapping // of PACE with CAM
	proof     *ChipProof   // of chip authentication, whose first answer is still to come
}

// New begins with a card that has just been powered. The transport stays the caller's to close.
func New(t card.Transport) *Conn { return &Conn{transport: t} }

// Stats is what went over the interface so far.
func (c *Conn) Stats() Stats { return c.stats }

// Secured says whether commands go out under secure messaging now.
func (c *Conn) Secured() bool { return c.session != nil }

// Cipher is that of the session, 0 without one.
func (c *Conn) Cipher() secmsg.Cipher {
	if c.session == nil {
		return 0
	}
	return c.session.Cipher()
}

// Forget wipes the session's keys. The Conn is of no use after it.
func (c *Conn) Forget() {
	if c.session != nil {
		c.session.Kill(secmsg.ErrDead)
		c.session = nil
	}
	c.dead = secmsg.ErrDead
}

func (c *Conn) random() io.Reader {
	if c.Random != nil {
		return c.Random
	}
	return rand.Reader
}

// Send transmits one command, under secure messaging if there is a session. The error is nil whenever the answer is
// genuine, whatever its status word: that is the caller's to judge.
func (c *Conn) Send(ctx context.Context, command apdu.Command) (apdu.Response, error) {
	if c.dead != nil {
		return apdu.Response{}, c.dead
	}
	if c.ended {
		return apdu.Response{}, ErrSessionEnded
	}
	if c.session == nil {
		if reads := command.INS | 1; reads == apdu.InsReadBinaryOdd && c.secured {
			return apdu.Response{}, fmt.Errorf("%w: no plain READ BINARY after it began", ErrSecureMessaging)
		}
		return c.transmit(ctx, command)
	}
	return c.sendProtected(ctx, command)
}

func (c *Conn) sendProtected(ctx context.Context, command apdu.Command) (apdu.Response, error) {
	protected, err := c.session.Protect(command)
	if err != nil {
		return apdu.Response{}, c.die(fmt.Errorf("%w: %w", ErrSecureMessaging, err))
	}
	untried := c.untried(protected)
	raw, err := c.transmit(ctx, protected)
	if err != nil {
		return apdu.Response{}, err
	}
	response, err := c.session.Unprotect(raw)
	if c.proof != nil {
		err = c.prove(protected, raw, err)
	}
	switch {
	case errors.Is(err, ErrNotGenuine):
		return apdu.Response{}, c.die(err)
	case errors.Is(err, secmsg.ErrPlainStatus):
		c.session, c.ended = nil, true
		return apdu.Response{}, fmt.Errorf("%w: %w", ErrSessionEnded, err)
	case err != nil && untried && isCut(raw):
		return apdu.Response{}, c.die(fmt.Errorf("%w: %w: %w", ErrSecureMessaging, ErrReach, err))
	case err != nil:
		return apdu.Response{}, c.die(fmt.Errorf("%w: %w", ErrSecureMessaging, err))
	}
	return response, nil
}

// exchange carries one command. A failing transport leaves the connection dead: nobody knows what the chip saw.
func (c *Conn) exchange(ctx context.Context, command apdu.Command) (apdu.Response, error) {
	raw, err := command.Encode()
	if err != nil {
		return apdu.Response{}, err
	}
	c.trace(ToCard, raw)
	c.stats.APDUs++
	c.stats.Up += len(raw)
	answer, err := c.transport.Transmit(ctx, raw)
	if err != nil && c.untried(command) && remains(ctx, err) {
		err = fmt.Errorf("%w: %w", err, ErrReach)
	}
	if err != nil {
		return apdu.Response{}, c.die(fmt.Errorf("emrtd: %w", err))
	}
	c.stats.Down += len(answer)
	c.longest = max(c.longest, len(answer))
	c.trace(FromCard, answer)
	response, err := apdu.ParseResponse(answer)
	if err != nil {
		return apdu.Response{}, c.die(fmt.Errorf("emrtd: %w: %w", card.ErrUnresponsive, err))
	}
	return response, nil
}

func (c *Conn) trace(d Direction, raw []byte) {
	if c.Trace != nil {
		c.Trace(d, raw)
	}
}

func (c *Conn) die(err error) error {
	if c.session != nil {
		c.session.Kill(err)
		c.session = nil
	}
	c.dead = err
	return err
}

// beginAccess makes way for access control: plain again if the chip ended its session.
func (c *Conn) beginAccess() error {
	if c.dead != nil {
		return c.dead
	}
	if c.session != nil {
		return fmt.Errorf("%w: a session exists", ErrAccess)
	}
	c.ended = false
	return nil
}

// secure puts a session in place.
func (c *Conn) secure(s *secmsg.Session) { c.session, c.secured = s, true }

// applicationID is that of the LDS1 eMRTD application, 9303-10 §3.4.2.
const applicationID = "\xA0\x00\x00\x02\x47\x10\x01"

const (
	selectByName    byte = 0x04
	selectByFile    byte = 0x02
	selectNoAnswer  byte = 0x0C
	swAppletRefuses      = apdu.StatusWord(0x6999) // Java Card: applet selection failed
)

// SelectApplication selects the eMRTD application, plain or under the session of PACE. ErrNotEMRTD if there is none.
func (c *Conn) SelectApplication(ctx context.Context) error {
	if c.ended {
		c.ended = false // a plain SELECT is how BAC begins anew
	}
	r, err := c.Send(ctx, apdu.Command{INS: apdu.InsSelect, P1: selectByName, P2: selectNoAnswer, Data: []byte(applicationID)})
	if err != nil {
		return err
	}
	switch err := r.SW.Err(); {
	case err == nil:
		return nil
	case errors.Is(err, apdu.ErrNotFound), errors.Is(err, apdu.ErrNotSupported), errors.Is(err, apdu.ErrWrongParameters),
		r.SW == swAppletRefuses:
		return fmt.Errorf("%w: %w", ErrNotEMRTD, err)
	default:
		return fmt.Errorf("%w: selecting the application: %w", ErrAccess, err)
	}
}
