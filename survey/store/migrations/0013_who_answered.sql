-- Who answered a call.
--   detected     what the carrier made of it: human, machine, fax, unknown; NULL: it was not asked, or has not said
--   answered_by  what we hold to be so: person (a key was pressed, or words were understood), machine, unknown; NULL: no sign yet
ALTER TABLE survey.attempt ADD COLUMN detected text CHECK (detected IN ('human', 'machine', 'fax', 'unknown'));
ALTER TABLE survey.attempt ADD COLUMN answered_by text CHECK (answered_by IN ('person', 'machine', 'unknown'));

-- How the carrier is asked to find out: none, before (the first word), beside it; NULL: as policy `dispatch` says.
ALTER TABLE survey.campaign ADD COLUMN machine_detection text CHECK (machine_detection IN ('none', 'before', 'beside'));
