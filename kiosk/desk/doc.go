// Package desk is the officer's side: what may be decided on a filing, by whom, and when.
//
// A Case is where one filing stands, Apply what a Decision makes of it: pure functions, the law's order and nothing else. Legal
// lists what can be decided now, Form which official form goes with it. Ticket and Line are the queue at the counter.
//
// # The order
//
//	filed ──receive──> received ──finish──> done ──hand──> handed
//	  │ ask              │ ask, extend, stop, forward, refuse
//	  │ refuse, forward  └──────> supplement ──supply──> where it was
//	  └ withdraw: from everywhere before done
//
// What is lacking is asked for once, full and specific (Decree 118/2025, which took the place of Decree 61/2018); an apology with a
// new date is given once. While the citizen owes something the clock stands: supply gives back the working time that was left.
//
// A decision has the time of the clock, or the last date of the case if the clock is behind that (Case.Moment): a clock that stood ahead when
// something was filed stops nobody, and no date is before another one. Dates that the law gives count from there.
//
// Undo takes the last decision back within UndoWithin by the clock, by who made it, as long as nothing left the building: no paper was printed, nothing
// was sent to the portal, nothing handed over.
package desk
