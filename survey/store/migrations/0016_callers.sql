-- Our numbers at the carrier, as the settings name them. They are ours, so they stand here in clear.
--   account     the carrier's account that owns it
--   rate        calls a second; also how many people it has for its own, beside the others
--   configured  false: the settings do not name it any more; what was called from it stays known
--   paused_at   nothing goes out from it since then, until somebody resumes it
--   going_since since when its health is counted
--   look_at     when its health is looked at next
CREATE TABLE survey.caller (
    number      text PRIMARY KEY,
    account     text NOT NULL,
    position    int  NOT NULL,
    rate        double precision NOT NULL CHECK (rate > 0),
    configured  boolean NOT NULL DEFAULT true,
    paused_at   timestamptz,
    paused_why  text,
    going_since timestamptz NOT NULL,
    look_at     timestamptz NOT NULL,
    CHECK ((paused_at IS NULL) = (paused_why IS NULL))
);

CREATE TABLE survey.caller_event (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number  text NOT NULL REFERENCES survey.caller,
    at      timestamptz NOT NULL,
    event   text NOT NULL CHECK (event IN ('paused', 'resumed', 'complaint')),
    by_whom text NOT NULL,
    why     text NOT NULL
);
CREATE INDEX caller_event_number ON survey.caller_event (number, at);

-- From which of them an attempt was made; NULL: by hand, or before there were several.
ALTER TABLE survey.attempt ADD COLUMN caller text REFERENCES survey.caller;
CREATE INDEX attempt_caller ON survey.attempt (caller, dialing_at) WHERE caller IS NOT NULL;
