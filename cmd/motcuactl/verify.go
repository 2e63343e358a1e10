package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/pki"
	"motcua/devices/card/emrtd/trust"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/station"
)

// verifyFlags are those of card verify.
type verifyFlags struct {
	sod, at, data string
	groups        map[int]string // files, by data group
	csca          []string
	who           signIn
}

// verifyOutput is what card verify --json writes; the package comment documents it.
type verifyOutput struct {
	Verdict pki.Verdict        `json:"verdict"`
	Steps   []pki.Step         `json:"steps,omitempty"`
	Notes   []string           `json:"notes,omitempty"`
	Signer  *certificateOutput `json:"signer,omitempty"`
	Issuer  *certificateOutput `json:"issuer,omitempty"`

	Person  *identity.Person `json:"person,omitempty"`
	Differs []string         `json:"differs,omitempty"`
	Checks  []identity.Check `json:"checks,omitempty"`
}

type certificateOutput struct {
	Subject     string `json:"subject"`
	Issuer      string `json:"issuer"`
	Serial      string `json:"serial"`
	Fingerprint string `json:"fingerprint"`
	From        string `json:"from"`
	Until       string `json:"until"`
	Vouched     string `json:"vouched,omitempty"`
}

// cardVerify checks files of a chip, or what a filing keeps of one, without any card.
func cardVerify(ctx context.Context, t *tool, args []string) error {
	flags := verifyFlags{groups: map[int]string{}}
	f := t.flags("card verify")
	f.StringVar(&flags.sod, "sod", "", "EF.SOD, as the chip gave it")
	f.StringVar(&flags.at, "at", "", "the day for which to check, YYYY-MM-DD; else today, or when the filing's card was read")
	f.StringVar(&flags.data, "data", "", "data directory")
	f.Func("dg", "N=FILE: data group N, as the chip gave it; may be repeated", flags.addGroup)
	f.Func("csca", "trust this certificate or master list, and nobody else; may be repeated", func(path string) error {
		flags.csca = append(flags.csca, path)
		return nil
	})
	flags.who = t.signInFlags(f)
	operands, err := parse(f, args)
	if err != nil {
		return err
	}
	at, err := flags.day()
	if err != nil {
		return err
	}
	trusted, err := t.verifyTrust(flags)
	if err != nil {
		return err
	}
	var out verifyOutput
	switch {
	case len(operands) == 1 && flags.sod == "" && len(flags.groups) == 0:
		out, err = t.verifyFiling(ctx, flags, operands[0], trusted, at)
	case len(operands) == 0 && flags.sod != "":
		out, err = flags.verifyFiles(trusted, at)
	default:
		err = fault.Newf(fault.Usage, "give --sod and --dg, or one reference")
	}
	if err != nil {
		return err
	}
	if err := t.verified(out); err != nil {
		return err
	}
	return tell(verdictCodes[out.Verdict])
}

// verdictCodes give each verdict its exit status; trusted is success.
var verdictCodes = map[pki.Verdict]fault.Code{
	pki.Forged: fault.CardForged, pki.IssuerUnknown: fault.CardUntrusted, pki.Incomplete: fault.CardIncomplete,
}

// addGroup takes N=FILE.
func (v *verifyFlags) addGroup(arg string) error {
	number, path, ok := strings.Cut(arg, "=")
	n, err := strconv.Atoi(strings.TrimPrefix(strings.ToUpper(number), "DG"))
	const last = 16
	if !ok || err != nil || n < 1 || n > last || path == "" {
		return errors.New("give N=FILE with N from 1 to 16")
	}
	if _, twice := v.groups[n]; twice {
		return fmt.Errorf("data group %d is given twice", n)
	}
	v.groups[n] = path
	return nil
}

func (v *verifyFlags) day() (time.Time, error) {
	if v.at == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.DateOnly, v.at)
	if err != nil {
		return at, fault.New(fault.Usage, err)
	}
	const noon = 12 * time.Hour
	return at.Add(noon), nil
}

// verifyTrust is whom to believe: what --csca names, else what the station trusts.
func (t *tool) verifyTrust(v verifyFlags) (*trust.Store, error) {
	if len(v.csca) == 0 {
		return t.openTrust(v.data)
	}
	var all [][]byte
	for _, path := range v.csca {
		raw, err := readFile(path)
		if err != nil {
			return nil, err
		}
		all = append(all, raw)
	}
	store, err := trustIn(all...)
	if err != nil {
		return nil, importFault(err)
	}
	return store, nil
}

