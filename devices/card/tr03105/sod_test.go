package tr03105_test

import (
	"crypto"
	_ "crypto/md5" // to sign with it, as nobody may
	"fmt"
	"math/big"
	"time"

	"motcua/devices/card/emrtd/pki"
	"motcua/devices/card/emrtd/pki/pkitest"
	"motcua/devices/card/tlv"
)

// algorithmChecks are about what EF.SOD and the signer's certificate are signed with.
func algorithmChecks() []check {
	weak := func(what string) verdict { return noted("the signature uses " + what) }
	with := func(id int, want verdict, key func() *pkitest.Key, scheme pkitest.Scheme) check {
		return documented(fmt.Sprintf("LDS_H_%02d", id), want, func(d *document) { d.sign(key(), scheme) })
	}
	// known leaves the signer's certificate out of EF.SOD: only a reader that has it can tell.
	known := func(id int, key func() *pkitest.Key, scheme pkitest.Scheme) []check {
		name := fmt.Sprintf("LDS_H_%02d", id)
		return []check{
			documented(name, verdict{pki.Incomplete, pki.StepSignature, pki.CauseSignerUnknown, ""}, func(d *document) {
				d.sign(key(), scheme)
				d.NoSigner = true
			}),
			documented(name, good, func(d *document) {
				d.sign(key(), scheme)
				d.NoSigner = true
				d.trust.signers = []*pki.Certificate{d.parse(d.Signer.Sign(d.authority.Key))}
			}),
		}
	}
	// mixed has another algorithm in the signer's certificate than in EF.SOD.
	mixed := func(id int, root *pkitest.Key, by pkitest.Scheme, key *pkitest.Key, scheme pkitest.Scheme) check {
		return documented(fmt.Sprintf("LDS_H_%02d", id), good, func(d *document) {
			d.issue(root, by)
			d.sign(key, scheme)
		})
	}
	all := []check{
		with(8, weak("DSA"), dsaKey, pkitest.DSA(crypto.SHA1)), with(97, weak("DSA"), dsaKey, pkitest.DSA(crypto.SHA224)),
		with(98, weak("DSA"), dsaKey, pkitest.DSA(crypto.SHA256)),
		mixed(75, rsaKey(), pkitest.PKCS1(crypto.SHA512, false), rsaKey(), pkitest.PSS(crypto.SHA256, 32)),
		mixed(76, rsaKey(), pkitest.PSS(crypto.SHA384, 48), rsaKey(), pkitest.PKCS1(crypto.SHA256, false)),
		mixed(77, rsaKey(), pkitest.PSS(crypto.SHA384, 48), ecKey(), pkitest.ECDSA(crypto.SHA256, false)),
		mixed(78, rootKey(), pkitest.ECDSA(crypto.SHA512, false), rsaKey(), pkitest.PKCS1(crypto.SHA256, false)),
		documented("LDS_H_74", good, func(d *document) { d.Hashes.Hash = crypto.SHA512 }),
	}
	all = append(all, known(15, rsaKey, pkitest.PKCS1(crypto.SHA256, false))...)
	all = append(all, known(16, ecKey, pkitest.Plain(crypto.SHA224))...)
	for i, h := range []crypto.Hash{crypto.SHA1, crypto.SHA224, crypto.SHA256, crypto.SHA384, crypto.SHA512} {
		want := good
		if h == crypto.SHA1 {
			want = weak("SHA-1")
		}
		all = append(all,
			with([]int{1, 4, 5, 6, 7}[i], want, rsaKey, pkitest.PKCS1(h, false)), with(79+i, want, rsaKey, pkitest.PKCS1(h, true)),
			with([]int{2, 94, 3, 95, 96}[i], want, rsaKey, pkitest.PSS(h, h.Size())), with(10+i, want, ecKey, pkitest.Plain(h)),
			with([]int{9, 70, 71, 72, 73}[i], want, ecKey, pkitest.ECDSA(h, false)))
	}
	return all
}

// Paths into EF.SOD: 77, ContentInfo, [0], SignedData, and its members.
func inSigned(path ...int) []int { return append([]int{0, 0, 1, 0}, path...) }

// inSigner is the one SignerInfo, the last member.
func inSigner(member int) []int { return inSigned(4, 0, member) }

