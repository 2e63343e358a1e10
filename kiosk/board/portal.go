package board

import (
	"context"
	"errors"
	"strings"
	"time"

	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/portal"
	"motcua/kiosk/store"
)

// This file is the way of the open filing to the national portal: it is sent beside, its status asked for now and then, or its fields are copied one by
// one and the official code is typed or scanned back.

// The rhythm of the portal, and how long a field stays where it can be pasted from.
const (
	askEvery   = 2 * time.Minute
	askAtMost  = 30 * time.Minute // between two questions to a portal that does not answer
	countEvery = 10 * time.Second
	clipStays  = time.Minute
	mostUnsent = 500
)

// HandRows is how many fields the panel shows at once.
const HandRows = 8

// Handing is the panel: how far the open filing's way to the portal has come, and what is to be copied.
type Handing struct {
	Kind    string // one of config.PortalNone, PortalDirectory, PortalHTTP
	Word    Words  // where it is, in short
	Sends   bool   // Send hands it over
	Sending bool

	Sent       time.Time // zero: it was not
	By, Target string    // who sent it, and by which kind of way

	Failed            fault.Code // "" if the last try did not fail
	FailedAt          time.Time
	FailedBy, Problem string   // Problem is one word of the portal's description
	Said              []string // its words, for the officer who sent it

	Status, Note string     // of the portal, as it said when it was Asked
	Asked        time.Time  //
	Lost         fault.Code // why it did not say the last time

	Dossier      string
	Copies       bool // Enter copies
	Lines        []CopyLine
	At           int // which of Lines is copied next
	Above, Below int // lines before and after these
}

// CopyLine is one thing to copy into the portal's form.
type CopyLine struct{ Item, Label, Value string }

// handing is what a Board knows of the way to the portal.
type handing struct {
	ref     filing.Reference // whose state follows: the open filing's
	state   store.Handing
	receipt *portal.Receipt // what the portal said last
	words   []string        // and why it refused; only officers see them
	lost    fault.Code      // why the last question had no answer
	asked   time.Time
	wait    time.Duration

	lines []portal.Line // to be copied, once the panel was opened
	at    int
	top   int
	clip  time.Time // when something was put on the clipboard; zero: nothing lies there

	out   *task[outgoing]
	outOf filing.Reference // which filing that is
	keeps bool             // though it is not open any more, it is given back only once it was sent
	ask   *task[asked]

	list    []store.Summary // what the portal does not have
	count   int
	head    int64 // of the journal, when they were counted
	counted time.Time
	counts  *task[unsent]

	answers answers
}

// outgoing is what came of sending a filing, asked of a question, unsent of counting.
type (
	outgoing struct {
		ref     filing.Reference
		receipt portal.Receipt
		words   []string
		err     error
	}
	asked struct {
		ref     filing.Reference
		receipt portal.Receipt
		err     error
	}
	unsent struct {
		list  []store.Summary
		count int
	}
)

// lookAtPortal reads how far the filing that was just opened has come. What is under way for another one goes on.
func (b *Board) lookAtPortal(ctx context.Context) error {
	h := &b.handing
	h.ref, h.receipt, h.words, h.lost, h.asked, h.wait, h.lines = b.open.filing.Reference, nil, nil, "", time.Time{}, askEvery, nil
	return b.readHanding(ctx)
}

func (b *Board) readHanding(ctx context.Context) (err error) {
	b.handing.state, err = b.store.Handing(ctx, b.handing.ref)
	return err
}

// openPortal opens the panel of the open filing.
func (b *Board) openPortal() error {
	if b.open == nil {
		return nil
	}
	h := &b.handing
	h.at, h.top = 0, 0
	b.dialog = &Dialog{ID: DialogPortal, Fields: []Input{{ID: InputCode}}}
	var err error
	if h.lines, err = portal.Copy(b.open.filing, b.opt.Printer); err != nil {
		return fault.New(fault.ConfigBad, err)
	}
	return nil
}

// sending reports whether the open filing is under way.
func (b *Board) sending() bool {
	return b.handing.out.busy() && b.handing.outOf == b.open.filing.Reference
}

// isSending is sending, and says so: what the portal gets is the filing as it was when it left, and nothing is decided or taken back on it meanwhile, and no picture
// of its papers comes or goes.
func (b *Board) isSending() bool {
	if !b.sending() {
		return false
	}
	b.notice = "desk.notice.portal-wait"
	return true
}

// letGo gives a filing back that was kept while it was sent.
func (b *Board) letGo(ctx context.Context) error {
	h := &b.handing
	if !h.keeps {
		return nil
	}
	h.keeps = false
	return b.store.Release(ctx, h.outOf, b.me.ID)
}

// inPortal takes the panel's own keys; false for those of every dialog.
func (b *Board) inPortal(ctx context.Context, i Intent) (done bool, err error) {
	d, h := b.dialog, &b.handing
	switch i := i.(type) {
	case Move:
		h.choose(h.at + i.By)
	case Copy:
		h.choose(h.top + i.Row)
		b.copyLine()
	case Send:
		b.send()
	case Scan:
		return true, b.scannedCode(ctx, i.Text)
	case Enter:
		if strings.TrimSpace(d.Fields[0].Value) != "" {
			return true, b.setCode(ctx)
		}
		b.copyLine()
	case Escape:
		if d.Fields[0].Value == "" {
			return false, nil
		}
		d.Fields[0].Value, d.Problem = "", ""
	default:
		return false, nil
	}
	return true, nil
}

