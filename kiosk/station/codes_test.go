package station

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"testing"

	"motcua/devices/card"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/vncard"
	"motcua/devices/print"
	"motcua/devices/print/escpos"
	"motcua/devices/print/link"
	"motcua/devices/scan"
	"motcua/kiosk/fault"
)

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

// meanings is every error that the devices' packages export, and what the counter calls it.
var meanings = map[string]map[string]struct {
	err  error
	code fault.Code
}{
	"card": {
		"ErrRemoved": {card.ErrRemoved, fault.CardRemoved}, "ErrNoCard": {card.ErrNoCard, fault.CardRemoved},
		"ErrNoReader": {card.ErrNoReader, fault.ReaderGone}, "ErrService": {card.ErrService, fault.ReaderGone},
		"ErrUnresponsive": {card.ErrUnresponsive, fault.CardMute}, "ErrBusy": {card.ErrBusy, fault.CardFailed},
	},
	"card/emrtd": {
		"ErrWrongKey": {emrtd.ErrWrongKey, fault.CardWrongKey}, "ErrKeyNotKnown": {emrtd.ErrKeyNotKnown, fault.CardFailed},
		"ErrNoPACE": {emrtd.ErrNoPACE, fault.CardFailed}, "ErrNotEMRTD": {emrtd.ErrNotEMRTD, fault.CardNotID},
		"ErrAccess": {emrtd.ErrAccess, fault.CardFailed}, "ErrSecureMessaging": {emrtd.ErrSecureMessaging, fault.CardSecure},
		"ErrSessionEnded": {emrtd.ErrSessionEnded, fault.CardSecure}, "ErrDamaged": {emrtd.ErrDamaged, fault.CardDamaged},
		"ErrUnsupported": {emrtd.ErrUnsupported, fault.CardUnsupported}, "ErrNotGenuine": {emrtd.ErrNotGenuine, fault.CardCloned},
		"ErrChipRefused": {emrtd.ErrChipRefused, fault.CardFailed}, "ErrProof": {emrtd.ErrProof, fault.CardFailed},
		"ErrRepeatedChallenge": {emrtd.ErrRepeatedChallenge, fault.CardFailed}, "ErrTruncated": {emrtd.ErrTruncated, fault.CardFailed},
		"ErrReach": {emrtd.ErrReach, fault.CardFailed},
	},
	"card/vncard": {
		"ErrWrongKey": {vncard.ErrWrongKey, fault.CardWrongKey}, "ErrNotEMRTD": {vncard.ErrNotEMRTD, fault.CardNotID},
		"ErrSecureMessaging": {vncard.ErrSecureMessaging, fault.CardSecure}, "ErrAccess": {vncard.ErrAccess, fault.CardFailed},
		"ErrDamaged": {vncard.ErrDamaged, fault.CardDamaged}, "ErrOtherCard": {vncard.ErrOtherCard, fault.CardOther},
		"ErrKeyMissing": {vncard.ErrKeyMissing, fault.CardKeyNeeded}, "ErrRequest": {vncard.ErrRequest, fault.CardKeyNeeded},
		"ErrUnsupported": {vncard.ErrUnsupported, fault.CardUnsupported}, "ErrProof": {vncard.ErrProof, fault.CardFailed},
	},
	"print": {
		"ErrPaperOut": {print.ErrPaperOut, fault.PrinterNoPaper}, "ErrCoverOpen": {print.ErrCoverOpen, fault.PrinterCover},
		"ErrOffline": {print.ErrOffline, fault.PrinterOffline}, "ErrGone": {print.ErrGone, fault.PrinterAbsent},
		"ErrUnsure": {print.ErrUnsure, fault.PrinterUnsure},
	},
	"print/escpos": {"ErrJob": {escpos.ErrJob, fault.Internal}, "ErrProfile": {escpos.ErrProfile, fault.ConfigBad}},
	"print/link": {
		"ErrAddress": {link.ErrAddress, fault.ConfigBad}, "ErrTimeout": {link.ErrTimeout, fault.PrinterOffline},
		"ErrOneWay": {link.ErrOneWay, fault.PrinterOffline},
	},
	"scan": {
		"ErrGone": {scan.ErrGone, fault.ScannerAbsent}, "ErrTooLong": {scan.ErrTooLong, fault.QRUnreadable},
		"ErrNotText": {scan.ErrNotText, fault.QRUnreadable}, "ErrNoCode": {scan.ErrNoCode, fault.QRUnreadable},
	},
}

func TestCodes(t *testing.T) {
	codeOf := map[string]func(error) fault.Code{"card": CardCode, "prin": printCode, "scan": scanCode}
	for dir, table := range meanings {
		for name, m := range table {
			wrapped := fmt.Errorf("driver: something: %w", m.err)
			if got := codeOf[dir[:4]](wrapped); got != m.code {
				t.Errorf("%s.%s is %s, want %s", dir, name, got, m.code)
			}
		}
		for _, name := range exported(t, "../../devices/"+dir) {
			if _, known := table[name]; !known {
				t.Errorf("%s.%s has no code", dir, name)
			}
		}
	}
}

// exported lists the errors that a package exports.
func exported(t *testing.T, dir string) []string {
	t.Helper()
	files, err := fs.Glob(os.DirFS(dir), "*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %d files, %v", dir, len(files), err)
	}
	var names []string
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), dir+"/"+file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok {
				for _, name := range spec.Names {
					if strings.HasPrefix(name.Name, "Err") && name.IsExported() && !strings.HasSuffix(file, "_test.go") {
						names = append(names, name.Name)
					}
				}
			}
			_, function := n.(*ast.FuncDecl)
			return !function
		})
	}
	return names
}

// What the transport says comes before what the protocol makes of it.
func TestTransportFirst(t *testing.T) {
	for _, low := range []error{card.ErrRemoved, card.ErrNoReader, card.ErrService, card.ErrUnresponsive} {
		for _, high := range []error{vncard.ErrSecureMessaging, vncard.ErrWrongKey, vncard.ErrNotEMRTD, vncard.ErrDamaged} {
			if got := CardCode(fmt.Errorf("%w: %w", high, low)); got != CardCode(low) {
				t.Errorf("%v over %v is %s", high, low, got)
			}
		}
	}
	for _, err := range []error{context.Canceled, context.DeadlineExceeded} {
		if got := CardCode(fmt.Errorf("pcsc: %w", err)); got != fault.CardTimeout {
			t.Errorf("%v is %s", err, got)
		}
	}
	if got := CardCode(errors.New("something else")); got != fault.CardFailed {
		t.Errorf("an unknown error is %s", got)
	}
}
