package theme

// Type sizes in design pixels (1 mm = 4.03 px on the 21.5-inch panel; capitals of 40 px type are 7.3 mm high, which is
// 0.7 degrees at 60 cm, EN 301 549 §5.1.4).
const (
	Body    = 40
	Title   = 44 // of a card
	Heading = 60
	Hello   = 64 // heading of the welcome page
	Figures = 118
	Clock   = 132
	Count   = 210

	Hint  = 34
	Place = 28 // the office's name, words on tone keys, tags

	// MinBody is how far data that is longer than anybody foresaw may shrink, after it was wrapped; MinSmall is the
	// smallest text there is.
	MinBody  = 34
	MinSmall = 28
)

// Line heights, of the type size. Vietnamese stacks two accents.
const (
	Running = 1.45
	InCards = 1.35
	Tight   = 1.22 // only inside fields and for names in capitals
)

// Measures of touch and shape, in design pixels.
const (
	MinTouch = 81 // 20 mm
	MinGap   = 12 // 3 mm
	Radius   = 16 // 4 mm
	TagRound = 10

	LineWidth = 2 // of what only informs
	EdgeWidth = 3 // of what can be touched
)
