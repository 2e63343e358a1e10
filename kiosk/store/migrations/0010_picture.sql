-- Pictures of papers that an officer put beside a filing, sealed like its content.
CREATE TABLE picture (
	id        INTEGER PRIMARY KEY,
	reference TEXT NOT NULL REFERENCES filing (reference),
	number    INTEGER NOT NULL, -- from 1, within the filing; one that was removed keeps its own
	at        TEXT NOT NULL,
	removed   TEXT NOT NULL DEFAULT '', -- when it was removed; its key is gone then
	seal      BLOB,
	keyset    INTEGER NOT NULL,
	UNIQUE (reference, number)
);

-- The long part stands by itself, as that of a filing does: a key is written anew or deleted, and the redo log has rows whole.
CREATE TABLE image (
	picture INTEGER PRIMARY KEY REFERENCES picture (id),
	body    BLOB NOT NULL -- sealed
);
