package cardsim

import (
	"bytes"
	"fmt"
	"math/big"
	"strconv"

	"motcua/devices/card/emrtd/agree"
	"motcua/devices/card/emrtd/dh"
	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/tlv"
)

// Mapping is how PACE makes a generator of the nonce, ICAO 9303-11 §4.4.3.3.
type Mapping uint8

// The mappings.
const (
	Generic            Mapping = iota
	Integrated                 // not over secp224r1, whose prime the point encoding cannot deal with
	ChipAuthentication         // over curves and with AES; the chip has a key in EF.CardSecurity
)

// PACEOffer is one way to do PACE: a PACEInfo (9303-11 §9.2.1).
type PACEOffer struct {
	Mapping    Mapping
	Cipher     secmsg.Cipher
	Parameters int // domain parameters id of 9303-11 table 6: 0 to 2 numbers, 8 to 18 curves
	Own        int // EF.CardAccess spells the parameters out under this number, 32 to 127; 0: it has them by theirs
}

// ChipOffer is a key of chip authentication (9303-11 §6.2) and what DG14 says of it.
type ChipOffer struct {
	Parameters int           // domain parameters id
	Cipher     secmsg.Cipher // 3DES is done with MSE:Set KAT, AES with GENERAL AUTHENTICATE
	KeyID      int           // 0: none. A chip with several keys wants to be told which
	Short      bool          // DG14 names the domain parameters instead of spelling them out
	NoInfo     bool          // DG14 holds the key alone, which means 3DES
	BadInfo    bool          // DG14 names a protocol that does not exist
	Outside    bool          // the public key of DG14 is not in the group
}

// ChipKey is a private key of chip authentication with its ways.
type ChipKey struct {
	ChipOffer
	group   agree.Group
	private *big.Int
}

// The offers of the cards as they were seen.
func seenPACE() []PACEOffer {
	return []PACEOffer{{Mapping: Generic, Cipher: secmsg.AES128, Parameters: idBrainpoolP256r1}}
}

func seenChip() []ChipOffer {
	return []ChipOffer{{Parameters: idBrainpoolP256r1, Cipher: secmsg.AES128}}
}

// maxNumbers is the last id of a group of numbers.
const maxNumbers = 2

func overNumbers(parameters int) bool { return parameters <= maxNumbers }

// arcs of id-PACE, id-CA and id-PK, 9303-11 §9.2.
func bsiArcs(last ...int) []int { return append([]int{0, 4, 0, 127, 0, 7, 2, 2}, last...) }

func (o PACEOffer) check() error {
	group, known := agree.ByID(o.Parameters)
	numbers := overNumbers(o.Parameters)
	switch {
	case !known || o.Cipher < secmsg.TripleDES || o.Cipher > secmsg.AES256 || o.Mapping > ChipAuthentication,
		o.Mapping == ChipAuthentication && (numbers || o.Cipher == secmsg.TripleDES),
		o.Mapping == Integrated && !numbers && group.Prime().Bit(1) == 0:
		return fmt.Errorf("cardsim: no PACE like %+v", o)
	}
	return nil
}

// arc of the mapping below id-PACE.
func (o PACEOffer) arc() int {
	mapping := map[Mapping]int{Generic: 2, Integrated: 4, ChipAuthentication: 6}[o.Mapping]
	if overNumbers(o.Parameters) {
		mapping--
	}
	return mapping
}

func (o PACEOffer) objectID() []byte { return objectID(bsiArcs(4, o.arc(), int(o.Cipher))...) }

// protocol is the object identifier as it stands in data objects.
func (o PACEOffer) protocol() []byte { return bareID(o.objectID()) }

func (o PACEOffer) info() []byte {
	return sequence(o.objectID(), integer(2), integer(int64(o.number())))
}

// number is that of the parameters in commands and in EF.CardAccess.
func (o PACEOffer) number() int {
	if o.Own != 0 {
		return o.Own
	}
	return o.Parameters
}

// domainInfo is the PACEDomainParameterInfo (9303-11 §9.2.2), nil where the parameters have a number.
func (o PACEOffer) domainInfo() []byte {
	if o.Own == 0 {
		return nil
	}
	var algorithm []byte
	if curve, ok := ec.ByID(o.Parameters); ok {
		algorithm = sequence(objectID(1, 2, 840, 10045, 2, 1), explicitParameters(curve))
	} else {
		algorithm = numberParameters(o.Parameters)
	}
	return sequence(objectID(bsiArcs(4, o.arc())...), algorithm, integer(int64(o.Own)))
}

// bareID takes tag and length off.
func bareID(der []byte) []byte {
	const header = 2
	return der[header:]
}

func newChipKeys(offers []ChipOffer, number string) ([]*ChipKey, error) {
	var keys []*ChipKey
	for i, o := range offers {
		group, known := agree.ByID(o.Parameters)
		if !known || o.Cipher < secmsg.TripleDES || o.Cipher > secmsg.AES256 || o.NoInfo && o.Cipher != secmsg.TripleDES {
			return nil, fmt.Errorf("cardsim: no chip authentication like %+v", o)
		}
		labels := []string{"chip authentication", number}
		if i > 0 {
			labels = append(labels, strconv.Itoa(i))
		}
		keys = append(keys, &ChipKey{o, group, scalar(group.Order(), labels...)})
	}
	return keys, nil
}

