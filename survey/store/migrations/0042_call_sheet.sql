-- Call sheets on paper: who was claimed to which operator, until when they may be dialled, and until when results are entered.
CREATE TABLE survey.call_sheet (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref         text        NOT NULL UNIQUE,
    centre_code text        NOT NULL REFERENCES survey.centre,
    operator    text        NOT NULL,
    drawn_at    timestamptz NOT NULL,
    dial_until  timestamptz NOT NULL,
    enter_until timestamptz NOT NULL CHECK (enter_until >= dial_until)
);
CREATE INDEX call_sheet_operator ON survey.call_sheet (operator, id DESC);
CREATE TABLE survey.call_sheet_line (
    sheet_id   bigint  NOT NULL REFERENCES survey.call_sheet,
    place      integer NOT NULL CHECK (place > 0),
    token      text    NOT NULL,
    attempt_id bigint  NOT NULL UNIQUE REFERENCES survey.attempt,
    PRIMARY KEY (sheet_id, place),
    UNIQUE (sheet_id, token)
);
-- On paper, and so not in hand at the desk; taken off it when the answers of an interview are keyed in there.
ALTER TABLE survey.attempt ADD COLUMN on_sheet boolean NOT NULL DEFAULT false;
