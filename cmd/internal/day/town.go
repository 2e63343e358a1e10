package day

import (
	"fmt"
	"math/rand/v2"
	"time"

	"motcua/assets"
	"motcua/devices/card/cardsim"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/service"
	"motcua/kiosk/trial"
)

// citizen is somebody with a card, and what they come for.
type citizen struct {
	card    cardsim.Persona
	service *service.Service // nil: what is not filed here; they take a number
	answers trial.Citizen
	plan    plan
}

// plan is what will become of what somebody files.
type plan int

// The plans.
const (
	finishAtOnce plan = iota // received, finished, handed over while they stand at the counter
	askForMore               // something is lacking; they go, come back with the slip, and bring it
	comeForIt                // the result comes later; they come back with the slip
	takeBack                 // the officer presses the wrong key and takes it back
	turnDown                 // refused
	plans
)

// visit is somebody at a kiosk: to file or to take a number, or with a slip.
type visit struct {
	who  *citizen
	slip filing.Reference // zero: with the card
	at   time.Duration    // of the day
}

// String says whose visit it is without a name.
func (v visit) String() string {
	switch {
	case v.slip.Serial > 0:
		return "with the slip of " + v.slip.Short()
	case v.who.service == nil:
		return "for a number"
	}
	return "to file " + v.who.service.ID
}

// town is who comes.
type town struct {
	visits []visit
	cards  map[identity.Number]cardsim.Persona // of everybody, also of those who are brought along
	info   string                              // a service that is not filed here
}

// One in so many: takes a number only; has a filing with a plan of its own.
const (
	oneForNumber = 12
	oneWithPlan  = 3
)

// newTown invents people. The same number of them are the same people.
func newTown(n int) (*town, error) {
	catalogue, err := service.Load(assets.FS)
	if err != nil {
		return nil, err
	}
	t := &town{cards: map[identity.Number]cardsim.Persona{}}
	var services []*service.Service
	for _, h := range catalogue.On(identity.DateOf(opening)) {
		svc, ok := catalogue.Get(h.ID, identity.DateOf(opening))
		switch {
		case !ok:
		case svc.Filed(nil):
			services = append(services, svc)
		case t.info == "":
			t.info = svc.ID
		}
	}
	if len(services) == 0 || t.info == "" {
		return nil, fmt.Errorf("no service is filed here, or all are")
	}
	r := rand.New(rand.NewPCG(uint64(n), 1))
	for i := range n {
		c := &citizen{card: Invent(r, i)}
		if i%oneForNumber != oneForNumber-1 {
			c.service = services[r.IntN(len(services))]
		}
		if i%oneWithPlan == oneWithPlan-1 {
			c.plan = plan(i/oneWithPlan) % plans
		}
		t.add(c)
		t.visits = append(t.visits, visit{who: c, at: oneDay * time.Duration(i) / time.Duration(n)})
	}
	return t, nil
}

// add gives somebody a card, and those whom they bring along.
func (t *town) add(c *citizen) {
	who := identity.Person{Number: identity.Number(c.card.Number), Name: c.card.Name, Birth: identity.DateOf(c.card.Birth), Sex: identity.Male}
	if c.card.Sex == cardsim.Female {
		who.Sex = identity.Female
	}
	t.cards[who.Number] = c.card
	if c.service == nil {
		return
	}
	c.answers = trial.For(c.service, who)
	for _, others := range c.answers.Others {
		for _, o := range others {
			t.cards[o.Number] = persona(o)
		}
	}
	const spare = 5 // whom trial.At takes where a list turns out to need somebody
	other := trial.Other(spare, identity.Male)
	t.cards[other.Number] = persona(other)
}

// persona is the card of somebody of kiosk/trial.
func persona(p identity.Person) cardsim.Persona {
	c := cardsim.Personas()[0]
	c.Number, c.Name, c.Sex = string(p.Number), p.Name, cardsim.Male
	if p.Sex == identity.Female {
		c.Sex = cardsim.Female
	}
	c.Birth, c.Issued = p.Birth.Time(), p.Issued.Time()
	c.Expires = time.Time{}
	if e := p.Expires.Date; !p.Expires.Never && e.Year > 0 {
		c.Expires = e.Time()
	}
	c.Ethnicity, c.Religion, c.Origin, c.Residence, c.Features = p.Ethnicity, p.Religion, p.Origin, p.Residence, p.Features
	c.Father, c.Mother, c.Spouse, c.CMND = p.Father, p.Mother, p.Spouse, p.OldNumber
	return c
}

// The syllables of names. None of them names anybody in this order by intent; the numbers begin with 099, which is no province.
var (
	families = []string{"Nguyễn", "Hà", "Lò", "Bùi", "Đinh", "Vì", "Khà", "Lường", "Xa", "Sùng", "Giàng", "Quách", "Vàng", "Triệu", "Đặng", "Ngần"}
	middles  = []string{"Thị Ngọc", "Văn Quý", "Thị Huệ", "Minh", "A", "Thị Ứng", "Xuân", "Đức Hữu", "Thị Bích", "Công"}
	givens   = []string{"Thử", "Mẫu", "Ướm", "Thửng", "Nghiễm", "Quỳ", "Khuyển", "Ỷnh", "Đẩu", "Sềnh", "Ượng", "Phưởng", "Tẻo", "Lưởng", "Hoẵng", "Vẽ", "Bẩng"}
	hamlets  = []string{"Xóm Văn", "Bản Lác", "Xóm Chiềng", "Bản Nà Phòn", "Tiểu khu 3", "Xóm Pheo", "Bản Bước", "Xóm Mỏ"}
)

// Invent makes the n-th invented person: an adult of the commune of the standard configuration.
func Invent(r *rand.Rand, n int) cardsim.Persona {
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	p := persona(trial.Usual())
	p.Sex = cardsim.Male
	digit := 0
	if r.IntN(2) == 0 {
		p.Sex, digit = cardsim.Female, 1
	}
	const oldest, years = 1941, 58
	year := oldest + r.IntN(years)
	p.Birth = time.Date(year, time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC)
	p.Number = fmt.Sprintf("099%d%02d%06d", digit, year%100, 100_000+n*97+r.IntN(90))
	p.Name = pick(families) + " " + pick(middles) + " " + pick(givens) + " " + pick(givens)
	p.Father, p.Mother, p.Spouse = pick(families)+" Văn "+pick(givens)+" "+pick(givens), pick(families)+" Thị "+pick(givens)+" "+pick(givens), ""
	p.Residence = fmt.Sprintf("Số %d %s, Thị trấn Mai Châu, Huyện Mai Châu, Tỉnh Hòa Bình", 1+r.IntN(900), pick(hamlets))
	p.CMND = fmt.Sprintf("0991%05d", r.IntN(100_000))
	p.ChipSerial = fmt.Sprintf("5A3D%012X", r.Uint64()&0xffffffffffff)
	return p
}
