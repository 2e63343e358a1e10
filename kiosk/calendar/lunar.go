package calendar

import (
	"math"
	"time"

	"motcua/kiosk/identity"
)

// This file is the lunar calendar of Vietnam, computed for UTC+7 (decision 121/CP of 1967): a month begins on the day of a new
// moon, the eleventh is the one with the winter solstice, and where thirteen moons lie between two of these the first
// without a principal solar term is the leap month. New moons are from Meeus, Astronomical Algorithms, chapter 49 (the
// main terms), the sun's longitude from chapter 25; both to a few minutes, which is enough unless a moon is new within
// minutes of midnight. From 1968 to 2100 no first day of a year lies so near.

// vietnamHours is how far the clocks of Vietnam are ahead of UTC.
const vietnamHours = 7.0

// Julian days are counted from noon UTC on 1 January 4713 BC; day is the whole day in Vietnam that holds a moment.
const (
	julianUnix = 2440587.5 // 1 January 1970, 0:00 UTC
	synodic    = 29.530588861
	moon1900   = 2415020.75933 // the mean new moon of January 1900
)

// dayOf is the day in Vietnam on which a Julian moment lies, as a count of days.
func dayOf(jd float64) int { return int(math.Floor(jd + 0.5 + vietnamHours/24)) }

// date is the day of the count.
func date(day int) identity.Date {
	return identity.DateOf(time.Unix(int64(math.Round((float64(day)-0.5-julianUnix)*86400)), 0).UTC())
}

// count is the reverse of date.
func count(d identity.Date) int {
	return int(math.Floor(float64(d.Time().Unix())/86400 + julianUnix + 0.5))
}

// newMoon is the moment of the k-th new moon after that of January 1900.
func newMoon(k int) float64 {
	t := float64(k) / 1236.85 // Julian centuries
	rad := math.Pi / 180
	jd := moon1900 + synodic*float64(k) + 0.0001178*t*t - 0.000000155*t*t*t +
		0.00033*math.Sin((166.56+132.87*t-0.009173*t*t)*rad)
	sun := (359.2242 + 29.10535608*float64(k) - 0.0000333*t*t - 0.00000347*t*t*t) * rad
	moon := (306.0253 + 385.81691806*float64(k) + 0.0107306*t*t + 0.00001236*t*t*t) * rad
	node := (21.2964 + 390.67050646*float64(k) - 0.0016528*t*t - 0.00000239*t*t*t) * rad
	jd += (0.1734-0.000393*t)*math.Sin(sun) + 0.0021*math.Sin(2*sun) - 0.4068*math.Sin(moon) + 0.0161*math.Sin(2*moon) -
		0.0004*math.Sin(3*moon) + 0.0104*math.Sin(2*node) - 0.0051*math.Sin(sun+moon) - 0.0074*math.Sin(sun-moon) +
		0.0004*math.Sin(2*node+sun) - 0.0004*math.Sin(2*node-sun) - 0.0006*math.Sin(2*node+moon) +
		0.0010*math.Sin(2*node-moon) + 0.0005*math.Sin(sun+2*moon)
	return jd - deltaT(t)
}

// deltaT is how much later, in days, the even time of astronomy strikes than clocks do.
func deltaT(t float64) float64 { return -0.000278 + 0.000265*t + 0.000262*t*t }

// sunTerm is the sun's longitude at the beginning of a day in Vietnam in parts of 30 degrees, 0 to 11: 9 begins at the winter
// solstice.
func sunTerm(day int) int {
	jd := float64(day) - 0.5 - vietnamHours/24
	t := (jd - 2451545) / 36525
	rad := math.Pi / 180
	mean := 280.46645 + 36000.76983*t + 0.0003032*t*t
	anomaly := (357.52910 + 35999.05030*t - 0.0001559*t*t - 0.00000048*t*t*t) * rad
	centre := (1.914600-0.004817*t-0.000014*t*t)*math.Sin(anomaly) + (0.019993-0.000101*t)*math.Sin(2*anomaly) + 0.000290*math.Sin(3*anomaly)
	longitude := math.Mod(mean+centre, 360)
	if longitude < 0 {
		longitude += 360
	}
	return int(longitude / 30)
}

// solstice is the term that the month of the winter solstice holds.
const solstice = 9

// eleventh is the number of the new moon with which the eleventh month of a year begins.
func eleventh(year int) int {
	end := count(identity.Date{Year: year, Month: time.December, Day: 31})
	k := int(math.Floor((float64(end) - moon1900) / synodic))
	for dayOf(newMoon(k)) > end {
		k--
	}
	if sunTerm(dayOf(newMoon(k))) >= solstice { // it begins after the solstice
		k--
	}
	return k
}

// Lunar is the day of the Gregorian calendar on which a day of the lunar year falls (the year that begins in January or
// February of year). Months are 1 to 12; leap months have no number of their own and are never meant.
func Lunar(year, month, day int) identity.Date {
	before, after := eleventh(year-1), eleventh(year)
	k := before + month + 1 // the twelfth month follows the eleventh, then the first
	const ordinary = 12
	if month >= ordinary-1 { // the eleventh and twelfth of this year lie beyond the next solstice
		return date(dayOf(newMoon(after+month-ordinary+1)) + day - 1)
	}
	if after-before > ordinary && k >= leap(before, after) {
		k++
	}
	return date(dayOf(newMoon(k)) + day - 1)
}

// leap is the number of the first moon after before in whose month the sun enters no new term.
func leap(before, after int) int {
	for k := before + 1; k < after; k++ {
		if sunTerm(dayOf(newMoon(k))) == sunTerm(dayOf(newMoon(k+1))) {
			return k
		}
	}
	return after
}
