package main

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"motcua/assets"
	"motcua/cmd/internal/deskparts"
	"motcua/cmd/internal/office"
	"motcua/kiosk"
	"motcua/kiosk/assist"
	"motcua/kiosk/board"
	"motcua/kiosk/checkup"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/officer"
	"motcua/kiosk/report"
	"motcua/kiosk/seal"
	"motcua/kiosk/session"
	"motcua/kiosk/store"
	"motcua/kiosk/text"
	"motcua/ui/desk"
	"motcua/ui/theme"
)

// bureau is the window of the officer's side.
type bureau struct {
	window   fyne.Window
	screen   *desk.Screen
	texts    *text.Table
	log      *slog.Logger
	touchMap string
	intents  chan board.Intent
	clip     clip
	closed   atomic.Bool
	page     board.Page
	maps     uint64

	restoring chan restoring // asked for at the desk
	said      board.Words    // what the next desk says first
}

// typedAhead is how many keys may wait for a slow disk.
const typedAhead = 64

// runDesk shows the officer's window until it is told to end, and gives the exit status.
func runDesk(ctx context.Context, stop func(), args arguments, cfg config.Config, configErr error, log *slog.Logger) int {
	texts, err := text.Load(assets.FS, textFile)
	if err != nil {
		log.Error("start.failed", "err", err)
		return fault.Internal.Exit()
	}
	a := app.New()
	a.Settings().SetTheme(theme.NewWindow(theme.Light()))
	b := &bureau{window: a.NewWindow("Motcua · Cán bộ"), texts: texts, log: log, touchMap: args.touchMap, intents: make(chan board.Intent, typedAhead), restoring: make(chan restoring, 1)}
	if b.screen, err = desk.New(desk.Options{Texts: texts, Intent: b.intent, Changed: b.changed}); err != nil {
		log.Error("start.failed", "err", err)
		return fault.Internal.Exit()
	}
	b.clip.board = a.Clipboard()
	b.window.SetPadded(false)
	b.window.SetContent(b.screen.Object())
	b.window.Canvas().SetOnTypedRune(b.screen.TypedRune)
	b.window.Canvas().SetOnTypedKey(b.screen.TypedKey)
	for keys, do := range b.screen.Shortcuts() {
		b.window.Canvas().AddShortcut(keys, func(fyne.Shortcut) { do() })
	}
	b.window.Resize(fyne.NewSize(float32(cfg.Screen.Width), float32(cfg.Screen.Height)))
	b.window.SetFullScreen(cfg.Screen.Mode == config.ModeFullscreen)
	started, ended := make(chan struct{}), make(chan struct{})
	a.Lifecycle().SetOnStarted(sync.OnceFunc(func() { close(started) }))
	a.Lifecycle().SetOnStopped(func() { b.closed.Store(true) })
	go func() {
		defer close(ended)
		<-started
		b.serve(ctx, args, cfg, configErr)
	}()
	b.window.ShowAndRun()
	stop()
	select {
	case <-ended:
		return 0
	case <-time.After(endTime):
		log.Error("end.hangs")
		return fault.Internal.Exit()
	}
}

// intent takes what the officer did; a key too many is dropped rather than waited for.
func (b *bureau) intent(i board.Intent) {
	select {
	case b.intents <- i:
	default:
	}
}

func (b *bureau) show(s board.Snapshot) {
	if b.closed.Load() {
		return
	}
	fyne.Do(func() {
		if s.Page == board.SignIn && b.page != board.SignIn {
			dropDrawn(b.window, &b.closed)
		}
		b.page = s.Page
		b.screen.Show(s)
	})
}

