package lds_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/tlv"
)

// offer is an entry of DG14 in a short notation: "key" or "key 7" is a public key without and with an identifier,
// "ca 2.2" and "ca 2.2 7" a ChipAuthenticationInfo for curves with AES-128, "v2 2.2" one of another version.
func offer(t *testing.T, text string) []byte {
	t.Helper()
	words := strings.Fields(text)
	parts := []any{asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 2, 2, 1, 2}}
	version := map[string]int{"ca": 1, "v2": 2}[words[0]]
	if version > 0 {
		parts = []any{number(t, lds.OIDChipAuthentication+"."+words[1]), version}
		words = words[1:]
	} else {
		private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		der, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, asn1.RawValue{FullBytes: der})
	}
	for _, id := range words[1:] {
		n, ok := new(big.Int).SetString(id, 10)
		if !ok {
			t.Fatal(id)
		}
		parts = append(parts, n)
	}
	var content []byte
	for _, p := range parts {
		der, err := asn1.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		content = append(content, der...)
	}
	return tlv.New(0x30, content)
}

func number(t *testing.T, dotted string) (oid asn1.ObjectIdentifier) {
	t.Helper()
	for _, arc := range strings.Split(dotted, ".") {
		var n int
		if _, err := fmt.Sscan(arc, &n); err != nil {
			t.Fatal(err)
		}
		oid = append(oid, n)
	}
	return oid
}

// TestChipKeys pairs keys and protocols. A result is cipher and identifier, "!" where the key is to be named and "?"
// where its protocol is inferred.
func TestChipKeys(t *testing.T) {
	for dg14, want := range map[string]string{
		"":                                 "",
		"ca 2.2":                           "",
		"key, ca 2.2":                      "AES-128",
		"ca 2.4, key":                      "AES-256",
		"key":                              "3DES?",
		"key 7":                            "3DES 7?",
		"key, ca 2.2, ca 2.4":              "AES-256 AES-128",
		"key 1, key 2, ca 2.2 1":           "AES-128 1! 3DES 2!?",
		"key 1, ca 2.1 1":                  "3DES 1",
		"key 1, ca 2.1 2":                  "3DES 1?",
		"key 1, ca 2.2":                    "AES-128 1",
		"key, ca 2.2 1":                    "AES-128",
		"key, ca 2.2 1, ca 2.3":            "AES-192",
		"key, ca 1.2":                      "error",
		"key 1, ca 2.2 1, v2 2.4":          "AES-128 1",
		"key, ca 2.9":                      "error",
		"key, ca 3.2":                      "error",
		"key, ca 2":                        "error",
		"key, ca 2.2.1":                    "error",
		"key, v2 2.2":                      "error",
		"key, ca 2.9, ca 2.3":              "AES-192",
		"key 1, ca 2.9 1, key 2, ca 2.2 2": "AES-128 2!",
		"key 300, key 70000, ca 2.4 70000, ca 2.2 300":        "AES-256 70000! AES-128 300!",
		strings.TrimSuffix(strings.Repeat("key, ", 20), ", "): strings.TrimSuffix(strings.Repeat("3DES? ", 8), " "),
	} {
		var entries [][]byte
		for _, text := range strings.Split(dg14, ", ") {
			if text != "" {
				entries = append(entries, offer(t, text))
			}
		}
		infos, err := lds.ParseDG14(tlv.New(0x6E, tlv.New(0x31, entries...)))
		if err != nil {
			t.Fatal(err)
		}
		keys, err := infos.ChipKeys()
		if got := describe(keys, err); got != want {
			t.Errorf("%s: %s, want %s", dg14, got, want)
		}
		if public, err := infos.PublicKeys(); err != nil || len(public) != min(strings.Count(dg14, "key"), 8) {
			t.Errorf("%s: %d public keys, %v", dg14, len(public), err)
		}
	}
}

func describe(keys []lds.ChipKey, err error) string {
	if errors.Is(err, lds.ErrOffer) && len(keys) == 0 {
		return "error"
	}
	var words []string
	for _, k := range keys {
		word := k.Cipher.String()
		if k.ID != nil {
			word += " " + k.ID.String()
		}
		if k.Named {
			word += "!"
		}
		if k.Inferred {
			word += "?"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}
