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
