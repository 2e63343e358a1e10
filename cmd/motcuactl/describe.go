package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"motcua/assets"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/text"
)

// describe writes a filing for people.
func (t *tool) describe(f filing.Filing) error {
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	row := func(name string, value any) { fmt.Fprintf(w, "%s\t%v\n", name, value) }
	row("reference", f.Reference.String()+"  ("+f.Reference.Short()+")")
	row("filed", f.Filed.Format(time.DateTime))
	row("service", f.Service+", "+f.Procedure+", case "+f.Case)
	row("form", f.Form)
	row("status", f.Status)
	row("slips printed", f.Prints)
	describePerson(row, f.Applicant)
	row("facts from", f.Evidence.Source)
	if f.Evidence.NoChip != "" {
		row("no chip because", f.Evidence.NoChip)
	}
	t.describeEvidence(row, f.Evidence)
	for _, n := range f.Notices {
		words := string(n.Code) + " " + n.Date.String()
		if n.Age != 0 {
			words += fmt.Sprintf(", age %d", n.Age)
		}
		row("notice", words)
	}
	for _, warning := range f.Warnings {
		row("warning", warning)
	}
	for _, id := range slices.Sorted(maps.Keys(f.Answers)) {
		a := f.Answers[id]
		row("answer "+string(id), a.Value+"  ["+string(a.Source)+"]")
	}
	for _, p := range f.Papers {
		row("paper", p.Name+"  ["+p.State+"]")
	}
	if f.Consent != nil {
		row("consent", fmt.Sprintf("%s: %v", f.Consent.Text, f.Consent.Given))
	}
	return w.Flush()
}

// describeEvidence writes how far a chip was proven, in the officer's words and in the log's.
func (t *tool) describeEvidence(row func(string, any), e identity.Evidence) {
	if e.Access == "" {
		return
	}
	row("verdict", string(e.Verdict()))
	words, err := text.Load(assets.FS, textFile)
	say := func(key string) string {
		if err != nil || !words.Has(key) {
			return ""
		}
		return words.Get(key)
	}
	for _, c := range e.Checks {
		row("check "+c.Name, strings.Join(strings.Fields(string(c.Outcome)+" "+c.Cause+" "+c.Reason), " "))
		row("", strings.TrimSpace(say("check."+c.Name+"."+string(c.Outcome))+" "+say("cause."+c.Cause)))
	}
	for _, d := range e.Differences {
		row("differs", fmt.Sprintf("%s, between %s and %s", d.Fact, d.One, d.Other))
	}
	for _, note := range e.Notes {
		row("note", note)
	}
}

// describePerson writes what is known of a person.
func describePerson(row func(string, any), p identity.Person) {
	for _, fact := range []struct{ name, value string }{
		{"number", string(p.Number)}, {"name", p.Name}, {"birth", p.Birth.String()}, {"sex", p.Sex.Text()},
		{"nationality", p.Nationality}, {"ethnicity", p.Ethnicity}, {"religion", p.Religion}, {"origin", p.Origin},
		{"residence", p.Residence}, {"features", p.Features}, {"issued", p.Issued.String()},
		{"expires", p.Expires.String()}, {"father", p.Father}, {"mother", p.Mother}, {"spouse", p.Spouse},
		{"old number", p.OldNumber},
	} {
		if fact.value != "" {
			row(fact.name, fact.value)
		}
	}
}
