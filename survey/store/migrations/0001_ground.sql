-- Ground: policies, areas, the vault, who may not be contacted, and where lists came from.
-- A moment is a timestamptz handed in by the clock; no business time ever comes from now().

CREATE SCHEMA survey;

-- One row per key that has sealed data here; a process whose key cannot open the proof refuses to start.
CREATE TABLE survey.vault_check (
    key_id text PRIMARY KEY,
    proof  bytea NOT NULL
);

CREATE TABLE survey.policy (
    key         text  NOT NULL,
    centre_code text  NOT NULL DEFAULT '*',
    version     int   NOT NULL,
    valid_from  date  NOT NULL,
    body        jsonb NOT NULL,
    PRIMARY KEY (key, centre_code, version)
);

CREATE TABLE survey.area (
    code        text PRIMARY KEY,
    parent_code text REFERENCES survey.area,
    level       text NOT NULL CHECK (level IN ('province', 'city', 'county', 'township', 'village', 'grid')),
    name_zh     text NOT NULL,
    name_en     text NOT NULL,
    tz          text NOT NULL DEFAULT 'Asia/Shanghai',
    pop_adult   int,
    CHECK (parent_code IS NULL OR starts_with(code, parent_code))
);
CREATE INDEX area_parent ON survey.area (parent_code);

CREATE TABLE survey.centre (
    code      text PRIMARY KEY,
    area_code text NOT NULL REFERENCES survey.area,
    name_zh   text NOT NULL,
    short_zh  text NOT NULL,
    name_en   text NOT NULL
);

-- Who the resident is. The only table that holds a number or a name, and it holds them sealed. City-wide: one person, one row,
-- whichever centre asks. `prn` is the permanent random number (statistics.md §2).
CREATE TABLE survey.person (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token         bytea  NOT NULL UNIQUE,
    key_id        text   NOT NULL,
    number_cipher bytea  NOT NULL,
    name_cipher   bytea,
    prn           double precision NOT NULL,
    lang          text   NOT NULL DEFAULT 'zh',
    birth_year    int,
    landline      boolean NOT NULL DEFAULT false,
    unlinked_at   timestamptz           -- "not this person": the number leads to somebody else
);

-- What a person said about being contacted; never deleted. Reach: settled.md §4.
CREATE TABLE survey.opt_out (
    person_id  bigint NOT NULL REFERENCES survey.person,
    scope      text   NOT NULL CHECK (scope IN ('survey', 'case_text', 'case_call', 'all', 'text_channel')),
    said_at    timestamptz NOT NULL,
    said_in    text   NOT NULL,          -- voice, text, operator, carrier
    attempt_id bigint,
    PRIMARY KEY (person_id, scope)
);

-- A resident's number was shown to a person: to whom, why, when.
CREATE TABLE survey.number_access (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES survey.person,
    staff     text   NOT NULL,
    reason    text   NOT NULL,
    at        timestamptz NOT NULL
);

CREATE TABLE survey.import_batch (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    centre_code text NOT NULL REFERENCES survey.centre,
    kind        text NOT NULL,           -- residents, closed_cases
    file_name   text NOT NULL,
    sha256      text NOT NULL,
    brought_by  text NOT NULL,
    reason      text NOT NULL,
    ground      text NOT NULL,
    imported_at timestamptz NOT NULL,
    rows_read   int NOT NULL,
    rows_kept   int NOT NULL,
    rows_refused int NOT NULL,
    UNIQUE (centre_code, kind, sha256)
);

CREATE TABLE survey.import_refusal (
    batch_id bigint NOT NULL REFERENCES survey.import_batch,
    line     int    NOT NULL,
    field    text   NOT NULL,
    reason   text   NOT NULL
);

-- The list a sample is drawn from: a person who lives in an area, as a list said so.
CREATE TABLE survey.frame_entry (
    centre_code text   NOT NULL REFERENCES survey.centre,
    person_id   bigint NOT NULL REFERENCES survey.person,
    area_code   text   NOT NULL REFERENCES survey.area,
    batch_id    bigint NOT NULL REFERENCES survey.import_batch,
    PRIMARY KEY (centre_code, person_id)
);