func (h *handing) choose(at int) {
	h.at = max(0, min(at, len(h.lines)-1))
	h.top = max(0, min(h.top, h.at), h.at-HandRows+1)
}

// copyLine puts the chosen field where it can be pasted from, and goes on to the next.
func (b *Board) copyLine() {
	h := &b.handing
	if b.opt.Clip == nil || h.at >= len(h.lines) {
		return
	}
	b.opt.Clip(h.lines[h.at].Value)
	h.clip = b.opt.Now()
	b.notice, b.noticeOf = "desk.notice.copied", []any{h.lines[h.at].Label}
	h.choose(h.at + 1)
}

// setCode notes the official code that was typed or scanned.
func (b *Board) setCode(ctx context.Context) error {
	code, err := filing.ScanDossier(b.dialog.Fields[0].Value)
	if err != nil {
		b.dialog.Problem = "code"
		return nil
	}
	if b.isSending() { // the receipt may bring another one, which would be noted over it
		return nil
	}
	if err := b.store.SetDossier(ctx, b.open.filing.Reference, code, store.Signer{ID: b.me.ID, Identity: b.key}); err != nil {
		return err
	}
	b.dialog.Fields[0].Value, b.dialog.Problem = "", ""
	b.open.filing.Dossier, b.handing.counted = code, time.Time{}
	b.notice = "desk.notice.code"
	return b.refresh(ctx)
}

// send hands the open filing over, beside: an answer may take minutes.
func (b *Board) send() {
	h := &b.handing
	switch {
	case !b.sends():
		return
	case h.out.busy():
		b.notice = "desk.notice.portal-busy"
		return
	case b.sheets.take.busy() && b.sheets.of == b.open.filing.Reference: // nobody would know which of them went along
		b.notice = "desk.notice.papers-busy"
		return
	}
	way, st, me, key, f := b.opt.Portal, b.store, b.me, b.key, b.open.filing
	f.Status, h.words, h.outOf = b.open.is.Status, nil, b.open.filing.Reference
	h.out = beside(b, func(ctx context.Context) (outgoing, error) {
		var o outgoing
		o.ref = f.Reference
		o.receipt, _, o.err = way.Send(ctx, st, f, me, key)
		var refusal *portal.Refusal
		if errors.As(o.err, &refusal) {
			o.words = []string{refusal.Title, refusal.Detail}
		}
		return o, nil
	})
}

// sends reports whether the open filing can be handed over from here.
func (b *Board) sends() bool {
	return b.open != nil && b.opt.Portal.Sender != nil && portal.Sends(b.open.is.Status)
}

// tendPortal takes what came of what is done beside, and begins what is due. It runs after every intent.
func (b *Board) tendPortal(ctx context.Context) error {
	if b.key == nil || !b.reads() {
		return nil
	}
	h, now := &b.handing, b.opt.Now()
	if !h.clip.IsZero() && now.Sub(h.clip) >= clipStays {
		b.clearClip()
	}
	if r := h.counts.result(); r != nil {
		h.counts = nil
		if r.err == nil {
			h.list, h.count = r.value.list, r.value.count
		}
	}
	if (h.head != b.head || h.counted.IsZero()) && h.counts == nil && now.Sub(h.counted) >= countEvery {
		b.countUnsent(now)
	}
	b.goRound(now)
	return errors.Join(b.gone(ctx), b.answered(ctx), b.question(now))
}

// gone takes what came of sending.
func (b *Board) gone(ctx context.Context) error {
	h := &b.handing
	r := h.out.result()
	if r == nil {
		return nil
	}
	h.out, h.counted = nil, time.Time{}
	o := r.value
	if b.open == nil || b.open.filing.Reference != o.ref {
		b.notice, b.noticeOf = "desk.notice.portal-other", []any{o.ref.Short()}
		if o.err != nil { // said of that filing, and not as if it were of the open one; why stands in its panel
			b.opt.Log.Warn("desk.failed", "code", fault.CodeOf(o.err), "err", o.err)
			b.notice = "desk.notice.portal-other-failed"
		}
		return b.letGo(ctx)
	}
	h.words = o.words
	if o.err == nil {
		b.notice = "desk.notice.portal-sent"
		b.heard(o.receipt)
	}
	c, err := b.store.Case(ctx, o.ref, b.key) // what was sent cannot be taken back
	if err == nil {
		b.open.is = c
	}
	return errors.Join(o.err, err, b.readHanding(ctx))
}

