// Package report makes the figures of an office: a month as Đề án 06 asks for it (Decision 06/QĐ-TTg), and the sheet that
// ends a day. Make gives a Report, MakeDay a Day; both are pure functions of Records, one a filing, which hold nothing of a
// person. kiosk/report/sheet writes them as XLSX and PDF, encoding/json as JSON.
//
// # What is counted
//
// A period is [From, To) in Vietnam's time. Each figure is what was true at its end, or at the moment of making where it has
// not ended: a filing that was late then and is done now stays late then, so that a month is the same whenever it is made. What
// an officer took back within its ten minutes never was.
//
// The rows are those of the one-stop report (Circular 01/2020/TT-VPCP: carried over and new; resolved early, on time,
// late; pending in time, late), as far as they are known to us; the template of the police was not obtained. What the words mean:
//
//   - Carried: filed before the period, and without an end when it began.
//   - Received: filed in the period, by the day on the citizen's slip and not by that on which an officer took it on:
//     a filing that is refused at once was received, too, and is found under returned.
//   - Resolved: the result was there (action finish) in the period. Handing it over comes later and is counted by itself,
//     because a citizen who comes late makes no filing late.
//   - Late: the result came after the date that held then. An extension with an apology (Decree 118/2025, Mẫu 04) moves the
//     date; how many were extended is counted beside it. OnTime is every other one that was resolved, Early those of them from
//     before the day of the date, NoTerm those that the law gives no term.
//   - Returned: ended in the period without a result from here: refused, stopped, forwarded to whose it is, withdrawn by the
//     citizen.
//   - Pending: no end yet at the end of the period. PendingLate: of them, past their date, unless the citizen owes a
//     supplement, for the clock stands then (PendingSupplement). PendingNew: no officer took them on yet.
//
// So for every service, group and channel, and for all of it:
//
//	Carried + Received = Resolved + Returned + Pending
//
// Channel, chip and level are those of what was received; vehicles and accounts are counted when they are resolved, for it is
// then that a plate or an account is there. Essential services are those that the decision's annex names; one is offered if
// it can be filed here.
//
// Shares are of one hundred; people see them with one decimal. Times are given by their median and by the value that nine
// in ten do not exceed (nearest rank), because a mean hides the people who waited long.
//
// # Why records and not counters
//
// Counters cannot be checked, and what they count cannot be changed later. A record is small, a province's month is a few
// thousand of them, and whoever doubts a figure can list what is behind it.
package report
