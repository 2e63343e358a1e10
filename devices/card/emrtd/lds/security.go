package lds

import (
	"fmt"
	"strings"

	"motcua/devices/card/emrtd/der"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/emrtd/spki"
	"motcua/devices/card/tlv"
)

// Object identifiers of 9303-11 §9.2 and TR-03110-3 §A.1.
const (
	oidPACE               = "0.4.0.127.0.7.2.2.4"
	OIDChipAuthentication = "0.4.0.127.0.7.2.2.3"
	OIDPublicKeyDH        = "0.4.0.127.0.7.2.2.1.1"
	OIDPublicKeyECDH      = "0.4.0.127.0.7.2.2.1.2"
	OIDActiveAuth         = "2.23.136.1.1.5"
)

// SecurityInfo is one entry of EF.CardAccess or DG14, 9303-11 §9.2. What it requires is for the protocol to read.
type SecurityInfo struct {
	OID      string
	Required tlv.Object
	Optional []byte // TLV, nil if absent
	Raw      []byte
}

// SecurityInfos is a set of them, in the order they stand in.
type SecurityInfos []SecurityInfo

// ParseCardAccess reads EF.CardAccess: a SET of SecurityInfo (9303-11 §9.2.11).
func ParseCardAccess(file []byte) (SecurityInfos, error) {
	o, err := tlv.Tolerant.One(file)
	if err != nil {
		return nil, malformed("EF.CardAccess", err)
	}
	return parseSecurityInfos(o)
}

// ParseDG14 reads DG14: SecurityInfos in tag 6E (9303-10 §4.7.14).
func ParseDG14(file []byte) (SecurityInfos, error) {
	children, err := outer("DG14", file, TagDG14)
	if err != nil {
		return nil, err
	}
	if len(children) != 1 {
		return nil, malformed(fmt.Sprintf("DG14 with %d objects", len(children)), nil)
	}
	return parseSecurityInfos(children[0])
}

func parseSecurityInfos(o tlv.Object) (SecurityInfos, error) {
	if o.Tag != tagSet {
		return nil, malformed("security infos in tag "+o.Tag.String(), nil)
	}
	members, err := o.ChildrenIn(tlv.Tolerant)
	if err != nil {
		return nil, malformed("security infos", err)
	}
	var infos SecurityInfos
	for _, m := range members {
		parts, err := sequence(m)
		if err != nil || len(parts) < 2 || len(parts) > 3 {
			return nil, malformed("security info", err)
		}
		oid, err := parseOID(parts[0])
		if err != nil {
			return nil, err
		}
		info := SecurityInfo{OID: oid, Required: parts[1], Raw: m.Raw}
		if len(parts) == 3 {
			info.Optional = parts[2].Raw
		}
		infos = append(infos, info)
	}
	return infos, nil
}

// Contains says whether an entry with the same bytes is there.
func (s SecurityInfos) Contains(raw []byte) bool {
	for _, info := range s {
		if string(info.Raw) == string(raw) {
			return true
		}
	}
	return false
}

// Mapping is how PACE turns the nonce into a generator, 9303-11 §4.4.3.3.
type Mapping uint8

// The mappings over elliptic curves and prime groups.
const (
	DHGenericMapping Mapping = iota + 1
	ECDHGenericMapping
	DHIntegratedMapping
	ECDHIntegratedMapping
	_
	ECDHChipAuthenticationMapping
)

// PACEInfo says that the chip does PACE, and how (9303-11 §9.2.1).
type PACEInfo struct {
	OID         string
	Mapping     Mapping
	Cipher      secmsg.Cipher
	ParameterID int  // standardized domain parameters, 9303-11 table 6; -1 if the chip does not say
	Ambiguous   bool // the chip has other parameters for PACE too: MSE:Set AT must name these

	spelt    bool // EF.CardAccess spells the parameters out, under a number of the chip's own
	standard int  // if so, the standardized ones that they are
}

// Parameters is the number of the standardized domain parameters: ParameterID, or what the chip spells out under it.
func (p PACEInfo) Parameters() int {
	if p.spelt {
		return p.standard
	}
	return p.ParameterID
}

const paceVersion = 2

// PACE returns the PACEInfos. Entries of an unknown mapping, cipher or version are left out.
func (s SecurityInfos) PACE() []PACEInfo {
	var infos []PACEInfo
	for _, info := range s {
		if p, ok := info.pace(); ok {
			infos = append(infos, p)
		}
	}
	s.resolve(infos)
	for i := range infos {
		for j := range infos {
			infos[i].Ambiguous = infos[i].Ambiguous || infos[i].ParameterID != infos[j].ParameterID
		}
	}
	return infos
}

// resolve finds the PACEDomainParameterInfo (9303-11 §9.2.2) of each info whose number is the chip's own, and takes it
// for the standardized parameters that it spells out. Others stay unknown: nobody but the chip vouches for them.
func (s SecurityInfos) resolve(infos []PACEInfo) {
	const firstOwn = 32 // 9303-11 table 6 keeps the numbers before for itself
	for _, info := range s {
		rest, ok := strings.CutPrefix(info.OID, oidPACE+".")
		if !ok || strings.Contains(rest, ".") || info.Optional == nil {
			continue
		}
		number, err := tlv.One(info.Optional)
		if err != nil {
			continue
		}
		id, err := der.Small(number)
		if err != nil || id < firstOwn {
			continue
		}
		standard, err := spki.Domain(info.Required)
		for i := range infos {
			own := infos[i].ParameterID == id && strings.HasPrefix(infos[i].OID, info.OID+".")
			if own && err == nil && !infos[i].spelt {
				infos[i].spelt, infos[i].standard = true, standard
			}
		}
	}
}

func (info SecurityInfo) pace() (PACEInfo, bool) {
	p, ok := NewPACEInfo(info.OID, -1)
	if !ok || info.Required.Tag != tagInteger || len(info.Required.Value) != 1 || info.Required.Value[0] != paceVersion {
		return PACEInfo{}, false
	}
	if info.Optional == nil {
		return p, true
	}
	id, err := tlv.One(info.Optional)
	if err != nil || id.Tag != tagInteger || len(id.Value) != 1 || id.Value[0] > 0x7F {
		return PACEInfo{}, false
	}
	p.ParameterID = int(id.Value[0])
	return p, true
}

// NewPACEInfo interprets an object identifier of 9303-11 §9.2.1: id-PACE, mapping, cipher.
func NewPACEInfo(oid string, parameterID int) (PACEInfo, bool) {
	rest, ok := strings.CutPrefix(oid, oidPACE+".")
	var mapping, cipher int
	if n, err := fmt.Sscanf(rest, "%d.%d", &mapping, &cipher); !ok || err != nil || n != 2 || rest != fmt.Sprintf("%d.%d", mapping, cipher) {
		return PACEInfo{}, false
	}
	m, c := Mapping(mapping), secmsg.Cipher(cipher) // the OIDs count both from 1, in the order of these constants
	if mapping < 1 || mapping > int(ECDHChipAuthenticationMapping) || mapping == 5 || cipher < 1 || cipher > int(secmsg.AES256) ||
		m == ECDHChipAuthenticationMapping && c == secmsg.TripleDES { // defined with AES only
		return PACEInfo{}, false
	}
	return PACEInfo{OID: oid, Mapping: m, Cipher: c, ParameterID: parameterID}, true
}
