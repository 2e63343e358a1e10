package filing

// Channel is the door by which a filing came in.
type Channel string

// The channels.
const (
	AtKiosk  Channel = "kiosk"  // by the citizen at the machine
	AtDesk   Channel = "desk"   // by an officer, with the officer's name on it
	OnPortal Channel = "portal" // through the national portal or VNeID
)

// Channels lists all of them.
var Channels = []Channel{AtKiosk, AtDesk, OnPortal}

// Services that the figures count by themselves, by their ids in the catalogue.
const (
	Motorcycle = "xe-mo-to"
	Car        = "xe-o-to"
	Account    = "vneid"
)

// FirstRegistration is the case of a vehicle that gets its first registration.
const FirstRegistration = "first"

// ChipRead stands in Facts.Chip where the chip was read.
const ChipRead = "read"

// noCard stands there for whoever came without a card.
const noCard = "no-card"

// Facts is what of a draft may stand in the open so that figures can be made without anybody's key: nothing of it says who
// somebody is, or what they live through. "" is not known.
type Facts struct {
	Channel Channel
	Chip    string // ChipRead, or why not: a fault code, or "no-card"
	// Case is that of a vehicle's registration, which tells a new vehicle from a lost plate. The cases of other services say
	// things of people ("suspended sentence") and stay sealed.
	Case string
}

// Facts are those of the draft.
func (d Draft) Facts() Facts {
	f := Facts{Channel: d.Channel, Chip: ChipRead}
	if f.Channel == "" {
		f.Channel = AtKiosk
	}
	if d.Evidence.Access == "" {
		f.Chip = d.Evidence.NoChip
		if f.Chip == "" {
			f.Chip = noCard
		}
	}
	if d.Service == Motorcycle || d.Service == Car {
		f.Case = d.Case
	}
	return f
}
