package identity

import "testing"

// checks makes evidence of a chip in which all checks passed but those that are given.
func checks(access string, changes map[string]Check) Evidence {
	e := Evidence{Source: FromChip, Access: access}
	for _, name := range []string{CheckAccess, CheckDataGroups, CheckPassive, CheckChip, CheckActive, CheckNumber} {
		c := Check{Name: name, Outcome: Passed}
		if change, ok := changes[name]; ok {
			c.Outcome, c.Cause = change.Outcome, change.Cause
		}
		e.Checks = append(e.Checks, c)
	}
	return e
}

func TestVerdict(t *testing.T) {
	failed, missing := Check{Outcome: Failed}, Check{Outcome: NotPossible}
	unknown := Check{Outcome: NotPossible, Cause: "issuer-unknown"}
	for name, v := range map[string]struct {
		changes map[string]Check
		want    Verdict
	}{
		"all passed":                     {nil, Genuine},
		"active authentication alone":    {map[string]Check{CheckChip: missing}, Genuine},
		"chip authentication alone":      {map[string]Check{CheckActive: missing}, Genuine},
		"no issuer's certificate":        {map[string]Check{CheckPassive: unknown}, IssuerUnknown},
		"no signer's certificate":        {map[string]Check{CheckPassive: {Outcome: NotPossible, Cause: "signer-unknown"}}, Unproven},
		"issuer unknown, chip unproven":  {map[string]Check{CheckPassive: unknown, CheckChip: missing, CheckActive: missing}, Unproven},
		"an algorithm that is not known": {map[string]Check{CheckPassive: {Outcome: NotPossible, Cause: "unsupported"}}, Unproven},
		"neither proves the chip":        {map[string]Check{CheckChip: missing, CheckActive: missing}, Unproven},
		"no EF.SOD":                      {map[string]Check{CheckDataGroups: missing, CheckPassive: missing}, Unproven},
		"a file that is not given":       {map[string]Check{CheckDataGroups: {Outcome: Failed, Cause: "missing"}}, Unproven},
		"data changed":                   {map[string]Check{CheckDataGroups: failed}, Forged},
		"wrong signature, and a clone":   {map[string]Check{CheckPassive: failed, CheckChip: failed}, Forged},
		"clone by DG14":                  {map[string]Check{CheckChip: failed}, Cloned},
		"clone by DG15":                  {map[string]Check{CheckActive: failed, CheckPassive: unknown}, Cloned},
		"downgraded":                     {map[string]Check{CheckAccess: failed, CheckPassive: unknown}, Downgraded},
		"two numbers":                    {map[string]Check{CheckNumber: failed}, Doubtful},
	} {
		if got := checks("PACE-CAN", v.changes).Verdict(); got != v.want {
			t.Errorf("%s: %s, not %s", name, got, v.want)
		}
	}
	if got := (Evidence{Source: FromQR, NoChip: "card-mute"}).Verdict(); got != NoChip {
		t.Errorf("without a chip: %s", got)
	}
}

func TestDeciding(t *testing.T) {
	e := checks("BAC", map[string]Check{CheckPassive: {Outcome: NotPossible}, CheckNumber: {Outcome: Failed}})
	if c, ok := e.Deciding(); !ok || c.Name != CheckNumber {
		t.Errorf("%v %t", c, ok)
	}
	e = checks("BAC", map[string]Check{CheckPassive: {Outcome: NotPossible}})
	if c, ok := e.Deciding(); !ok || c.Name != CheckPassive {
		t.Errorf("%v %t", c, ok)
	}
	if c, ok := checks("BAC", nil).Deciding(); ok {
		t.Errorf("%v", c)
	}
}
