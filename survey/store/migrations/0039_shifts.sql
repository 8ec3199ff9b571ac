-- Who works when: what was planned, by whom. A shift that is taken back stays, with who took it back.
CREATE TABLE survey.shift (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref         text   NOT NULL UNIQUE,
    centre_code text   NOT NULL REFERENCES survey.centre,
    account_id  bigint NOT NULL REFERENCES survey.account,
    day         date   NOT NULL,        -- local to the area
    begins      time   NOT NULL,
    ends        time   NOT NULL CHECK (ends > begins),
    put_by      text   NOT NULL,
    put_at      timestamptz NOT NULL,
    back_by     text,
    back_at     timestamptz,
    CHECK ((back_by IS NULL) = (back_at IS NULL))
);
CREATE INDEX shift_day ON survey.shift (centre_code, day) WHERE back_at IS NULL;
CREATE INDEX shift_account ON survey.shift (account_id, day) WHERE back_at IS NULL;
