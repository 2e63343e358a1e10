-- Everything about a person stands in filing.content, one blob. No other column of this file may hold such facts.

CREATE TABLE meta (
	name  TEXT PRIMARY KEY,
	value TEXT NOT NULL
) WITHOUT ROWID;

-- One row for each filing.
CREATE TABLE filing (
	id        INTEGER PRIMARY KEY,
	reference TEXT NOT NULL UNIQUE, -- full form
	short     TEXT NOT NULL,        -- form for people; not unique over years
	key       TEXT NOT NULL UNIQUE, -- random, of the act of handing in
	service   TEXT NOT NULL,
	status    TEXT NOT NULL,
	filed     TEXT NOT NULL,        -- RFC 3339 with the offset of the place
	prints    INTEGER NOT NULL DEFAULT 0,
	content   BLOB NOT NULL
);
CREATE INDEX filing_short ON filing (short);

-- The last serial number of a station's day that was given, or must not be given.
CREATE TABLE counter (
	station TEXT NOT NULL,
	day     TEXT NOT NULL, -- YYYY-MM-DD
	last    INTEGER NOT NULL,
	PRIMARY KEY (station, day)
) WITHOUT ROWID;

-- Each time that this directory was found to come from a backup or a copy.
CREATE TABLE restore (
	id     INTEGER PRIMARY KEY,
	at     TEXT NOT NULL,
	first  TEXT NOT NULL, -- YYYY-MM-DD: from this day
	until  TEXT NOT NULL, -- to this one
	gap    INTEGER NOT NULL -- each day's numbers leave out this many
);

-- What happened, for ever: each entry's hash covers the one before it.
CREATE TABLE journal (
	seq       INTEGER PRIMARY KEY,
	at        TEXT NOT NULL, -- RFC 3339 with the offset of the place
	station   TEXT NOT NULL,
	kind      TEXT NOT NULL,
	reference TEXT NOT NULL, -- full form, or empty
	detail    TEXT NOT NULL, -- JSON object, nothing personal
	prev_hash BLOB NOT NULL,
	hash      BLOB NOT NULL
);
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
-- REPLACE deletes without the trigger above; an entry that has a place already is therefore refused here.
CREATE TRIGGER journal_in_order BEFORE INSERT ON journal
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM journal)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- What has to reach the hub. message_id makes a repeat harmless there.
CREATE TABLE outbox (
	id         INTEGER PRIMARY KEY,
	message_id TEXT NOT NULL UNIQUE, -- full reference ":" sequence number of the journal entry
	reference  TEXT NOT NULL REFERENCES filing (reference),
	journal    INTEGER NOT NULL UNIQUE REFERENCES journal (seq),
	created    TEXT NOT NULL,
	delivered  TEXT,                 -- when the hub acknowledged it
	attempts   INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX outbox_waiting ON outbox (id) WHERE delivered IS NULL;
