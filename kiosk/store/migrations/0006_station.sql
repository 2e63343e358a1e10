-- Each entry of a station is signed by the station's key, from the entry on that names the key (station.key).
ALTER TABLE journal ADD COLUMN signature BLOB;
CREATE INDEX journal_reference ON journal (reference, kind) WHERE reference <> '';
