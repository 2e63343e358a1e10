-- The official code that the national portal gave a filing; empty until it did. It says nothing of a person.
ALTER TABLE filing ADD COLUMN dossier TEXT NOT NULL DEFAULT '';
CREATE INDEX filing_dossier ON filing (dossier) WHERE dossier <> '';
