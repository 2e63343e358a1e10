// Package cardsim is a Vietnamese chip ID card in software: its files, its people, and the chip that guards them.
//
// Start with Build, which makes the files and keys of one of the Personas, and New, which puts them into a Card. A Card
// goes onto a reader in two ways: Readers is a driver (card.Readers) in this process, ServeVPCD carries the card into a
// real PC/SC service through the virtual reader of the vsmartcard project.
//
// The chip follows ICAO 9303-10 and 9303-11 (BAC, PACE in every kind, secure messaging, chip and active authentication)
// with the habits that Vietnamese cards were seen to have, each of which Options can change, as ProfileOptions can what
// it offers. It is strict where the standards are: a reader that leaves out a chaining bit, an Le or a data object is
// refused, not helped, because a simulator that helps hides the reader's mistakes. For the same reason it shares no
// session logic with the reader's side (emrtd, secmsg.Session), only primitives (ciphers, curves, groups of numbers),
// and is held against the worked examples of ICAO.
//
// All people are invented and all keys are derived from public labels. Nothing here protects anything.
package cardsim

import (
	"bytes"
	"io"
	"sync"

	"motcua/devices/card/apdu"
)

// Card is one chip. It may be used by one reader at a time; its methods may be called concurrently.
type Card struct {
	profile *Profile
	options Options

	mu       sync.Mutex
	index    int    // of the last command since New
	previous []byte // what the reader got last
	rest     []byte // of an answer that leaves in pieces

	application bool // the eMRTD application is selected
	file        FileID
	security
}

// security is what ends with secure messaging.
type security struct {
	session   *session // to have one is what grants access
	next      *session // takes over once the answer has left under the present one
	challenge []byte   // BAC is under way
	pace      *pace    // PACE is under way
	chipKey   *ChipKey // chip authentication is under way
	chain     *chain   // a command is coming in parts
}

// New returns a card that lies nowhere yet.
func New(profile *Profile, options Options) *Card {
	return &Card{profile: profile, options: options.withDefaults(options.Extended)}
}

// Profile is what the card holds; it must not be changed.
func (c *Card) Profile() *Profile { return c.profile }

// ATR is the answer to reset.
func (c *Card) ATR() []byte { return bytes.Clone(c.options.ATR) }

// Index is the number of commands since New.
func (c *Card) Index() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.index
}

// Reset is power on: the master file is selected and nothing is authenticated.
func (c *Card) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.application, c.file, c.security, c.rest = false, 0, security{}, nil
}

// Answer is what comes of one command.
type Answer struct {
	Response []byte // empty if the card left instead of answering
	Leaves   bool   // the card leaves the reader after it
}

// Transmit answers one command and lets the faults of Options happen to it. Options.Delay is left to the caller.
func (c *Card) Transmit(command []byte) Answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	if uid, asked := c.identifier(command); asked {
		return Answer{Response: uid}
	}
	c.index++
	fault := NoFault
	if c.options.Fault != nil {
		fault = c.options.Fault(c.index)
	}
	if fault == Tear {
		return Answer{Leaves: true}
	}
	response, continues := c.getResponse(command)
	if !continues {
		response = c.inPieces(command, fault.apply(c.answer(command, lies[fault]), c.previous))
	}
	if fault == PlainUnknown || fault == PlainWrongLength {
		c.security = security{}
	}
	if c.options.Rewrite != nil {
		response = c.options.Rewrite(c.index, bytes.Clone(response))
	}
	c.previous = response
	return Answer{Response: response, Leaves: c.index == c.options.TearAfter}
}

// identifier answers PC/SC's GET DATA for the UID (part 3 §3.2.2.1.3), which a reader answers and vpcd passes on. It is
// random, and begins with 08 to say so (ISO 14443-3 §6.5.4).
func (c *Card) identifier(command []byte) (uid []byte, asked bool) {
	if !bytes.HasPrefix(command, []byte{0xFF, 0xCA, 0x00, 0x00}) {
		return nil, false
	}
	uid = []byte{0x08, 0, 0, 0}
	if _, err := io.ReadFull(c.options.Random, uid[1:]); err != nil {
		return apdu.Response{SW: apdu.NoDiagnosis}.Encode(), true
	}
	return apdu.Response{Data: uid, SW: apdu.OK}.Encode(), true
}

// reply is what the card says, and what it meant before secure messaging.
type reply struct {
	raw       []byte
	plain     []byte
	protected bool
}

