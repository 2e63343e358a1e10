-- From here on content is sealed (kiosk/seal): what it says of a person opens only with an officer's key.
ALTER TABLE filing ADD COLUMN seal BLOB;                          -- opens content; NULL if it is not sealed, or was destroyed
ALTER TABLE filing ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0;  -- 0 not yet, from before; 1 sealed; 2 its key was destroyed
ALTER TABLE filing ADD COLUMN tag BLOB;                           -- slow hash of the applicant's number (seal.Tagger)
CREATE INDEX filing_tag ON filing (tag) WHERE tag IS NOT NULL;
CREATE INDEX filing_open ON filing (id) WHERE sealed = 0;

-- The people at the desk. Nothing in it opens a filing without the officer's secret.
CREATE TABLE officer (
	id     TEXT PRIMARY KEY,
	name   TEXT NOT NULL,
	role   TEXT NOT NULL,
	public TEXT NOT NULL,    -- JSON, seal.Public
	locked TEXT NOT NULL,    -- JSON, seal.Locked
	active INTEGER NOT NULL, -- 0: locked out
	added  TEXT NOT NULL
) WITHOUT ROWID;