// signedChecks are about SignedData and SignerInfo.
func signedChecks() []check {
	md5 := pkitest.Sequence(pkitest.OID("1.2.840.113549.2.5"))
	otherSigner := verdict{pki.Forged, pki.StepSignature, pki.CauseSignerOther, ""}
	whole := func(change func([]byte) []byte) func(*document) { return func(d *document) { d.change = change } }
	return []check{
		documented("LDS_H_17", malformed, whole(func(b []byte) []byte { return retagged(b, 0x78) })),
		documented("LDS_H_18", malformed, whole(func(b []byte) []byte { b[3]--; return b })),
		documented("LDS_H_19", malformed, whole(func(b []byte) []byte { b[3]++; return b })),
		documented("LDS_H_20", noted("unknown version: 9"), func(d *document) { d.Signed.Version = 9 }),
		documented("LDS_H_21", malformed, at(nothing, inSigned(0)...)),
		documented("LDS_H_22", attributes, func(d *document) { d.Signed.Digests = [][]byte{md5} }),
		documented("LDS_H_23", malformed, at(nothing, inSigned(1)...)),
		documented("LDS_H_24", malformed, func(d *document) { d.Signed.ContentType = "1.2.840.113549.1.7.1" }),
		documented("LDS_H_25", malformed, at(nothing, inSigned(2, 0)...)),
		documented("LDS_H_26", noted("unknown version: 9"), func(d *document) { d.signer().Version = 9 }),
		documented("LDS_H_27", malformed, at(nothing, inSigner(0)...)),
		documented("LDS_H_28", otherSigner, func(d *document) { d.signer().ID = pkitest.By(d.Signer.Issuer, big.NewInt(7)) }),
		documented("LDS_H_29", otherSigner, func(d *document) {
			d.signer().Version, d.signer().ID = 3, pkitest.ByKey(rootKey().ID())
		}),
		documented("LDS_H_30", forbidden, func(d *document) { d.signer().DigestID, d.signer().Digest = md5, crypto.MD5 }),
		documented("LDS_H_31", malformed, at(nothing, inSigner(2)...)),
		documented("LDS_H_32", attributes, func(d *document) { d.signer().Message = make([]byte, crypto.SHA256.Size()) }),
		documented("LDS_H_33", attributes, func(d *document) { d.signer().LeaveOut = pkitest.DigestAttribute }),
		documented("LDS_H_34", verdict{pki.Forged, pki.StepSigner, pki.CauseSignerTerm, ""}, func(d *document) {
			d.signer().SignedAt = d.Signer.From.Add(-time.Hour)
		}),
		documented("LDS_H_35", good, func(d *document) { d.signer().SignedAt = time.Time{} }),
		documented("LDS_H_36", forbidden, func(d *document) {
			d.sign(rsaKey(), pkitest.PKCS1(crypto.SHA256, false))
			d.signer().Scheme, d.signer().Digest = pkitest.PKCS1(crypto.MD5, false), crypto.SHA256
		}),
		documented("LDS_H_37", signature, func(d *document) { d.signer().Spoil = true }),
		documented("LDS_H_38", malformed, at(nothing, inSigner(5)...)),
		documented("LDS_H_69", signature, func(d *document) {
			d.signer().Spoil = true
			d.groups[1], d.groups[2] = []byte("another person"), []byte("another face")
		}),
		documented("LDS_H_84", noted("not that of version 3"), func(d *document) { d.signer().Version = 3 }),
		documented("LDS_H_85", noted("not that of version 1"), func(d *document) { d.signer().ID = pkitest.ByKey(ecKey().ID()) }),
	}
}

// hashChecks are about the LDS security object.
func hashChecks() []check {
	hash := func(step string, cause pki.Cause) verdict { return verdict{pki.Forged, step, cause, ""} }
	versions := func(version int64, lds string) func(*document) {
		return func(d *document) { d.Hashes.Version, d.Hashes.LDSVersion = version, lds }
	}
	return []check{
		documented("LDS_H_39", malformed, func(d *document) { d.Hashes.Version = 9 }),
		documented("LDS_H_40", malformed, inHashes(nothing, 0, 0)),
		documented("LDS_H_41", verdict{pki.Forged, pki.StepStructure, pki.CauseForbidden, ""}, func(d *document) {
			d.Hashes.HashID = pkitest.Sequence(pkitest.OID("1.2.840.113549.2.5"))
		}),
		documented("LDS_H_42", malformed, inHashes(nothing, 0, 1)),
		documented("LDS_H_43", hash("DG2", pki.CauseHash), func(d *document) { d.Hashes.Groups[2] = []byte("another face") }),
		documented("LDS_H_44", hash("DG1", pki.CauseNotListed), func(d *document) { delete(d.Hashes.Groups, 1) }),
		documented("LDS_H_45", good, func(d *document) { d.Hashes.Groups[10] = []byte("no such file") }),
		documented("LDS_H_46", malformed, inHashes(replaced(pkitest.Number(17)), 0, 2, 0, 0)),
		documented("LDS_H_46", hash("DG1", pki.CauseNotListed), inHashes(replaced(pkitest.Number(5)), 0, 2, 0, 0)),
		documented("LDS_H_47", malformed, inHashes(nothing, 0, 2, 1, 0)),
		documented("LDS_H_86", good, versions(1, "0108")),
		documented("LDS_H_87", noted("LDS version"), versions(0, "0108")),
		documented("LDS_H_88", noted("LDS version"), versions(1, "")),
		documented("LDS_H_89", good, versions(1, "0109")),
		{"LDS_H_90", consistency("\x61\x75", nil, []int{13})},
		{"LDS_H_91", consistency("\x61\x75\x6B\x6D", []int{11}, nil)},
		{"LDS_H_92", consistency("\x61\x75\x6B", []int{11}, []int{13})},
	}
}

