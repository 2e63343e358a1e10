-- What officers decide. Words of an officer may name people, so they are sealed like a filing's content.
ALTER TABLE filing ADD COLUMN due TEXT NOT NULL DEFAULT '';    -- RFC 3339; empty: the law gives no term, or not yet
ALTER TABLE filing ADD COLUMN holder TEXT NOT NULL DEFAULT ''; -- the officer who has it open
ALTER TABLE filing ADD COLUMN held TEXT NOT NULL DEFAULT '';   -- since when
ALTER TABLE filing ADD COLUMN brought TEXT NOT NULL DEFAULT ''; -- when the citizen said that what was lacking is here
CREATE INDEX filing_status ON filing (status, due);

CREATE TABLE decision (
	reference TEXT NOT NULL REFERENCES filing (reference),
	number    INTEGER NOT NULL, -- from 1, within the filing; those that were taken back keep theirs
	action    TEXT NOT NULL,
	officer   TEXT NOT NULL,
	at        TEXT NOT NULL,
	before    TEXT NOT NULL,    -- status before it
	due       TEXT NOT NULL,    -- date before it
	printed   INTEGER NOT NULL DEFAULT 0,
	sent      INTEGER NOT NULL DEFAULT 0,
	undone    TEXT NOT NULL DEFAULT '', -- when it was taken back
	words     BLOB NOT NULL,    -- sealed: reason, items, authority, how it was confirmed
	seal      BLOB,
	PRIMARY KEY (reference, number)
) WITHOUT ROWID;
