// Package paper prints the official A4 forms as PDF, filled, in the order in which the law prints them. A form is data:
// a layout in assets/papers; a new one takes no Go.
//
// Load reads and checks every layout, Shelf.Form finds one, Form.Keys says what it can be filled with, Form.Render
// writes the PDF. What has no value is left as dotted lines, to be filled by hand. The PDF is meant to be PDF/A-2b
// (ISO 19005-2): fonts embedded, output intent sRGB, metadata in XMP. The same layout and values give the same bytes,
// because the only date in the file is that of the layout.
//
// # Writing a layout
//
// The file of form CT01 is papers/CT01.yaml, that of an older version papers/CT01@2025-07-01.yaml. At its head:
//
//	id: CT01                      # as Shelf.Form is asked for it
//	title: Tờ khai …              # the title of the PDF
//	issued: TT 116/2026/TT-BCA    # the text of law that has the form
//	version: 2026-07-01           # first day in force
//	until: 2027-12-31             # last day in force; left out if there is none
//	doubts: ["…"]                 # what of the layout is not known for certain, a sentence each
//	size: 13                      # of the text, in points; 13 if left out
//	landscape: true               # A4 lying; left out for standing
//	blocks: […]                   # from top to bottom
//
// Margins are those of NĐ 30/2020/NĐ-CP: 20 mm above and below, 30 mm left, 15 mm right. From the second page on, pages
// have their number in the upper margin.
//
// A block has exactly one of these:
//
//	nation: {left: [texts]}               # the country's name and motto; at the left the authority, if any
//	text: {text: …, align: left|centre|right, size: 12, indent: 10, caption: true}
//	                                      # a paragraph; indent of its first line in mm.
//	                                      # caption: stays on the page of the block after it
//	line: [cells]                         # labels with values, side by side
//	checks: {label: …, columns: 3, items: [{key: …, label: …}]}
//	table: {rows: members, empty: 4, size: 11, columns: [{title: …, key: …, weight: 2, align: centre, number: true}]}
//	bars: {rows: bars, label: service, size: 9, values: [{key: n_received, title: Tiếp nhận}]}
//	                                      # a chart: a name and one or two bars with their numbers for each row
//	signs: [columns]                      # signatures, side by side, never broken over two pages
//	photo: {width: 30, height: 40, caption: …}   # mm; an empty frame if there is no picture
//	notes: {title: "Chú thích:", items: [texts]} # small print
//	rule: 40                              # a line of so many mm in the middle
//	space: 3                              # mm
//	page: true                            # a new page
//
// A cell of a line is {label, key, weight, boxes, lines, tail}: weight is its share of the width (1), boxes draws so many
// boxes with a character each, lines is how many dotted lines an empty value has (1), tail a text after the value.
// The value follows its label and goes on below it. In a table, number: true numbers the rows, and empty is how many
// rows there are at least. The head of a table stands again on each page.
//
// A column of signs is {place, date, title, note, space, lines, name}: place and date are keys for
// "…, ngày … tháng … năm …", dated: true leaves that to the hand; title is the office, note what to do ("(Ký, ghi rõ
// họ tên)"), space the height left for it in mm (18), lines cells below, name the key of the name under it.
//
// Texts may have *bold*, _italic_, ^raised^ and values: {name}. A value that is missing leaves dots. {today|day},
// {today|month}, {today|year} take a date apart, {name|upper} writes capitals; key of a cell can have them as well.
// A backslash takes the meaning from the character after it.
//
// # Keys
//
// Keys are those of the service's form (assets/services): lower-case English words joined by _. What the office
// knows: office_name, office_parent, office_commune, office_province, today. Dates are dd/mm/yyyy.
package paper
