-- The list as circles: in each township its people stand at their permanent random numbers (docs/sampling.md). With the number
-- beside the area, one index holds all that a draw reads, so drawing n people reads about n entries, however long the list is.
ALTER TABLE survey.frame_entry
    ADD COLUMN stratum text GENERATED ALWAYS AS (substr(area_code, 1, 9)) STORED,  -- the township
    ADD COLUMN prn double precision;     -- the person's own, which never changes; whoever writes the list writes it here, too
UPDATE survey.frame_entry f SET prn = p.prn FROM survey.person p WHERE p.id = f.person_id;
ALTER TABLE survey.frame_entry ALTER COLUMN prn SET NOT NULL;
CREATE INDEX frame_entry_circle ON survey.frame_entry (centre_code, stratum, prn, person_id) INCLUDE (area_code, batch_id);

-- Where the next draw of a township begins: behind the last person taken there.
CREATE TABLE survey.circle (
    centre_code text NOT NULL REFERENCES survey.centre,
    stratum     text NOT NULL,
    pointer     double precision NOT NULL CHECK (pointer >= 0 AND pointer < 1),
    PRIMARY KEY (centre_code, stratum)
);

-- The fingerprint of a list, township by township, made by the first draw that sees the list and never again: later draws know by
-- it what they draw from, and an audit makes it anew and compares (survey/sampling/frame_hash.py).
CREATE TABLE survey.frame_seal (
    batch_id bigint NOT NULL REFERENCES survey.import_batch,
    stratum  text   NOT NULL,
    people   int    NOT NULL CHECK (people > 0),
    digest   bytea  NOT NULL,
    PRIMARY KEY (batch_id, stratum)
);
ALTER TABLE survey.import_batch ADD COLUMN sealed_at timestamptz;  -- by the clock of the draw that did it

-- Where those who are left out of draws (opted out, wrong number) stand on the list: looked up by the first draw that leaves them
-- out, so that later ones need not. An entry of the list never changes.
CREATE TABLE survey.left_entry (
    centre_code text   NOT NULL,
    person_id   bigint NOT NULL,
    area_code   text   NOT NULL,
    batch_id    bigint NOT NULL REFERENCES survey.import_batch,
    PRIMARY KEY (centre_code, person_id)
);

-- Wrong numbers are few among the persons, and every draw asks for all of them.
CREATE INDEX person_unlinked ON survey.person (id) INCLUDE (unlinked_at) WHERE unlinked_at IS NOT NULL;
