-- Notices to units, offices, leaders and residents, with receipt.

CREATE TABLE followup.notice (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cause      text NOT NULL,       -- what it is about: one notice per cause and recipient
    recipient  text NOT NULL,       -- unit:CODE, office:party:CENTRE, post:director:CENTRE, resident:CASE NUMBER
    template   text NOT NULL,       -- of policy `notices`
    facts      jsonb NOT NULL,
    case_id    bigint REFERENCES followup.case_file,
    urgent     boolean NOT NULL,    -- a major report: also outside office hours
    created_at timestamptz NOT NULL,
    UNIQUE (cause, recipient)
);
