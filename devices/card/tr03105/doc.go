// Package tr03105 holds the reader against the test cases for inspection systems of BSI TR-03105 part 5.1: each case by its
// identifier, with a chip, a file or a certificate on which exactly that is wrong, and what the reader makes of it.
//
// Start with TestCases, which runs them, and with TABLE.md, which it keeps: every case, and which test runs it or why none
// does. Terminal authentication, fingerprints and irises are not read by this program, so their cases have no test.
// The package has no code of its own.
package tr03105