func (k *ChipKey) objectID() []byte {
	const none = 9 // no such cipher
	family, cipher := 2, int(k.Cipher)
	if overNumbers(k.Parameters) {
		family = 1
	}
	if k.BadInfo {
		cipher = none
	}
	return objectID(bsiArcs(3, family, cipher)...)
}

func (k *ChipKey) identifier() []byte {
	if k.KeyID == 0 {
		return nil
	}
	return integer(int64(k.KeyID))
}

// info is the ChipAuthenticationInfo, nil where DG14 does not have one.
func (k *ChipKey) info() []byte {
	if k.NoInfo {
		return nil
	}
	return sequence(k.objectID(), integer(1), k.identifier())
}

// publicKeyInfo is the ChipAuthenticationPublicKeyInfo, 9303-11 §9.2.5.
func (k *ChipKey) publicKeyInfo() []byte {
	public, err := k.group.Apply(k.private, k.group.Generator())
	if err != nil {
		panic("cardsim: " + err.Error()) // private keys are not multiples of the order
	}
	family, key := 2, []byte(nil)
	raw := k.group.Encode(public)
	if k.Outside {
		raw[len(raw)-1] ^= 1
	}
	if curve, ok := ec.ByID(k.Parameters); ok {
		key = publicKeyInfo(curve, raw, !k.Short)
	} else {
		family, key = 1, numberKeyInfo(k.Parameters, raw, k.Short)
	}
	return sequence(objectID(bsiArcs(1, family)...), key, k.identifier())
}

// numberKeyInfo is the SubjectPublicKeyInfo of a Diffie-Hellman key: with X9.42 parameters (RFC 3279 §2.3.3), or with
// the number of standardized ones (9303-11 §9.5.1).
func numberKeyInfo(parameters int, public []byte, short bool) []byte {
	algorithm := numberParameters(parameters)
	if short {
		algorithm = sequence(objectID(0, 4, 0, 127, 0, 7, 1, 2), integer(int64(parameters)))
	}
	return sequence(algorithm, bitString(0, bigInteger(new(big.Int).SetBytes(public))))
}

// numberParameters are X9.42 parameters.
func numberParameters(parameters int) []byte {
	group, _ := dh.ByID(parameters)
	return sequence(objectID(1, 2, 840, 10046, 2, 1),
		sequence(bigInteger(group.P), bigInteger(group.G), bigInteger(group.Q)))
}

// terminalInfo is what the cards say of terminal authentication.
func terminalInfo() []byte { return sequence(objectID(bsiArcs(2)...), integer(1)) }

// chipInfos and paceInfos are those of all offers, each once.
func (p *Profile) chipInfos() [][]byte {
	var infos [][]byte
	for _, k := range p.ChipKeys {
		infos = appendNew(infos, k.info())
	}
	return infos
}

func (p *Profile) paceInfos() [][]byte {
	var infos [][]byte
	for _, o := range p.PACE {
		infos = appendNew(appendNew(infos, o.info()), o.domainInfo())
	}
	return infos
}

func appendNew(infos [][]byte, info []byte) [][]byte {
	for _, known := range infos {
		if bytes.Equal(known, info) {
			return infos
		}
	}
	if info == nil {
		return infos
	}
	return append(infos, info)
}

// cardAccess is EF.CardAccess, by default the same 54 bytes on every card seen. Not sorted as DER would have it.
func (p *Profile) cardAccess(more [][]byte) []byte {
	return tlv.New(tagSet, terminalInfo(), join(p.chipInfos()...), join(p.paceInfos()...), join(more...))
}

// dataGroup14 says what the chip can do and holds its public keys for chip authentication.
func (p *Profile) dataGroup14(more [][]byte) []byte {
	infos := append([][]byte{terminalInfo()}, p.chipInfos()...)
	for _, k := range p.ChipKeys {
		infos = append(infos, k.publicKeyInfo())
	}
	if active := p.ActiveKey.info(); active != nil {
		infos = append(infos, active)
	}
	return tlv.New(tagDG14, setOf(append(append(infos, p.paceInfos()...), more...)...))
}

// mappingKeys are the keys of the chip authentication mapping, one for each curve that is offered with it.
func (p *Profile) newMappingKeys() []*ChipKey {
	var keys []*ChipKey
	for _, o := range p.PACE {
		if o.Mapping != ChipAuthentication || p.mappingKey(o.Parameters, keys) != nil {
			continue
		}
		group, _ := agree.ByID(o.Parameters)
		offer := ChipOffer{Parameters: o.Parameters, Cipher: o.Cipher, KeyID: o.Parameters}
		keys = append(keys, &ChipKey{offer, group, scalar(group.Order(), "chip authentication mapping", p.Persona.Number)})
	}
	return keys
}

func (p *Profile) mappingKey(parameters int, keys []*ChipKey) *ChipKey {
	for _, k := range keys {
		if k.Parameters == parameters {
			return k
		}
	}
	return nil
}

// securityInfos are those of EF.CardSecurity (9303-11 §9.2.12): the keys, and what EF.CardAccess says.
func (p *Profile) securityInfos() []byte {
	infos := [][]byte{terminalInfo()}
	for _, k := range p.mappingKeys {
		infos = append(infos, k.publicKeyInfo(), k.info())
	}
	return setOf(append(append(infos, p.chipInfos()...), p.paceInfos()...)...)
}
