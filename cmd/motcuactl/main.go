// Motcuactl is Motcua without a display: it shows what is attached, reads a card, reads pictures of codes, prints a
// test, lists filings, plays the card, and runs the demonstration.
//
//	motcuactl doctor [--json]
//	motcuactl card read [--reader R] [--qr TEXT | --id NUMBER | --mrz L1,L2,L3] [--wait D] [--json] [--trace FILE] [--photo FILE]
//	motcuactl card watch [--json]
//	motcuactl card verify --sod FILE --dg N=FILE… [--csca FILE…] [--at DATE] [--json]
//	motcuactl card verify REFERENCE [--csca FILE…] [--at DATE] [--json]
//	motcuactl card sim [--persona N] [--vpcd HOST:PORT] [--extended] [--list] [--json] and what can be wrong with a card
//	motcuactl card reader [NAME] [--json]
//	motcuactl trust add FILE | list | remove FINGERPRINT [--json]
//	motcuactl bench card [--rounds N] [--json]
//	motcuactl bench store [--seconds N] [--dir DIR] [--writers N] [--json]
//	motcuactl qr FILE… [--json]
//	motcuactl print test [--json]
//	motcuactl filings list|show REFERENCE [--json]
//	motcuactl filings dossier REFERENCE CODE --as OFFICER
//	motcuactl journal verify [--seen NUMBER:HASH] | show [--after N] [--limit N] [--json]
//	motcuactl portal send|show REFERENCE --as OFFICER [--json]
//	motcuactl portal status REFERENCE [--json]
//	motcuactl portal verify BUNDLE [--key KEY] [--json]
//	motcuactl backup [--to DIR] | list [DIR] | check [DIR | BACKUP] [--json]
//	motcuactl restore BACKUP|none --as OFFICER --with OFFICER [--json]
//	motcuactl officer add|lock|pin|card|renew ID … | list
//	motcuactl office show | set NAME=VALUE… --as HEAD | voices [--json]
//	motcuactl recovery make --as HEAD --with OFFICER --sheets DIR | use ID NAME [--sheet FILE --sheet FILE]
//	motcuactl retention list [--limit N] [--json] | end --as HEAD --with OFFICER
//	motcuactl citizen export NUMBER --as OFFICER --out FILE.zip | erase NUMBER --as HEAD --with OFFICER --reason TEXT [--law TEXT]
//	motcuactl forms check | list [WORDS…] | show SERVICE | try SERVICE [ANSWERS.json] | effort | doubts [--json]
//	motcuactl report [--month 2026-10 | --day 2026-10-05] [--json] [--xlsx FILE] [--pdf FILE]
//	motcuactl sim run [--out DIR] [--portrait]
//	motcuactl sim day [--citizens N] [--kiosks N] [--speed N] [--think D] [--dir DIR] [--json]
//
// # Output for programs
//
// With --json every command writes JSON to standard output, one object a line where there are several. Fields are only
// ever added. A fact that is not known is absent, never empty. Dates are YYYY-MM-DD.
//
// card read:
//
//	{"person":{"number","name","birth","sex","nationality","ethnicity","religion","origin","residence","features",
//	           "issued","expires","father","mother","spouse","old_number"},
//	 "verdict","checks":[{"check","outcome","cause","reason"}],"notes","access","apdus","up","down","ms",
//	 "photo":{"type","bytes","width","height"}}
//
// sex is M or F; expires is a date or "never"; outcome is passed, failed or not-possible, cause one word that says why;
// verdict is genuine, issuer-unknown, unproven, forged, cloned, downgraded or doubtful. A card that is not to be believed
// is written like others, and the exit status says what it is (card-forged, card-cloned, card-downgraded). access is PACE-CAN,
// PACE-MRZ or BAC; up and down count the bytes of all commands and responses, ms the time from the first command to
// the last response. check is access, data-groups, passive-authentication, chip-authentication, active-authentication or
// number-consistency, in this order. Where the chip's DG13 says nothing, as on some cards of 2024, name and nationality
// are those of the machine readable zone: capitals without marks, and VNM. photo is absent where the chip gives none.
//
// card verify: {"verdict","steps":[{"step","outcome","cause","reason"}],"notes","signer":{"subject","issuer","serial",
// "fingerprint","from","until"},"issuer":{…,"vouched"}}; verdict is trusted, issuer unknown, forged or incomplete, and the
// exit status is 0 for trusted only. Of a filing it also has "person", "differs" (facts of the filing that the chip says
// otherwise) and "checks" as card read has them.
//
// trust list, a line an entry: {"kind","fingerprint","subject","country","from","until","key","vouched","added"}; trust add:
// {"added","known","left","vouched"}; card reader: {"reader","present","card","used"} a line a reader.
//
// bench card, a line a way to read: {"way","apdus","up","down","host_ms","modelled":{"424 kbit/s, 25 ms":seconds…}}.
//
// bench store, a line a thing that was timed: {"what","count","per_second","p50_ms","p95_ms","p99_ms","max_ms"}; the last line is
// {"fsyncs_per_filing","bytes_per_filing","filings_per_fsync","of_the_disk"}: the rate of filings as a share of the disk's fsyncs a second, and of
// as many writes and fsyncs as a filing takes. Without leave to watch system calls not_counted says so in place of three of them.
//
// The trace has a line an APDU, > before a command and < before a response, in hexadecimal. Personal data in it stands
// under the encryption of the session, whose keys it does not hold.
//
// qr, a line a file: {"file","text","ms"}, text absent where none was read.
//
// card watch, a line an event: {"event","reader","atr"}; event is service-up, service-down, reader-added, reader-gone,
// card-inserted, card-removed or card-mute; atr is there with card-inserted. The first lines describe what is there.
//
// card sim, once: {"number","name","qr"}.
//
// doctor: {"ok","exit","items":[{"name","state","because","code","detail","ms"}]}.
//
// forms check, a line a mistake: {"file","line","text"}; forms list, a line a service: {"id","version","procedure","name",
// "group","filed"}; forms show: the service whole; forms try: {"filing","effort":{"Touches","Letters","Digits","Cards","Pages"},
// "slip"}; forms effort, a line a service: {"id","touches","letters","digits","cards","paper"}, paper being the characters that the
// same forms take by hand; forms doubts, a line a doubt: {"of","doubt"}. The file of forms try: {"person":{…as card read},"case",
// "answers":{field:[option or text]},"others":{list:[person]}}.
//
// filings list, a line a filing: {"reference","short","service","status","filed"}; filings show: the filing whole.
//
// filings register: {"filings","from","until"}.
//
// sim day: {"citizens","visits","filings","numbers","returns","tickets","seconds","filings_per_hour","desk_actions","kiosk":[…],"desk":[…],
// "processes":{name:{"resident_kb","peak_kb","heap_kb"}},"warnings":{message:times},"signed","entries","ends":{status:filings},"wrong":[text]};
// kiosk and desk are lines as bench store has them. The exit status is 0 only if wrong is empty.
//
// report: kiosk/report's Report, or with --day its Day; the package comment says what each figure means. Times are RFC 3339,
// durations seconds, shares of one hundred. It takes nobody's PIN: figures have nothing of a person.
//
// journal verify: {"entries","filings","signed","stations":{name:key},"replaced","cut","head"}; journal show, a line an entry: {"seq","at","station",
// "kind","reference","detail","hash"}.
//
// office show: {"hours":{"morning","afternoon","saturday"},"voice","off":[service],"closed":[{"day","name"}],"decided":[{"name","value","officer",
// "at"}]}: what holds, and what of it a head decided (kiosk/setting has names and values); office voices, a line a voice: {"voice","title",
// "sentences","lacking","wrong"}, the last three of recordings only.
//
// recovery make and use, officer renew: {"rewrapped","left"}, filings that were sealed to who reads now, and those that are yet to be.
//
// retention list, a line a filing: {"reference","service","filed","ended","until","law"}; retention end: {"destroyed"}; citizen export:
// {"filings","shut"}, shut being filings that the officer cannot open; citizen erase, a line a filing: {"reference","service","status","fate","until"}, fate
// being destroyed, or why it stays: running, kept (until), unknown (the law's term), others (somebody else filed it); and a last line {"shut"} if there are
// filings that the first officer cannot open.
//
// portal send and status: {"reference","target","digest","officer","sent","status","taken","dossier","note"}: what was handed over, and what the portal
// said; note only to officers. portal show, a line a field in the order of the form: {"item","label","value"}. portal verify:
// {"reference","digest","service","procedure","filed","officer","verify","known","files":[{"name","type","title","size","sha256"}]}; known says
// that the key is that of the officer here, or the one that was named, and the exit status is 0 only then.
//
// backup, and backup list, a line a backup: {"path","at","entries","filings","bytes","sha256","compared"}; compared says that each row was held against the
// backup before. backup check has "code" and "error" besides where something is wrong. restore: {"backup","replayed","filings","lacking"}; lacking says
// why what was filed last may be missing, and is absent if all is there.
//
// When a command with one result fails, the result is {"error":{"code","text"}}; code is one of kiosk/fault's. Commands
// that write a line an item (qr, card watch, filings list, portal show), and all without --json, report failures on standard error,
// with the words that a citizen would be shown. Each code has an exit status of its
// own, listed by `motcuactl codes`.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"motcua/assets"
	"motcua/cmd/internal/day"
	"motcua/kiosk/calendar"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/text"
)

