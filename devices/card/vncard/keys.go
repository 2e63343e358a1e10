package vncard

import (
	"fmt"
	"strings"

	"motcua/devices/card/emrtd/lds"
)

const (
	numberLength   = 12
	canLength      = 6 // the last digits of the number
	documentLength = 9 // the last digits of the number are the document number of the MRZ
)

// keys is what the chip can be opened with.
type keys struct {
	number      string   // "" if only a foreign MRZ was given
	can         string   // ""
	information []string // MRZ information, the likeliest first; empty if dates are missing
}

// newKeys derives everything that follows from a request.
func newKeys(req Request) (keys, error) {
	k := keys{number: req.Number}
	if req.Number != "" && !areDigits(req.Number, numberLength) {
		return keys{}, fmt.Errorf("%w: the number is not %d digits", ErrRequest, numberLength)
	}
	if req.CAN != "" {
		if !areDigits(req.CAN, canLength) || req.Number != "" && !strings.HasSuffix(req.Number, req.CAN) {
			return keys{}, fmt.Errorf("%w: the CAN is not the last %d digits", ErrRequest, canLength)
		}
		k.can = req.CAN
	}
	if len(req.MRZ) > 0 {
		if err := k.fromMRZ(req.MRZ); err != nil {
			return keys{}, err
		}
	}
	if k.number == "" && k.information == nil && k.can == "" {
		return keys{}, ErrRequest
	}
	if k.number == "" {
		return k, nil
	}
	k.can = k.number[numberLength-canLength:]
	if k.information == nil {
		k.fromDates(req)
	}
	return k, nil
}

func (k *keys) fromMRZ(lines []string) error {
	m, err := lds.ParseMRZ(lines...)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRequest, err)
	}
	k.information = []string{m.Information()}
	number := personalNumber(m)
	switch {
	case k.number == "":
		k.number = number
	case number != "" && number != k.number:
		return fmt.Errorf("%w: number and MRZ are of two people", ErrRequest)
	}
	return nil
}

func (k *keys) fromDates(req Request) {
	if !req.Birth.valid() {
		return
	}
	candidates := ExpiryCandidates(req.Birth, req.Issued)
	if req.Expires.valid() {
		candidates = []Date{req.Expires}
	}
	for _, expires := range candidates {
		document := k.number[numberLength-documentLength:]
		k.information = append(k.information, lds.MRZInformation(document, req.Birth.MRZ(), expires.MRZ()))
	}
}

func isNumber(s string) bool { return areDigits(s, numberLength) }

func areDigits(s string, n int) bool {
	if len(s) != n {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// personalNumber takes the 12 digits from the optional data of a Vietnamese MRZ; "" if they are not there.
func personalNumber(m lds.MRZ) string {
	const issuer = "VNM"
	if m.Format != lds.TD1 || m.Issuer != issuer || len(m.Optional) < numberLength || !isNumber(m.Optional[:numberLength]) {
		return ""
	}
	return m.Optional[:numberLength]
}
