-- Answers that leave the house as microdata: who asked for them, why, by which rule, and the hash of each file.
CREATE TABLE survey.microdata_export (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref         text NOT NULL UNIQUE,
    centre_code text NOT NULL REFERENCES survey.centre,
    campaign    text NOT NULL,                     -- code of a campaign of the centre
    formats     text[] NOT NULL,
    asked_by    text NOT NULL,
    reason      text NOT NULL CHECK (reason <> ''),
    asked_at    timestamptz NOT NULL,
    state       text NOT NULL DEFAULT 'wanted' CHECK (state IN ('wanted', 'writing', 'done', 'failed')),
    lease_real  timestamptz,                       -- real time after which whoever was writing has died
    rule        int,                               -- version of policy `microdata`
    rows        int,
    coarsened   int,
    left_out    int,
    files       jsonb,                             -- name to SHA-256
    failure     text,
    done_at     timestamptz,
    CHECK ((state IN ('done', 'failed')) = (done_at IS NOT NULL)),
    CHECK ((state = 'done') = (files IS NOT NULL)),
    CHECK ((state = 'failed') = (failure IS NOT NULL))
);
CREATE INDEX microdata_export_wanted ON survey.microdata_export (id) WHERE state IN ('wanted', 'writing');
