-- A station's key is looked up whenever the station is opened, and mostly stands at the other end of the journal.
CREATE INDEX journal_station_key ON journal (station) WHERE kind = 'station.key';