// tool is what a command works with.
type tool struct {
	out, errs  io.Writer
	configFile string
	data       string // the data directory that was named, "" for the configuration's; for signing in with a card
	json       bool
}

// command is one entry of the command line.
type command struct {
	name    string // one or two words
	args    string
	summary string
	run     func(ctx context.Context, t *tool, args []string) error
	lines   bool // its JSON is a line an item: a failure goes to standard error, not between them
}

func commands() []command {
	return []command{
		{"doctor", "[--json]", "show every device and part, and what is wrong", doctor, true},
		{"card read", "[--reader R] [--qr TEXT | --id NUMBER | --mrz L1,L2,L3] [--wait D] [--json] [--trace FILE] [--photo FILE]",
			"read the chip", cardRead, false},
		{"card verify", "--sod FILE --dg N=FILE… | REFERENCE --as OFFICER [--csca FILE…] [--at DATE] [--json]",
			"check files of a chip, or the proof that a filing keeps", cardVerify, false},
		{"card reader", "[NAME] [--json]", "show the readers, or choose the one that is used", cardReader, true},
		{"card watch", "[--json]", "show readers and cards come and go", cardWatch, true},
		{"card sim", "[--persona N] [--vpcd HOST:PORT] [--extended] [--list] …",
			"play a card on the virtual PC/SC reader", cardSim, false},
		{"trust add", "FILE [--as OFFICER [--pin-file FILE]] [--data DIR] [--json]", "trust the issuers in a master list or certificate, or take a revocation list", trustAdd, false},
		{"trust list", "[--data DIR] [--json]", "show whom this station trusts, and who vouched", trustList, true},
		{"trust remove", "FINGERPRINT [--as OFFICER [--pin-file FILE]] [--data DIR] [--json]", "trust one of them no more", trustRemove, false},
		{"bench card", "[--rounds N] [--json]", "measure what reading a card costs", benchCard, true},
		{"bench store", "[--seconds N] [--dir DIR] [--writers N] [--json]", "measure filings and decisions beside the disk's own fsyncs", benchStore, true},
		{"qr", "FILE… [--json]", "read QR codes from pictures (PNG, JPEG, PGM)", qrFiles, true},
		{"print test", "[--json]", "print the test page", printTest, false},
		{"filings list", "[--limit N] [--json]", "list filings, newest first", filingsList, true},
		{"filings show", "REFERENCE --as OFFICER [--pin-file FILE] [--json]", "show one filing", filingsShow, false},
		{"filings dossier", "REFERENCE CODE --as OFFICER [--pin-file FILE]", "note the official code that the portal gave", filingsDossier, false},
		{"filings control", "REFERENCE --pdf FILE --as OFFICER [--pin-file FILE] [--data DIR]", "write the slip of a filing's way from hand to hand (Mẫu 06)", filingsControl, false},
		{"filings register", "--month 2026-10 | --day 2026-10-05 [--until DAY] --pdf FILE --as OFFICER [--pin-file FILE] [--data DIR] [--json]", "write the register of all filings of a time (Mẫu 07)", filingsRegister, false},
		{"portal send", "REFERENCE --as OFFICER [--pin-file FILE] [--json]", "hand a filing over to the national portal", portalSend, false},
		{"portal status", "REFERENCE [--as OFFICER] [--json]", "ask the portal where a filing stands, and note its official code", portalStatus, false},
		{"portal show", "REFERENCE --as OFFICER [--pin-file FILE] [--json]", "list the fields as they are typed into the portal", portalShow, true},
		{"portal verify", "BUNDLE [--key KEY] [--data DIR] [--json]", "verify a bundle: its files, its signature, whose key", portalVerify, false},
		{"journal verify", "[--seen NUMBER:HASH] [--json]", "find any change, deletion or gap in the journal", journalVerify, false},
		{"journal show", "[--after N] [--limit N] [--json]", "list what happened", journalShow, true},
		{"officer add", "ID NAME [--role ROLE] [--new-pin-file FILE] [--as HEAD] [--pin-file FILE]", "add an officer, first of all a head", officerAdd, false},
		{"officer list", "[--json]", "list the officers", officerList, true},
		{"officer lock", "ID [--open] --as HEAD [--pin-file FILE]", "lock an officer out, or let one in again", officerLock, false},
		{"backup", "[--to DIR] [--data DIR] [--json]", "copy the database while everything runs, and check the copy", backupMake, false},
		{"backup list", "[DIR] [--data DIR] [--json]", "list the backups, newest first", backupList, true},
		{"backup check", "[DIR | BACKUP] [--data DIR] [--json]", "check each backup, page by page", backupCheck, true},
		{"restore", "BACKUP | none --as OFFICER --with OFFICER [--pin-file FILE] [--with-pin-file FILE] [--data DIR] [--json]",
			"make the database again from a backup and what followed it", restore, false},
		{"officer pin", "ID [--pin-file FILE] [--new-pin-file FILE]", "change one's own PIN", officerPIN, false},
		{"officer card", "ID [--remove] [--pin-file FILE] [--card-file FILE] [--reader R]", "ask for one's own chip card besides the PIN", officerCard, false},
		{"office show", "[--data DIR] [--json]", "show what a head decided for all kiosks and desks, and what holds", officeShow, false},
		{"office set", "NAME=VALUE… --as HEAD [--pin-file FILE]", "decide hours, closed days, services and the voice for all of them", officeSet, false},
		{"office voices", "[--data DIR] [--json]", "list the voices that can be chosen, recordings among them", officeVoices, true},
		{"officer renew", "ID --as HEAD --with OFFICER [--new-pin-file FILE]", "give an officer new keys, with two officers", officerRenew, false},
		{"recovery make", "--as HEAD --with OFFICER --sheets DIR", "make a recovery key on two sheets of paper, with two officers", recoveryMake, false},
		{"recovery use", "ID NAME [--sheet FILE --sheet FILE] [--new-pin-file FILE]", "let a head in with both sheets of the recovery key", recoveryUse, false},
		{"retention list", "[--limit N] [--json]", "list the filings whose time is over", retentionList, true},
		{"retention end", "--as HEAD --with OFFICER [--limit N]", "destroy the filings whose time is over, with two officers", retentionEnd, false},
		{"citizen export", "NUMBER --as OFFICER --out FILE.zip", "write all that the office holds of somebody", citizenExport, false},
		{"citizen erase", "NUMBER --as HEAD --with OFFICER --reason TEXT [--law TEXT] [--json]", "erase what may be of somebody's filings, with two officers", citizenErase, true},
		{"forms check", "[--json]", "name every mistake in the services and printed forms", formsCheck, true},
		{"forms list", "[WORDS…] [--on DAY] [--json]", "list the services in force, or those that words find", formsList, true},
		{"forms show", "SERVICE [--on DAY] [--json]", "show what the file of a service says", formsShow, false},
		{"forms try", "SERVICE [ANSWERS.json] [--at TIME] [--pdf DIR] [--json]", "file with the answers of a file, without a machine", formsTry, false},
		{"forms effort", "[--at TIME] [--local WORDS] [--markdown] [--json]", "count touches and letters of every service", formsEffort, true},
		{"forms doubts", "[--json]", "list what an office has to confirm", formsDoubts, true},
		{"report", "[--month 2026-10 | --day 2026-10-05] [--json] [--xlsx FILE] [--pdf FILE] [--data DIR]", "show the figures of a month, or the sheet that ends a day", figures, false},
		{"sim run", "[--out DIR] [--portrait]", "run the demonstration in a virtual display", simRun, false},
		{"sim day", "[--citizens N] [--kiosks N] [--speed N] [--think D] [--dir DIR] [--json]", "play a day of an office: kiosks and a desk as processes, citizens, an officer", simDay, false},
		{"codes", "[--json]", "list the codes of failures and their exit statuses", codes, false},
	}
}

