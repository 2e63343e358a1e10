// Package sheet writes figures for people: Workbook the month as XLSX, Month and Day what the printed forms SL01 (the month) and
// SL02 (the end of a day) are filled with, Lines the month as plain lines. The words are those of assets/text under report.
//
// All of them show one list, Parts, so that paper, workbook and command line cannot say different things.
//
// # Why excelize
//
// A workbook has to open in what offices use, with numbers that can be added up further and charts that follow them.
// github.com/xuri/excelize/v2 writes native charts, number formats and print set-up and reads all of it back for the tests; it is
// pure Go (BSD-3) and needs nothing of the machine. Writing the parts of ECMA-376 by hand was the other way: a thousand
// lines for one chart.
package sheet
