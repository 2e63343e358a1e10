package seal

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
)

// Sheet is one of two halves of an identity, to be printed and kept apart: groups of letters and digits with a check.
type Sheet string

// paperAlphabet is Crockford's: no I, L, O, U, which people take for others.
var paperAlphabet = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

const (
	sheetGroup = 5
	sheetCheck = 4 // bytes
)

// Split makes two sheets of an identity. Each alone is noise; Join needs both, in either order.
func Split(id *Identity) (Sheet, Sheet, error) {
	plain, err := id.bytes()
	if err != nil {
		return "", "", err
	}
	defer clear(plain)
	pad := make([]byte, len(plain))
	if err := read(pad); err != nil {
		return "", "", err
	}
	other := make([]byte, len(plain))
	for i := range plain {
		other[i] = plain[i] ^ pad[i]
	}
	return sheet(pad), sheet(other), nil
}

func sheet(half []byte) Sheet {
	sum := sha256.Sum256(half)
	text := paperAlphabet.EncodeToString(append(half[:len(half):len(half)], sum[:sheetCheck]...))
	var b strings.Builder
	for i := 0; i < len(text); i += sheetGroup {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(text[i:min(i+sheetGroup, len(text))])
	}
	return Sheet(b.String())
}

// half reads a sheet as people type it; ErrKey if its check does not fit.
func (s Sheet) half() ([]byte, error) {
	const maxSheet = 4 << 10
	if len(s) > maxSheet {
		return nil, ErrKey
	}
	text := strings.ToUpper(strings.Join(strings.Fields(strings.ReplaceAll(string(s), "-", " ")), ""))
	text = strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(text)
	data, err := paperAlphabet.DecodeString(text)
	if err != nil || len(data) <= sheetCheck {
		return nil, ErrKey
	}
	half, check := data[:len(data)-sheetCheck], data[len(data)-sheetCheck:]
	if sum := sha256.Sum256(half); string(sum[:sheetCheck]) != string(check) {
		return nil, ErrKey
	}
	return half, nil
}

// Check reports whether a sheet is typed as it stands on the paper: ErrKey.
func (s Sheet) Check() error {
	half, err := s.half()
	clear(half)
	return err
}

// Join puts two sheets together; ErrKey if one is mistyped, or they are not of one key.
func Join(a, b Sheet) (*Identity, error) {
	x, err := a.half()
	if err != nil {
		return nil, err
	}
	y, err := b.half()
	if err != nil || len(x) != len(y) {
		return nil, ErrKey
	}
	for i := range x {
		x[i] ^= y[i]
	}
	defer clear(x)
	return parse(x)
}
