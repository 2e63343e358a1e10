package cardtest

import (
	"context"

	"motcua/devices/card"
	"motcua/devices/card/apdu"
	"motcua/devices/card/tlv"
)

// Spy sees each command before the chip does. What secure messaging leaves in the clear of it is enough to know what is
// asked for, so that a chip's answer can be changed by it.
type Spy struct {
	card.Transport
	Command apdu.Command // the last one
	Asked   []int        // bytes that each READ BINARY so far asked for
}

var _ card.Transport = (*Spy)(nil)

// Transmit looks at the command and passes it on.
func (s *Spy) Transmit(ctx context.Context, raw []byte) ([]byte, error) {
	command, err := apdu.ParseCommand(raw)
	if err != nil {
		return nil, err
	}
	s.Command = command
	if s.Reads() {
		s.Asked = append(s.Asked, s.Ne())
	}
	return s.Transport.Transmit(ctx, raw)
}

// Ne is what the command inside asks for: DO'97' under secure messaging, else Le.
func (s *Spy) Ne() int {
	if !s.Protected() {
		return s.Command.Ne
	}
	objects, err := tlv.Parse(s.Command.Data)
	if err != nil {
		return 0
	}
	const tagLe = 0x97
	le, _ := tlv.Find(objects, tagLe)
	n := 0
	for _, b := range le.Value {
		n = n<<8 | int(b)
	}
	if n == 0 {
		n = 1 << (8 * len(le.Value))
	}
	return n
}

// Protected says whether the command is under secure messaging.
func (s *Spy) Protected() bool { return s.Command.CLA&apdu.ClassSecure != 0 }

// Reads says whether it is READ BINARY, even or odd.
func (s *Spy) Reads() bool { return s.Command.INS|1 == apdu.InsReadBinaryOdd }

// ShortIdentifier says whether it selects by short file identifier: the first block of a file.
func (s *Spy) ShortIdentifier() bool {
	const identifierGiven = 0x80
	return s.Command.INS == apdu.InsReadBinary && s.Command.P1&identifierGiven != 0
}
