-- Pictures of papers that an officer put beside a filing, sealed like its content.
CREATE TABLE picture (
	id        INTEGER PRIMARY KEY,
	reference TEXT NOT NULL REFERENCES filing (reference),
	number    INTEGER NOT NULL, -- from 1, within the filing; one that was removed keeps its own
	at        TEXT NOT NULL,
	removed   TEXT NOT NULL DEFAULT '', -- when it was removed; its key is gone then
	body      BLOB NOT NULL,
	seal      BLOB,
	keyset    INTEGER NOT NULL,
	UNIQUE (reference, number)
);
