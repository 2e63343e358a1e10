-- What the figures count by. None of it says who somebody is. NULL: filed before this was noted, so it is not known.
ALTER TABLE filing ADD COLUMN channel TEXT;   -- kiosk, desk, portal
ALTER TABLE filing ADD COLUMN chip TEXT;      -- read, or why it was not
ALTER TABLE filing ADD COLUMN kase TEXT;      -- of a vehicle's registration; '' for every other service
ALTER TABLE filing ADD COLUMN rating INTEGER; -- stars, 1 to 5; NULL: not rated
ALTER TABLE filing ADD COLUMN rated TEXT;     -- when
-- The figures are read from the index alone.
CREATE INDEX filing_figures ON filing (filed, reference, service, status, due, channel, chip, kase, rating, rated);
CREATE INDEX decision_at ON decision (at);
CREATE INDEX journal_at ON journal (at, kind);
