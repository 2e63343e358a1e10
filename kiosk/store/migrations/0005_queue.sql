-- Which set of readers a key was made for: it counts up when officers come and go, and keys of older sets are written anew at the desk.
ALTER TABLE filing ADD COLUMN keyset INTEGER NOT NULL DEFAULT 0;
ALTER TABLE decision ADD COLUMN keyset INTEGER NOT NULL DEFAULT 0;
CREATE INDEX filing_keyset ON filing (keyset) WHERE sealed = 1;

-- What the desk looks for people by, under a key that only officers open. A copy of what the filings say, which can be made anew.
CREATE TABLE finder (
	filing INTEGER PRIMARY KEY REFERENCES filing (id),
	row    BLOB NOT NULL -- sealed
);

-- The people who wait, by the number of the day.
CREATE TABLE ticket (
	day       TEXT NOT NULL,    -- YYYY-MM-DD
	number    INTEGER NOT NULL, -- from 1
	reference TEXT NOT NULL,    -- full form; empty for somebody who has filed nothing
	service   TEXT NOT NULL,
	priority  TEXT NOT NULL,
	state     TEXT NOT NULL,
	counter   TEXT NOT NULL,
	calls     INTEGER NOT NULL,
	taken     TEXT NOT NULL,
	called    TEXT NOT NULL,    -- first
	last      TEXT NOT NULL,    -- called
	began     TEXT NOT NULL,
	ended     TEXT NOT NULL,
	PRIMARY KEY (day, number)
) WITHOUT ROWID;
CREATE INDEX ticket_reference ON ticket (reference) WHERE reference <> '';

-- How each station is, for the desk: its devices, and whether somebody there wants an officer.
CREATE TABLE station (
	name   TEXT PRIMARY KEY,
	at     TEXT NOT NULL,
	wanted TEXT NOT NULL, -- since when somebody wants an officer; empty: nobody
	state  TEXT NOT NULL  -- JSON, nothing personal
) WITHOUT ROWID;

-- The long parts stand by themselves: lists of a hundred thousand filings do not wade through them.
CREATE TABLE content (
	filing INTEGER PRIMARY KEY REFERENCES filing (id),
	body   BLOB NOT NULL -- sealed (filing.sealed)
);
INSERT INTO content SELECT id, content FROM filing;
CREATE TABLE key (
	filing INTEGER PRIMARY KEY REFERENCES filing (id),
	key    BLOB NOT NULL -- opens the content; no row: it is not sealed, or was destroyed
);
INSERT INTO key SELECT id, seal FROM filing WHERE seal IS NOT NULL;
ALTER TABLE filing DROP COLUMN content;
ALTER TABLE filing DROP COLUMN seal;