// answer runs one command, plain or protected.
func (c *Card) answer(raw []byte, lie lie) reply {
	command, err := apdu.ParseCommand(raw)
	switch {
	case err != nil, command.Extended && !c.options.Extended:
		return c.refuse(apdu.WrongLength)
	case command.CLA&^(apdu.ClassSecure|apdu.ClassChained) != 0:
		return c.refuse(apdu.WrongCLA)
	case command.CLA&apdu.ClassSecure != 0:
		return c.answerProtected(command, lie)
	}
	c.session = nil // a plain command ends secure messaging (9303-11 §9.8.3)
	r, refused := c.execute(command, command.Ne, lie)
	if refused {
		c.security = security{}
	}
	c.changeSession()
	return reply{raw: r.Encode(), plain: r.Data}
}

func (c *Card) answerProtected(command apdu.Command, lie lie) reply {
	switch {
	case command.CLA&apdu.ClassSecure != apdu.ClassSecure:
		return c.refuse(apdu.SMNotSupported)
	case c.session == nil:
		return c.refuse(apdu.SMObjectWrong)
	case command.Ne == 0: // no room for an answer
		return c.refuse(apdu.WrongLength)
	}
	inner, sw := c.session.unprotect(command)
	if sw != apdu.OK {
		return c.refuse(sw)
	}
	r, refused := c.execute(inner, command.Ne, lie)
	if refused && c.options.PlainErrors {
		return c.refuse(r.SW)
	}
	odd := command.INS&1 == 1
	if c.options.Oversize == Refuse && c.session.cipher.ProtectedSize(len(r.Data), odd) > command.Ne {
		r = apdu.Response{SW: apdu.WrongLength}
	}
	out := reply{raw: c.session.protect(r, odd, lie), plain: r.Data, protected: true}
	c.changeSession()
	return out
}

// execute runs a bare command and lets Options.Edit change the answer. refused says whether the chip did what it was
// told; if not, no new session begins.
func (c *Card) execute(command apdu.Command, room int, lie lie) (r apdu.Response, refused bool) {
	r = c.run(command, room, lie)
	refused = isRefusal(r.SW)
	if c.options.Edit != nil {
		r = c.options.Edit(c.index, command.INS, apdu.Response{Data: bytes.Clone(r.Data), SW: r.SW})
		refused = refused || isError(r.SW)
	}
	if refused {
		c.next, c.chain = nil, nil
	}
	return r, refused
}

func (c *Card) changeSession() {
	if c.next != nil {
		c.session, c.next = c.next, nil
	}
}

// refuse answers a plain error, which ends secure messaging and whatever access control was under way.
func (c *Card) refuse(sw apdu.StatusWord) reply {
	c.security = security{}
	return reply{raw: apdu.Response{SW: sw}.Encode()}
}

// isRefusal: everything but success and the warning about the end of a file.
func isRefusal(sw apdu.StatusWord) bool { return sw != apdu.OK && sw != apdu.EndOfFile }

// isError: 64xx to 6Fxx, ISO 7816-4 §5.1.3.
func isError(sw apdu.StatusWord) bool { return sw >= 0x6400 && sw < 0x7000 }

func refusal(sw apdu.StatusWord) apdu.Response { return apdu.Response{SW: sw} }

func success(data []byte) apdu.Response { return apdu.Response{Data: data, SW: apdu.OK} }

// run executes a bare command. room is how many answer bytes the terminal has space for around secure messaging.
func (c *Card) run(command apdu.Command, room int, lie lie) apdu.Response {
	if command.CLA&apdu.ClassChained != 0 && c.session == nil && command.INS != apdu.InsGeneralAuthenticate {
		return refusal(apdu.ChainingNotSupported)
	}
	command, done, sw := c.collect(command)
	if !done {
		return refusal(sw)
	}
	switch command.INS {
	case apdu.InsSelect:
		return c.selectFile(command)
	case apdu.InsReadBinary, apdu.InsReadBinaryOdd:
		return c.readBinary(command, room, lie)
	case apdu.InsGetChallenge:
		return c.getChallenge(command)
	case apdu.InsExternalAuthenticate:
		return c.externalAuthenticate(command)
	case apdu.InsManageSecurityEnvironment:
		return c.manageSecurityEnvironment(command)
	case apdu.InsGeneralAuthenticate:
		return c.generalAuthenticate(command)
	case apdu.InsInternalAuthenticate:
		return c.internalAuthenticate(command)
	}
	return refusal(apdu.WrongINS)
}

// random fills n bytes; false when the source ends, which only a test's does.
func (c *Card) random(n int) ([]byte, bool) {
	b := make([]byte, n)
	_, err := io.ReadFull(c.options.Random, b)
	return b, err == nil
}
