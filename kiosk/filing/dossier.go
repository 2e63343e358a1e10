package filing

import (
	"errors"
	"strings"

	"motcua/kiosk/form"
)

// Dossier is the official code of a filing (mã hồ sơ), H25.12.03-261125-0047: the unit that received it, the day, the number
// of the day. Only the national portal gives it; this program never makes one, and a filing has none until somebody types
// or scans it.
type Dossier string

// ErrDossier: a text is no dossier code.
var ErrDossier = errors.New("filing: no dossier code")

// ParseDossier reads a code as it was typed or scanned: spaces around it and small letters do not matter.
func ParseDossier(text string) (Dossier, error) {
	code := strings.ToUpper(strings.TrimSpace(text))
	if !form.ValidDossier(code) {
		return "", ErrDossier
	}
	return Dossier(code), nil
}

// maxScan bounds what is looked through, in bytes: a QR code holds less.
const maxScan = 4096

// ScanDossier finds the code in what a scanner read or somebody typed: alone, or the only one in an address or a sentence. ErrDossier if there is none, or
// several that differ.
func ScanDossier(text string) (Dossier, error) {
	if len(text) > maxScan {
		return "", ErrDossier
	}
	between := func(r rune) bool {
		return !(r == '.' || r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z')
	}
	var found Dossier
	for _, word := range strings.FieldsFunc(text, between) {
		code, err := ParseDossier(strings.Trim(word, ".-"))
		switch {
		case err != nil:
		case found != "" && found != code:
			return "", ErrDossier
		default:
			found = code
		}
	}
	if found == "" {
		return "", ErrDossier
	}
	return found, nil
}
