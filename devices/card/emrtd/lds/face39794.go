package lds

import (
	"motcua/devices/card/tlv"
)

// Tags of a face image data block, ISO/IEC 39794-5:2019 Annex A. Its types are implicitly tagged, but for choices, which
// have a tag around them. 9303-10 puts A1 around the block.
const (
	tagExtensibleRecord tlv.Tag = 0xA1 // around the block
	tagFaceDataBlock    tlv.Tag = 0x65 // [APPLICATION 5] FaceImageDataBlock
	tagRepresentations  tlv.Tag = 0xA1 // representationBlocks
	tagRepresentation   tlv.Tag = 0x30 // RepresentationBlock
	tagImage            tlv.Tag = 0xA1 // imageRepresentation, a choice
	tagImageBase        tlv.Tag = 0xA0 // base, a choice; A1 is an extension of later editions
	tagImage2D          tlv.Tag = 0xA0 // imageRepresentation2DBlock; A1 is a shape in three dimensions
	tagImageData        tlv.Tag = 0x80 // representationData2D
)

// parseExtensibleFace reads an ISO/IEC 39794-5 face image data block and takes its first image that can be used. Of its
// many optional parts only the image is wanted.
func parseExtensibleFace(record []byte) (Portrait, error) {
	o, err := tlv.Tolerant.One(record)
	if err != nil {
		return Portrait{}, malformed("facial record", err)
	}
	if o.Tag == tagExtensibleRecord {
		if o, err = tlv.Tolerant.One(o.Value); err != nil {
			return Portrait{}, malformed("facial record", err)
		}
	}
	if o.Tag != tagFaceDataBlock {
		return Portrait{}, malformed("facial record with tag "+o.Tag.String()+": neither ISO 19794-5 nor ISO 39794-5", nil)
	}
	representations, err := path(o, tagRepresentations)
	if err != nil {
		return Portrait{}, err
	}
	blocks, err := representations.ChildrenIn(tlv.Tolerant)
	if err != nil {
		return Portrait{}, malformed("facial record", err)
	}
	return first("facial record", blocks, tagRepresentation, func(block tlv.Object) (Portrait, error) {
		image, err := path(block, tagImage, tagImageBase, tagImage2D, tagImageData)
		if err != nil {
			return Portrait{}, err
		}
		return parseImage(image.Value)
	})
}

// path goes down from an object to a child, to a child of that, and so on.
func path(o tlv.Object, tags ...tlv.Tag) (tlv.Object, error) {
	for _, tag := range tags {
		children, err := o.ChildrenIn(tlv.Tolerant)
		if err != nil {
			return o, malformed("facial record", err)
		}
		child, ok := tlv.Find(children, tag)
		if !ok {
			return o, malformed("facial record without "+tag.String()+" in "+o.Tag.String(), nil)
		}
		o = child
	}
	return o, nil
}
