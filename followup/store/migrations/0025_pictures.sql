-- Pictures by which a unit shows what it has done. They are kept as cleaned (`followup/pictures.py`): no place, device or time is in them.
-- Each is an event of its case with its hash, so that none can be changed or taken away unseen.
CREATE TABLE followup.picture (
    ref       text PRIMARY KEY,
    case_id   bigint NOT NULL REFERENCES followup.case_file,
    round     int    NOT NULL,
    unit_code text   NOT NULL REFERENCES followup.unit,
    kind      text   NOT NULL CHECK (kind IN ('image/jpeg', 'image/png')),
    sha256    bytea  NOT NULL,
    width     int    NOT NULL CHECK (width > 0),
    height    int    NOT NULL CHECK (height > 0),
    added_at  timestamptz NOT NULL,
    UNIQUE (case_id, round, sha256)           -- the same again is the same one
);

-- Apart from them, so that whoever reads the records of a case reads no megabytes.
CREATE TABLE followup.picture_bytes (
    ref   text PRIMARY KEY REFERENCES followup.picture,
    bytes bytea NOT NULL
);

ALTER TABLE followup.unit_act DROP CONSTRAINT unit_act_act_check;
ALTER TABLE followup.unit_act ADD CONSTRAINT unit_act_act_check
    CHECK (act IN ('sign', 'return', 'ask_time', 'plan', 'part', 'report', 'call', 'answer', 'picture'));