// trustIn makes a store in memory that trusts the certificates in the files.
func trustIn(files ...[]byte) (*trust.Store, error) {
	store, err := trust.Open("", nil)
	if err != nil {
		return nil, err
	}
	for _, raw := range files {
		if _, err := store.Import(raw); err != nil {
			return nil, err
		}
	}
	return store, nil
}

// verifyFiles checks EF.SOD and data groups from files.
func (v *verifyFlags) verifyFiles(trusted *trust.Store, at time.Time) (verifyOutput, error) {
	if at.IsZero() {
		at = time.Now()
	}
	in := pki.Input{Groups: map[int][]byte{}, Trust: trusted, At: at}
	var err error
	if in.SOD, err = readFile(v.sod); err != nil {
		return verifyOutput{}, err
	}
	for n, path := range v.groups {
		if in.Groups[n], err = readFile(path); err != nil {
			return verifyOutput{}, err
		}
	}
	if zone, err := lds.ParseDG1(in.Groups[1]); err == nil {
		in.Country = zone.Issuer
	}
	report := pki.Verify(in)
	return verifyOutput{Verdict: report.Verdict(), Steps: report.Steps, Notes: report.Notes,
		Signer: describeCertificate(report.Signer, trusted), Issuer: describeCertificate(report.Issuer, trusted)}, nil
}

func describeCertificate(c *pki.Certificate, trusted *trust.Store) *certificateOutput {
	if c == nil {
		return nil
	}
	return &certificateOutput{Subject: c.Subject.String(), Issuer: c.Issuer.String(), Serial: fmt.Sprintf("%X", c.Serial),
		Fingerprint: c.Fingerprint(), From: c.NotBefore.Format(time.DateOnly), Until: c.NotAfter.Format(time.DateOnly),
		Vouched: trusted.Vouched(c)}
}

// verifyFiling examines what a filing keeps of its applicant's chip.
func (t *tool) verifyFiling(ctx context.Context, v verifyFlags, reference string, trusted *trust.Store, at time.Time) (verifyOutput, error) {
	filed, err := t.looks(ctx, v.data, v.who, reference)
	if err != nil {
		return verifyOutput{}, err
	}
	r, err := station.Examine(filed.Evidence, filed.Photo, trusted, at)
	if err != nil {
		return verifyOutput{}, err
	}
	out := verifyOutput{Verdict: filingVerdict(r.Evidence.Verdict()), Notes: r.Evidence.Notes, Person: &r.Person,
		Differs: differing(filed, r.Person), Checks: r.Evidence.Checks}
	if len(out.Differs) > 0 {
		out.Verdict = pki.Forged
	}
	return out, nil
}

// filingVerdict puts a card's verdict into the words of card verify.
func filingVerdict(v identity.Verdict) pki.Verdict {
	switch v {
	case identity.Genuine:
		return pki.Trusted
	case identity.IssuerUnknown:
		return pki.IssuerUnknown
	case identity.Unproven, identity.NoChip:
		return pki.Incomplete
	}
	return pki.Forged
}

// differing names the facts of a filing's applicant that the chip says otherwise.
func differing(f filing.Filing, chip identity.Person) []string {
	var differs []string
	was := map[string]string{}
	describePerson(func(name string, value any) { was[name] = fmt.Sprint(value) }, f.Applicant)
	describePerson(func(name string, value any) {
		if have := was[name]; have != fmt.Sprint(value) {
			differs = append(differs, name)
		}
	}, chip)
	return differs
}

// verified writes the result.
func (t *tool) verified(out verifyOutput) error {
	if t.json {
		return t.line(out)
	}
	fmt.Fprintf(t.out, "verdict: %s\n", out.Verdict)
	for _, s := range out.Steps {
		fmt.Fprintf(t.out, "  %-12s %-13s %s %s\n", s.Name, s.Outcome, s.Cause, s.Reason)
	}
	for _, c := range out.Checks {
		fmt.Fprintf(t.out, "  %-24s %-13s %s %s\n", c.Name, c.Outcome, c.Cause, c.Reason)
	}
	for _, name := range out.Differs {
		fmt.Fprintf(t.out, "  the filing says another %s than the chip\n", name)
	}
	for _, note := range out.Notes {
		fmt.Fprintf(t.out, "  note: %s\n", note)
	}
	for name, c := range map[string]*certificateOutput{"signer": out.Signer, "issuer": out.Issuer} {
		if c != nil {
			fmt.Fprintf(t.out, "%s: %s, serial %s, %s to %s\n        SHA-256 %s\n", name, c.Subject, c.Serial, c.From, c.Until, c.Fingerprint)
		}
	}
	return nil
}