// serve opens the store and works until ctx ends. What cannot be opened is tried again.
func (b *bureau) serve(ctx context.Context, args arguments, cfg config.Config, err error) {
	for ctx.Err() == nil {
		if err == nil {
			if err = b.serveOnce(ctx, args, cfg); err == nil {
				select {
				case r := <-b.restoring:
					if err = b.restore(ctx, cfg, r); err == nil {
						continue
					}
				default:
					return
				}
			}
		}
		b.log.Error("start.failed", "code", fault.CodeOf(err), "err", err)
		b.show(board.Snapshot{Page: board.SignIn, Office: office.Place(cfg), Now: time.Now(), SignIn: &board.Door{}, Notice: "fault." + string(fault.CodeOf(err)) + ".what"})
		select {
		case <-ctx.Done():
		case <-time.After(again):
		}
		cfg, err = loadConfig(args)
	}
}

func (b *bureau) serveOnce(ctx context.Context, args arguments, cfg config.Config) error {
	dir, err := config.Expand(cfg.Data.Dir)
	if err != nil {
		return fault.New(fault.ConfigBad, err)
	}
	backups, redo, err := cfg.Backup.Where(dir)
	if err != nil {
		return fault.New(fault.ConfigBad, err)
	}
	db, err := store.Open(dir, store.Options{Station: cfg.Desk.Station, Commune: cfg.Station.CommuneCode, Log: b.log, Tag: office.Tag, RedoDir: redo})
	if err != nil {
		return err
	}
	defer db.Close()
	var beside sync.WaitGroup
	ctx, stop := context.WithCancel(ctx)
	defer beside.Wait()
	defer stop()
	beside.Go(func() { keepBackups(ctx, db, backups, cfg.Backup.Every(), b.log) })
	if args.simulate {
		if err := office.Demonstrate(ctx, db, b.log); err != nil {
			return err
		}
	}
	ask := make(chan restoring, 1)
	opt, err := b.options(cfg, db, ask)
	if err != nil {
		return err
	}
	read, follow, closeCards := b.officerCards(cfg, dir)
	defer closeCards()
	opt.ReadCard, opt.Go = read, func(do func()) { beside.Go(do) } // none goes on when the store is closed
	scanner, err := b.scanner(cfg.Desk, &opt)
	if err != nil {
		return err
	}
	d, err := board.New(ctx, db, opt)
	if err != nil {
		return err
	}
	beside.Go(func() { follow(ctx) })
	beside.Go(func() { scanner(ctx) })
	b.log.Info("desk.ready")
	// A filing that is open is given back also when the window is closed.
	defer func() { d.Do(context.WithoutCancel(ctx), board.Lock{}) }()
	b.show(d.Do(ctx, board.Tick{}))
	for tick := time.Tick(time.Second); ; {
		select {
		case <-ctx.Done():
			return nil
		case r := <-ask:
			b.restoring <- r
			return nil
		case i := <-b.intents:
			b.show(d.Do(ctx, i))
		case page, open := <-d.Visiting():
			b.show(d.Seen(ctx, page, open))
		case <-tick:
			b.show(d.Do(ctx, board.Tick{}))
		}
	}
}

// options is what the board needs of this machine; a restore that two officers want goes to ask.
func (b *bureau) options(cfg config.Config, db *store.Store, ask chan<- restoring) (board.Options, error) {
	opt, err := deskOptions(cfg, b.texts, b.log)
	if err != nil {
		return opt, err
	}
	exports, err := config.Expand(cfg.Desk.ExportDir)
	if err != nil {
		return opt, fault.New(fault.ConfigBad, err)
	}
	dir, err := config.Expand(cfg.Data.Dir)
	if err != nil {
		return opt, fault.New(fault.ConfigBad, err)
	}
	backups, _, err := cfg.Backup.Where(dir)
	if err != nil {
		return opt, fault.New(fault.ConfigBad, err)
	}
	opt.Dial = func(ctx context.Context, station string, who officer.Account, key *seal.Identity) (assist.Visit, error) {
		return assist.Dial(ctx, dir, station, who, key)
	}
	opt.Checkup = func(ctx context.Context, station string, who officer.Account, key *seal.Identity, r checkup.Request, tell func(checkup.Progress)) (checkup.Answer, error) {
		conn, err := assist.Knock(ctx, dir, station, checkup.Purpose, who, key)
		if err != nil {
			return checkup.Answer{}, err
		}
		return checkup.Ask(ctx, conn, r, tell)
	}
	opt.Local = func(ctx context.Context, who officer.Account) (assist.Visit, error) {
		return visitHere(ctx, cfg, db, who, b.log)
	}
	opt.Clip = func(text string) { fyne.Do(func() { b.clip.put(text) }) }
	opt.Deciding.Trust = deskparts.Trust(dir, exports)
	opt.Wake = func() { b.intent(board.Tick{}) }
	opt.Steward.Backups, opt.Steward.Health = backups, deskparts.Health(db, dir, backups, cfg.Backup.Every(), time.Now)
	opt.Steward.Restore = func(path string, by []store.Signer) {
		select {
		case ask <- restoring{path, by}:
		default: // one is asked for already
		}
	}
	opt.Steward.Said, b.said = b.said, board.Words{}
	opt.Parts = []board.Part{deskparts.Paper(cfg.Desk.Printer, deskparts.Page(opt.Printer, b.texts, time.Now)), deskparts.Store(db, dir, time.Now), deskparts.Portal(db, cfg.Portal.Kind, time.Now)}
	return opt, sheets(cfg.Desk, &opt)
}