// signerChecks are about the certificate of the document signer.
func signerChecks() []check {
	usage := verdict{pki.Forged, pki.StepSigner, pki.CauseSignerUsage, ""}
	return []check{
		documented("LDS_H_48", noted("of version 8"), inCertificate(replaced(pkitest.Explicit(0, pkitest.Number(7))), 0)),
		documented("LDS_H_49", noted("of version 1"), inCertificate(nothing, 0)),
		documented("LDS_H_50", malformed, inCertificate(nothing, 1)),
		documented("LDS_H_51", otherIssue, func(d *document) { d.Signer.Inside = pkitest.ECDSA(crypto.SHA384, false).ID }),
		documented("LDS_H_52", malformed, inCertificate(nothing, 2)),
		documented("LDS_H_53", verdict{pki.IssuerUnknown, pki.StepIssuer, pki.CauseIssuerUnknown, ""}, func(d *document) {
			d.Signer.Issuer = pkitest.Sequence(pkitest.SetOf(pkitest.Sequence(pkitest.OID("2.5.4.3"), tlv.New(0x0C, []byte("no country")))))
			d.signer().ID = pkitest.By(d.Signer.Issuer, d.Signer.Serial)
		}),
		documented("LDS_H_54", verdict{pki.IssuerUnknown, pki.StepIssuer, pki.CauseIssuerUnknown, ""}, func(d *document) {
			d.Signer.Issuer = pkitest.Name("VN", "CSCA Other")
			d.signer().ID = pkitest.By(d.Signer.Issuer, d.Signer.Serial)
		}),
		documented("LDS_H_55", malformed, inCertificate(nothing, 3)),
		documented("LDS_H_56", verdict{pki.Forged, pki.StepSigner, pki.CauseSignerTerm, ""}, func(d *document) {
			d.Signer.From, d.Signer.Until = d.Signer.Until, d.Signer.From
		}),
		documented("LDS_H_57", malformed, inCertificate(nothing, 4)),
		documented("LDS_H_58", verdict{pki.Incomplete, pki.StepSignature, pki.CauseUnsupported, ""}, func(d *document) {
			d.Signer.Info = rsaKey().Info
		}),
		documented("LDS_H_59", malformed, inCertificate(nothing, 6)),
		documented("LDS_H_60", noted("does not name its issuer's key"), func(d *document) {
			d.Signer.Set(pkitest.Extension{OID: pkitest.AuthorityExtension, Value: pkitest.Sequence(tlv.New(0x82, []byte{7}))})
		}),
		documented("LDS_H_61", noted("does not name its issuer's key"), func(d *document) { d.Signer.Remove(pkitest.AuthorityExtension) }),
		documented("LDS_H_62", usage, func(d *document) { d.Signer.Set(pkitest.Usage(0x06)) }),
		documented("LDS_H_63", usage, func(d *document) { d.Signer.Set(pkitest.Usage(0x40)) }),
		documented("LDS_H_64", noted("no key usage"), func(d *document) { d.Signer.Remove(pkitest.UsageExtension) }),
		documented("LDS_H_65", verdict{pki.Forged, pki.StepIssuer, pki.CauseForbidden, ""}, func(d *document) {
			d.issue(rsaKey(), pkitest.PKCS1(crypto.MD5, false))
		}),
		documented("LDS_H_66", malformed, at(nothing, inSigned(3, 0, 1)...)),
		documented("LDS_H_67", otherIssue, at(func(o tlv.Object) []byte {
			o.Raw[len(o.Raw)-1] ^= 1
			return o.Raw
		}, inSigned(3, 0, 2)...)),
		documented("LDS_H_68", malformed, at(nothing, inSigned(3, 0, 2)...)),
		revoked(),
	}
}
