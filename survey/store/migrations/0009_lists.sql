-- A person's further numbers, sealed as the first one is: tried when the one in use is dead or leads to somebody else, which then
-- lies here, unlinked. Whoever rings or texts from any of them is known by it.
CREATE TABLE survey.person_number (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id     bigint NOT NULL REFERENCES survey.person,
    position      int    NOT NULL,       -- the order in which they are tried
    token         bytea  NOT NULL UNIQUE,
    key_id        text   NOT NULL,
    number_cipher bytea  NOT NULL,
    landline      boolean NOT NULL DEFAULT false,
    unlinked_at   timestamptz
);
CREATE INDEX person_number_person ON survey.person_number (person_id, position) WHERE unlinked_at IS NULL;

-- What the list says of a person beside their area: the number as the list writes it (sealed), and further columns that were asked
-- for, which quotas can use.
ALTER TABLE survey.frame_entry ADD COLUMN given_cipher bytea;
ALTER TABLE survey.frame_entry ADD COLUMN attributes jsonb NOT NULL DEFAULT '{}';
ALTER TABLE survey.import_batch ADD COLUMN rows_merged int NOT NULL DEFAULT 0;