// sheets adds the folder of the document scanner, where the configuration names one.
func sheets(cfg config.Desk, opt *board.Options) error {
	if cfg.Scans == "" {
		return nil
	}
	path, err := config.Expand(cfg.Scans)
	if err != nil {
		return fault.New(fault.ConfigBad, err)
	}
	s := deskparts.NewSheets(path, time.Now)
	opt.Sheets, opt.Parts = s, append(opt.Parts, s.Part())
	return nil
}

// scanner adds the desk's own scanner to its parts, where the configuration names one. follow runs until its context ends.
func (b *bureau) scanner(cfg config.Desk, opt *board.Options) (follow func(context.Context), err error) {
	if cfg.Scanner == "" {
		return func(context.Context) {}, nil
	}
	s, err := deskparts.NewScanner(cfg.Scanner, cfg.ScannerBaud, b.log)
	if err != nil {
		return nil, err
	}
	opt.Parts = append(opt.Parts, s.Part())
	return func(ctx context.Context) { s.Follow(ctx, func(text string) { b.intent(board.Scan{Text: text}) }) }, nil
}

// visitHere begins a session at the desk.
func visitHere(ctx context.Context, cfg config.Config, db *store.Store, who officer.Account, log *slog.Logger) (assist.Visit, error) {
	texts, err := text.Load(assets.FS, textFile)
	if err != nil {
		return nil, fault.New(fault.Internal, err)
	}
	state, err := newSession(office.Obey(ctx, db, cfg, log), machine{channel: filing.AtDesk}, texts, log)
	if err != nil {
		return nil, fault.New(fault.Internal, err)
	}
	return assist.Local(ctx, state, assist.Silent{Store: db}, who, kiosk.Options{Log: log, Slip: kiosk.SlipOf(cfg.Station, time.Now)}), nil
}

// deskOptions is what the officer's side reads of the configuration and the assets.
func deskOptions(cfg config.Config, texts *text.Table, log *slog.Logger) (board.Options, error) {
	opt, err := office.Desk(cfg, log)
	if err != nil {
		return opt, err
	}
	exports, err := config.Expand(cfg.Desk.ExportDir)
	if err != nil {
		return opt, err
	}
	catalogue := opt.Printer.Catalogue
	opt.Texts, opt.Report, opt.Export = texts, office.ReportOffice(cfg), deskparts.Export(exports)
	opt.Services = func(day identity.Date) []report.Service { return office.ReportServices(catalogue, cfg, day) }
	return opt, nil
}

// changed follows the screen with the touch map.
func (b *bureau) changed() {
	if b.touchMap == "" {
		return
	}
	b.maps++
	d := drawn{Page: session.Page(b.page), Shown: b.maps, Touches: b.screen.TouchMap(), Texts: b.screen.Texts()}
	if err := d.write(b.touchMap); err != nil {
		b.log.Warn("touchmap.failed", "err", err)
	}
}