func main() {
	time.Local = calendar.Zone
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(os.Args) > 1 && os.Args[1] == day.PartName { // a process of sim day
		os.Exit(dayPart(ctx))
	}
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run is main with its surroundings as arguments; it gives the exit status.
func run(ctx context.Context, args []string, out, errs io.Writer) int {
	t := &tool{out: out, errs: errs}
	cmd, rest, ok := find(args)
	if !ok {
		usage(errs)
		if len(args) == 1 && strings.Trim(args[0], "-") == "help" {
			return 0
		}
		return fault.Usage.Exit()
	}
	if err := cmd.run(ctx, t, rest); err != nil {
		return t.fail(cmd, err)
	}
	return 0
}

// find matches the longest command name at the head of args.
func find(args []string) (command, []string, bool) {
	for words := min(2, len(args)); words > 0; words-- {
		name := strings.Join(args[:words], " ")
		for _, c := range commands() {
			if c.name == name {
				return c, args[words:], true
			}
		}
	}
	return command{}, nil, false
}

func usage(w io.Writer) {
	fmt.Fprintln(w, "usage:")
	for _, c := range commands() {
		fmt.Fprintf(w, "  motcuactl %s %s\n        %s\n", c.name, c.args, c.summary)
	}
}

// told is the failure of a command that has written its result, which says what is wrong.
type told struct{ verdict *fault.Error }

// Error implements error.
func (t told) Error() string { return t.verdict.Error() }

// tell makes the failure that a verdict is, nil for "".
func tell(code fault.Code) error {
	if code == "" {
		return nil
	}
	return told{fault.New(code, nil)}
}

// fail reports err in the form that was asked for and gives its exit status.
func (t *tool) fail(cmd command, err error) int {
	code := fault.CodeOf(err)
	if verdict, ok := err.(told); ok {
		if !t.json {
			fmt.Fprintln(t.errs, citizenWords(verdict.verdict.Code))
		}
		return verdict.verdict.Code.Exit()
	}
	if t.json && !cmd.lines {
		type failure struct {
			Code fault.Code `json:"code"`
			Text string     `json:"text"`
		}
		_ = t.line(map[string]failure{"error": {code, err.Error()}})
		return code.Exit()
	}
	fmt.Fprintf(t.errs, "motcuactl %s: %v\n", cmd.name, err)
	if words := citizenWords(code); words != "" {
		fmt.Fprintln(t.errs, words)
	}
	return code.Exit()
}

// textFile has the words of the screen.
const textFile = "text/vi.yaml"

// citizenWords is what a screen would say of the failure.
func citizenWords(code fault.Code) string {
	table, err := text.Load(assets.FS, textFile)
	key := "fault." + string(code)
	if err != nil || !table.Has(key+".title") {
		return ""
	}
	return table.Get(key+".title") + ". " + table.Get(key+".do")
}

// line writes one JSON object on a line of its own.
func (t *tool) line(v any) error {
	e := json.NewEncoder(t.out)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// flags makes the flag set of a command with the flags that all have.
func (t *tool) flags(name string) *flag.FlagSet {
	f := flag.NewFlagSet("motcuactl "+name, flag.ContinueOnError)
	f.SetOutput(t.errs)
	f.BoolVar(&t.json, "json", false, "write JSON")
	f.StringVar(&t.configFile, "config", "", "configuration file")
	return f
}

// parse reads flags before, between and after the operands, which it returns.
func parse(f *flag.FlagSet, args []string) ([]string, error) {
	var operands []string
	for {
		if err := f.Parse(args); err != nil {
			return nil, fault.New(fault.Usage, err)
		}
		args = f.Args()
		if len(args) == 0 {
			return operands, nil
		}
		operands = append(operands, args[0])
		args = args[1:]
	}
}

// parseWant is parse where so many operands are wanted; otherwise is what is said of another number of them.
func parseWant(f *flag.FlagSet, args []string, want int, otherwise string) ([]string, error) {
	operands, err := parse(f, args)
	if err == nil && len(operands) != want {
		err = fault.Newf(fault.Usage, "%s", otherwise)
	}
	return operands, err
}

// config loads the configuration that was named, else the one that is found, else the defaults.
func (t *tool) config() (config.Config, error) {
	path := t.configFile
	if path == "" {
		path = config.Find()
	}
	if path == "" {
		return config.Default(), nil
	}
	return config.Load(path)
}

// codes lists every code with its exit status.
func codes(_ context.Context, t *tool, args []string) error {
	if _, err := parse(t.flags("codes"), args); err != nil {
		return err
	}
	for _, c := range fault.Codes() {
		if t.json {
			if err := t.line(map[string]any{"code": c, "exit": c.Exit()}); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(t.out, "%3d  %-18s %s\n", c.Exit(), c, citizenWords(c))
	}
	return nil
}
