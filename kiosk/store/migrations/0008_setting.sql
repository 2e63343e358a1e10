-- What a head decided for the whole office, over what the files of its stations say (kiosk/setting). The journal has all that ever held.
CREATE TABLE setting (
	name    TEXT PRIMARY KEY,
	value   TEXT NOT NULL,
	officer TEXT NOT NULL, -- who decided
	at      TEXT NOT NULL
) WITHOUT ROWID;
