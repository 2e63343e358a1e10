package tr03105_test

import (
	"encoding/binary"
	"slices"
	"testing"

	"motcua/devices/card/cardsim"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/tlv"
)

// face is a DG2 of ISO 19794-5 by its parts. Tests change one.
type face struct {
	count                  []byte // the object for the number of instances
	biometric, owner, kind []byte // objects of the header
	magic, version         string
	info                   []byte // fields 6 to 19 of the facial information: sex to uncertainty of the pose
	points                 int    // feature points
	uncounted              bool   // whose bytes the lengths leave out
	image                  []byte // type of the image and of its data, first bytes of the image information
	picture                []byte
	noRecord               bool
}

// Places in face.info.
const (
	atGender, atEyes, atHair, atYaw, atPitch, atRoll = 0, 1, 2, 8, 9, 10
	atYawDoubt, atPitchDoubt, atRollDoubt            = 11, 12, 13
)

// jpegHead and jp2Head are the beginnings of pictures of 32 x 48 pixels, which say their size.
const (
	jpegHead = "\xFF\xD8\xFF\xE0\x00\x06JFIF\xFF\xC0\x00\x11\x08\x00\x30\x00\x20\x03\x01\x11\x00\x02\x11\x01\x03\x11\x01\xFF\xD9"
	jp2Head  = "\xFF\x4F\xFF\x51\x00\x29\x00\x00\x00\x00\x00\x20\x00\x00\x00\x30\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x20\x00\x00\x00\x30"
)

func goodFace() face {
	return face{
		count: tlv.New(0x02, []byte{1}), biometric: tlv.New(0x81, []byte{2}), owner: tlv.New(0x87, []byte{1, 1}),
		kind: tlv.New(0x88, []byte{0, 8}), magic: "FAC\x00", version: "010\x00", info: make([]byte, 14),
		image: []byte{1, 0}, picture: []byte(jpegHead),
	}
}

func (f face) file() []byte {
	block := binary.BigEndian.AppendUint16(make([]byte, 4), uint16(f.points))
	block = append(append(block, f.info...), make([]byte, 8*f.points)...)
	block = append(append(block, f.image...), 0, 32, 0, 48, 1, 2, 0, 0, 0, 0)
	block = append(block, f.picture...)
	size := uint32(len(block))
	if f.uncounted {
		size -= uint32(8 * f.points)
	}
	binary.BigEndian.PutUint32(block, size)
	record := binary.BigEndian.AppendUint32([]byte(f.magic+f.version), 14+uint32(len(block)))
	record = append(append(record, 0, 1), block...)
	parts := [][]byte{tlv.New(0xA1, f.biometric, f.owner, f.kind)}
	if !f.noRecord {
		parts = append(parts, tlv.New(0x5F2E, record))
	}
	return tlv.New(lds.TagDG2, tlv.New(0x7F61, f.count, tlv.New(0x7F60, parts...)))
}

func parseFace(file []byte) error { _, err := lds.ParseDG2(file); return err }

// faceWith checks a face that can be shown and differs from a good one.
func faceWith(change func(f *face), want ...lds.Finding) func(*testing.T) {
	return func(t *testing.T) {
		f := goodFace()
		change(&f)
		p, err := lds.ParseDG2(f.file())
		if err != nil || p.Width != 32 || p.Height != 48 {
			t.Errorf("%d x %d, %v", p.Width, p.Height, err)
		}
		if got := lds.PortraitFindings(f.file()); !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
}

// faceRefused checks a face that cannot be shown.
func faceRefused(change func(f *face)) func(*testing.T) {
	f := goodFace()
	change(&f)
	return refused(parseFace, f.file())
}

// faceField sets one byte of the facial information.
func faceField(at int, value byte, want lds.Finding) func(*testing.T) {
	return faceWith(func(f *face) { f.info[at] = value }, want)
}

// faceRead reads a whole card and looks at what kind of picture comes of it.
func faceRead(o cardsim.ProfileOptions, media string) func(*testing.T) {
	return func(t *testing.T) {
		c := reading(t, smallProfile(t, o), cardsim.Options{})
		if c.Photo == nil || c.Photo.MediaType != media || len(c.Damaged) > 0 {
			t.Errorf("%v damaged", c.Damaged)
		}
	}
}

// faceChecks are about DG2.
func faceChecks() []check {
	good := goodFace().file()
	const unknown, noAngle = 0x7F, 0xF0
	return []check{
		{"LDS_C_01", faceRead(cardsim.ProfileOptions{JPEG2000: true}, lds.MediaJPEG2000)},
		{"LDS_C_02", faceRead(cardsim.ProfileOptions{}, lds.MediaJPEG)},
		{"LDS_C_03", faceWith(func(f *face) { f.points, f.image[1], f.picture = 5, 1, []byte(jp2Head) })},
		{"LDS_C_04", refused(parseFace, retagged(good, 0x76))},
		{"LDS_C_05", refused(parseFace, lengthened(good, -1))},
		{"LDS_C_06", refused(parseFace, lengthened(good, 1))},
		{"LDS_C_07", faceWith(func(f *face) { f.count = nil }, lds.FindingInstances)},
		{"LDS_C_08", faceWith(func(f *face) { f.owner = tlv.New(0x87, []byte{1, 2}) }, lds.FindingOwner)},
		{"LDS_C_09", faceWith(func(f *face) { f.owner = nil }, lds.FindingOwner)},
		{"LDS_C_10", faceWith(func(f *face) { f.kind = tlv.New(0x88, []byte{0, 9}) }, lds.FindingType)},
		{"LDS_C_11", faceWith(func(f *face) { f.kind = nil }, lds.FindingType)},
		{"LDS_C_12", faceWith(func(f *face) { f.biometric = tlv.New(0x81, []byte{0, 0, 2}) })},
		{"LDS_C_13", faceWith(func(f *face) { f.biometric = tlv.New(0x81, []byte{8}) }, lds.FindingBiometric)},
		{"LDS_C_14", faceRefused(func(f *face) { f.magic = "FIR\x00" })},
		{"LDS_C_15", faceWith(func(f *face) { f.version = "090\x00" }, lds.FindingVersion)},
		{"LDS_C_16", faceWith(func(f *face) {
			f.points, f.uncounted, f.picture = 1, true, append(f.picture, make([]byte, 64)...)
		}, lds.FindingLengths)},
		{"LDS_C_17", faceField(atGender, unknown, lds.FindingGender)},
		{"LDS_C_18", faceField(atEyes, unknown, lds.FindingEyes)},
		{"LDS_C_19", faceField(atHair, unknown, lds.FindingHair)},
		{"LDS_C_20", faceField(atYaw, noAngle, lds.FindingPose)},
		{"LDS_C_21", faceField(atPitch, noAngle, lds.FindingPose)},
		{"LDS_C_22", faceField(atRoll, noAngle, lds.FindingPose)},
		{"LDS_C_23", faceField(atYawDoubt, noAngle, lds.FindingUncertainty)},
		{"LDS_C_24", faceField(atPitchDoubt, noAngle, lds.FindingUncertainty)},
		{"LDS_C_25", faceField(atRollDoubt, noAngle, lds.FindingUncertainty)},
		{"LDS_C_26", faceWith(func(f *face) { f.image[0] = unknown }, lds.FindingImageKind)},
		{"LDS_C_27", faceRefused(func(f *face) { f.image[1] = unknown })},
		{"LDS_C_28", faceRefused(func(f *face) { f.noRecord = true })},
	}
}
