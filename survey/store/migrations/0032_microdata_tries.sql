-- How often an export was begun: one that whoever writes it dies of is not begun for ever.
ALTER TABLE survey.microdata_export ADD COLUMN tries int NOT NULL DEFAULT 0;