// heard takes a receipt of the open filing. A directory gives one without a status.
func (b *Board) heard(r portal.Receipt) {
	h := &b.handing
	h.asked, h.wait, h.lost = b.opt.Now(), askEvery, ""
	if r.Status == "" {
		return
	}
	h.receipt = &r
	h.answers.note(h.ref, answer{r.Status, h.asked})
	switch has := &b.open.filing.Dossier; {
	case r.Dossier == "" || r.Dossier == *has:
	case *has == "":
		*has, h.counted = r.Dossier, time.Time{}
		b.notice, b.noticeOf = "desk.notice.portal-code", []any{string(r.Dossier)}
	default: // an officer noted another one, and decides
		b.notice, b.noticeOf = "desk.notice.portal-differs", []any{string(r.Dossier)}
	}
}

// question asks the portal where the open filing stands, if that is due: while somebody looks at it, and less and less often if nobody answers.
func (b *Board) question(now time.Time) error {
	h := &b.handing
	ended := h.receipt != nil && h.receipt.Status.Ended()
	if b.open == nil || h.state.Sent == nil || h.state.Sent.Target != config.PortalHTTP || !b.opt.Portal.Asks() || ended || h.ask != nil || h.out.busy() || now.Sub(h.asked) < h.wait {
		return nil
	}
	h.asked = now
	way, st, f := b.opt.Portal, b.store, b.open.filing
	h.ask = beside(b, func(ctx context.Context) (asked, error) {
		r, err := way.Ask(ctx, st, f)
		return asked{f.Reference, r, err}, nil
	})
	return nil
}

// answered takes what came of a question. That nobody answered is shown in the panel, and disturbs nobody.
func (b *Board) answered(context.Context) error {
	h := &b.handing
	r := h.ask.result()
	if r == nil {
		return nil
	}
	h.ask = nil
	switch a := r.value; {
	case b.open == nil || b.open.filing.Reference != a.ref:
	case a.err != nil:
		b.opt.Log.Info("portal.status", "code", fault.CodeOf(a.err), "err", a.err)
		h.lost, h.wait = fault.CodeOf(a.err), min(2*h.wait, askAtMost)
	default:
		b.heard(a.receipt)
	}
	return nil
}

// countUnsent counts, beside, what the portal does not have: it looks at every filing.
func (b *Board) countUnsent(now time.Time) {
	h, st := &b.handing, b.store
	h.head, h.counted = b.head, now
	h.counts = beside(b, func(ctx context.Context) (unsent, error) {
		n, _, err := st.Unsent(ctx)
		if err != nil {
			return unsent{}, err
		}
		list, err := st.ListUnsent(ctx, mostUnsent)
		return unsent{list, n}, err
	})
}

// unsent are the filings that the portal does not have and that the search leaves, and how many more there are.
func (b *Board) unsent(ctx context.Context) (list []store.Summary, more int) {
	want := identity.Fold(strings.TrimSpace(b.query))
	for _, s := range b.handing.list {
		if want == "" || b.matches(ctx, s, want) {
			list = append(list, s)
		}
	}
	return list, b.handing.count - len(b.handing.list)
}

// clearClip takes back what lies where it can be pasted from.
func (b *Board) clearClip() {
	if !b.handing.clip.IsZero() && b.opt.Clip != nil {
		b.opt.Clip("")
	}
	b.handing.clip = time.Time{}
}

// endPortal forgets everything of the way to the portal. What is being sent ends with the shift; sending it again is harmless.
func (b *Board) endPortal() {
	b.clearClip()
	b.handing = handing{}
}

// portalWord is how far the open filing has come, in short.
func (b *Board) portalWord() Words {
	h, f := &b.handing, b.open.filing
	switch {
	case f.Dossier != "":
		return Words{"desk.portal.code", []any{string(f.Dossier)}}
	case b.sending():
		return Words{"desk.portal.sending", nil}
	case h.state.Failed != nil:
		return Words{"desk.portal.failed", nil}
	case h.state.Sent != nil:
		return Words{"desk.portal.sent", []any{h.state.Sent.At}}
	case !portal.Sends(b.open.is.Status):
		return Words{"desk.portal.nothing", nil}
	}
	return Words{"desk.portal.unsent", nil}
}

// handed is the panel.
func (b *Board) handed() *Handing {
	h := &b.handing
	p := &Handing{Kind: b.opt.Portal.Kind, Word: b.portalWord(), Sends: b.sends(), Sending: b.sending(), Copies: b.opt.Clip != nil, Dossier: string(b.open.filing.Dossier),
		Lost: h.lost, At: h.at - h.top, Above: h.top}
	if s := h.state.Sent; s != nil {
		p.Sent, p.By, p.Target = s.At, b.officerName(s.Officer), s.Target
	}
	if f := h.state.Failed; f != nil {
		p.Failed, p.FailedAt, p.FailedBy, p.Problem = f.Code, f.At, b.officerName(f.Officer), f.Problem
		p.Said = h.words
	}
	if r := h.receipt; r != nil {
		p.Status, p.Asked, p.Note = string(r.Status), h.asked, r.Note
	}
	end := min(len(h.lines), h.top+HandRows)
	for _, l := range h.lines[min(h.top, end):end] {
		p.Lines = append(p.Lines, CopyLine{l.Item, l.Label, l.Value})
	}
	p.Below = len(h.lines) - end
	return p
}
