-- Units without an account: signed links, spreadsheets.

-- A link for one unit, one case and one round. The row holds no secret: the address carries a signature by the vault's key over all of
-- it, so nobody who reads or alters this table can make a link that works.
CREATE TABLE followup.unit_link (
    ref        text PRIMARY KEY,
    case_id    bigint NOT NULL REFERENCES followup.case_file,
    unit_code  text   NOT NULL REFERENCES followup.unit,
    round      int    NOT NULL,
    made_at    timestamptz NOT NULL,
    made_by    text   NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > made_at),
    revoked_at timestamptz
);
CREATE INDEX unit_link_case ON followup.unit_link (case_id);

-- Every use, also those in vain. An act is done once by one link.
CREATE TABLE followup.unit_link_use (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref     text NOT NULL REFERENCES followup.unit_link,
    at      timestamptz NOT NULL,
    act     text NOT NULL CHECK (act IN ('view', 'sign', 'report')),
    outcome text NOT NULL            -- done, or why not: expired, again, refused, returned (straight back)
);
CREATE UNIQUE INDEX unit_link_use_once ON followup.unit_link_use (ref, act) WHERE act <> 'view' AND outcome = 'done';

-- Rows of returned spreadsheets that were acted on: the same row again has no second effect.
CREATE TABLE followup.unit_sheet_row (
    case_id  bigint NOT NULL REFERENCES followup.case_file,
    round    int    NOT NULL,
    act      text   NOT NULL CHECK (act IN ('sign', 'report')),
    sha256   text   NOT NULL,        -- of what the row said
    taken_at timestamptz NOT NULL,
    taken_by text   NOT NULL,
    PRIMARY KEY (case_id, round, act, sha256)
);
