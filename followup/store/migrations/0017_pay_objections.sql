-- A surveyor objects to the pay of a month (R24); somebody else decides, with a reason. Rows are only ever added to and decided once.
CREATE TABLE followup.pay_objection (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    centre_code text NOT NULL REFERENCES survey.centre,
    staff_no    text NOT NULL,
    month       date NOT NULL CHECK (month = date_trunc('month', month)::date),
    words       text NOT NULL CHECK (words <> ''),
    raised_at   timestamptz NOT NULL,
    decision    text CHECK (decision IN ('changed', 'stands')),
    reason      text,
    decided_by  text CHECK (decided_by <> staff_no),
    decided_at  timestamptz,
    CHECK ((decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (reason IS NULL)
           AND (decision IS NULL) = (decided_by IS NULL))
);
CREATE UNIQUE INDEX pay_objection_open ON followup.pay_objection (centre_code, staff_no, month) WHERE decision IS NULL;
