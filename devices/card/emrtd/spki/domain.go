package spki

import (
	"fmt"

	"motcua/devices/card/emrtd/der"
	"motcua/devices/card/emrtd/dh"
	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/tlv"
)

// Domain reads domain parameters without a key, an AlgorithmIdentifier (9303-11 §9.2.2), and gives the number of the
// standardized ones that they are. ErrUnsupported if they are none of those, the other errors as Parse.
func Domain(o tlv.Object) (id int, err error) {
	algorithm, err := der.Exactly(o, 2, 2)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	name, err := der.OID(algorithm[0])
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	switch parameters := algorithm[1]; name {
	case oidEC:
		return curveID(parameters)
	case oidDHPublic, oidDHPKCS3:
		return groupID(parameters, name == oidDHPublic)
	case oidStandard:
		return standardID(parameters)
	}
	return 0, fmt.Errorf("%w: domain parameters of %s", ErrUnsupported, name)
}

func curveID(parameters tlv.Object) (int, error) {
	curve, _, err := curveOf(parameters)
	if err != nil {
		return 0, err
	}
	if curve.ID == 0 {
		return 0, fmt.Errorf("%w: %s is not standardized", ErrUnsupported, curve.Name)
	}
	return curve.ID, nil
}

// groupID compares numbers and computes nothing: nobody vouches for EF.CardAccess, and large groups take long to check.
func groupID(parameters tlv.Object, withOrder bool) (int, error) {
	p, g, q, err := groupNumbers(parameters, withOrder)
	if err != nil {
		return 0, err
	}
	group, known := dh.Match(p, g)
	switch {
	case !known:
		return 0, fmt.Errorf("%w: group of %d bits is not standardized", ErrUnsupported, p.BitLen())
	case q != nil && q.Cmp(group.Q) != 0:
		return 0, ErrParameters
	}
	return group.ID, nil
}

func standardID(parameters tlv.Object) (int, error) {
	id, err := der.Small(parameters)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	_, curve := ec.ByID(id)
	if _, group := dh.ByID(id); !curve && !group {
		return 0, fmt.Errorf("%w: standardized domain parameters %d", ErrUnsupported, id)
	}
	return id, nil
}
