package cardsim

import (
	"fmt"
	"time"
)

// Profile is the content of one card: files, passwords, keys.
type Profile struct {
	Persona        Persona
	Files          map[FileID][]byte
	CAN            string // PACE password 02
	MRZInformation string // BAC, and PACE password 01
	PACE           []PACEOffer
	ChipKeys       []*ChipKey // of chip authentication
	ActiveKey      *ActiveKey // of active authentication; nil: none
	CardSecurity   []byte     // the file in the master file; nil: none
	Photo          []byte     // the JPEG or JPEG 2000 in DG2

	// Root and Signer are the certificates of the test CSCA and of the signer of EF.SOD, in DER.
	Root, Signer []byte

	mappingKeys []*ChipKey // of the chip authentication mapping, in EF.CardSecurity
}

// ProfileOptions vary a card. The zero value is the persona's card as it was issued.
type ProfileOptions struct {
	Generation int    // 2021 or 2024: moves the date of issue there if it is of the other one; 0: as it is
	NoExpiry   bool   // the card does not expire
	Single     bool   // no spouse
	NoCMND     bool   // no old number
	OpaqueDG13 bool   // DG13 is not TLV, as that of a Sealed persona
	DG13       []byte // another DG13, for cards whose parts contradict each other; nil: the persona's
	BACOnly    bool   // no EF.CardAccess, and DG14 does not speak of PACE
	NoActive   bool   // no active authentication: no DG15, no key
	Active     ActiveOptions
	PACE       []PACEOffer // nil: as the cards were seen, generic over brainpoolP256r1 with AES-128
	Chip       []ChipOffer // nil: likewise; empty: no chip authentication
	Infos      [][]byte    // further SecurityInfos of EF.CardAccess and DG14, in DER
	Photo      []byte      // another JPEG than the drawn one, or a JP2 file
	PhotoBytes int         // the drawn one in exactly so many bytes; 0: as large as it is
	JPEG2000   bool        // DG2 has a JP2 file, the same for every persona, instead of the drawn JPEG
	Face39794  bool        // DG2 is of ISO 39794-5 instead of ISO 19794-5

	NamedCurves   bool // certificates name their curves instead of spelling them out; OpenSSL wants that of a chain
	BadHash       int  // EF.SOD has a wrong hash of this data group
	Unlisted      int  // EF.SOD has no hash of this data group
	ExpiredSigner bool // the signer's certificate ended in 2022
	ForgedSigner  bool // the signer's certificate names the CSCA, who did not sign it
}

// Build makes a card. The same call gives the same bytes.
func Build(p Persona, o ProfileOptions) (*Profile, error) {
	p, err := o.vary(p)
	if err != nil {
		return nil, err
	}
	profile := &Profile{Persona: p, CAN: p.CAN(), MRZInformation: p.MRZInformation()}
	if profile.Photo, err = o.photo(p); err != nil {
		return nil, err
	}
	if err := profile.offer(o); err != nil {
		return nil, err
	}
	if profile.ActiveKey, err = newActiveKey(o.Active, p.Number); err != nil {
		return nil, err
	}
	groups, err := profile.groups(o)
	if err != nil {
		return nil, err
	}
	root := newRoot(!o.NamedCurves)
	ds := newDocumentSigner(root, o)
	profile.Root, profile.Signer = root.certificate, ds.certificate
	profile.Files = map[FileID][]byte{
		EFCOM: com(),
		EFSOD: sod(securityObject(groups, o.BadHash, o.Unlisted), root, ds, p.Issued),
	}
	if !o.BACOnly {
		profile.Files[EFCardAccess] = profile.cardAccess(o.Infos)
	}
	if profile.mappingKeys = profile.newMappingKeys(); profile.mappingKeys != nil {
		profile.CardSecurity = cardSecurity(profile.securityInfos(), root, ds, p.Issued)
	}
	for n, content := range groups {
		profile.Files[DG(n)] = content
	}
	return profile, nil
}

// offer fills in what the chip can do.
func (p *Profile) offer(o ProfileOptions) (err error) {
	if p.PACE = o.PACE; o.PACE == nil {
		p.PACE = seenPACE()
	}
	if o.BACOnly {
		p.PACE = nil
	}
	for _, offer := range p.PACE {
		if err := offer.check(); err != nil {
			return err
		}
	}
	offers := o.Chip
	if offers == nil {
		offers = seenChip()
	}
	p.ChipKeys, err = newChipKeys(offers, p.Persona.Number)
	return err
}

// vary gives the persona as the options want it.
func (o ProfileOptions) vary(p Persona) (Persona, error) {
	if len(p.Number) != 12 || p.Name == "" || p.Birth.IsZero() || p.Issued.IsZero() {
		return p, fmt.Errorf("cardsim: persona without number, name, birth or issue")
	}
	if o.NoExpiry {
		p.Expires = time.Time{}
	}
	if o.Single {
		p.Spouse = ""
	}
	if o.NoCMND {
		p.CMND = ""
	}
	switch {
	case o.Generation == 0 || o.Generation == p.Generation():
	case o.Generation == 2024:
		p.Issued = day(2024, time.July, 1)
	case o.Generation == 2021:
		p.Issued = day(2021, time.July, 1)
	default:
		return p, fmt.Errorf("cardsim: no generation %d", o.Generation)
	}
	return p, nil
}

func (p *Profile) groups(o ProfileOptions) (map[int][]byte, error) {
	face, err := dataGroup2(p.Persona, p.Photo, o.Face39794)
	if err != nil {
		return nil, err
	}
	groups := map[int][]byte{
		1: dataGroup1(p.Persona), 2: face, 3: dataGroup3(p.Persona), 13: dataGroup13(p.Persona),
		14: p.dataGroup14(o.Infos), 15: dataGroup15(p.ActiveKey),
	}
	switch {
	case o.DG13 != nil:
		groups[13] = o.DG13
	case o.OpaqueDG13, p.Persona.Sealed:
		groups[13] = opaqueDataGroup13(p.Persona)
	}
	if o.NoActive {
		p.ActiveKey = nil
		delete(groups, 15)
	}
	return groups, nil
}
