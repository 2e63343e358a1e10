// Package deskparts is the parts of an officer's desk that the technician's page shows: its printer (Paper), its scanner (Scanner), the store (Store), the
// way to the portal (Portal). Each gives a board.Part; words are those of assets/text under desk.part.
package deskparts
