-- Masked calls (隐号通话): whoever handles a matter and the person whose it is speak over two lines that the carrier connects, and
-- neither sees the other's number. Committed as `calling_…` before the carrier is asked, so that no crash rings anybody twice.
CREATE TABLE survey.masked_call (
    ref           text PRIMARY KEY,             -- the room in which the two lines meet, too
    person_id     bigint NOT NULL REFERENCES survey.person,
    asker_cipher  bytea  NOT NULL,              -- the telephone of whoever asked for the call, sealed
    asker_words   text   NOT NULL,              -- what each hears who picks up
    person_words  text   NOT NULL,
    lang          text   NOT NULL,              -- of the person
    tz            text   NOT NULL,
    own_from      time,                         -- the person's own hours, within those of calls
    own_until     time,
    asked_at      timestamptz NOT NULL,
    until_at      timestamptz NOT NULL,         -- not begun by then, it is over
    state         text NOT NULL DEFAULT 'wanted'
                  CHECK (state IN ('wanted', 'calling_asker', 'asker_here', 'calling_person', 'joined', 'over')),
    contact_id    bigint REFERENCES survey.contact,   -- open from before the person is rung until it is over
    asker_sid     text,
    person_sid    text,
    called_at     timestamptz,                  -- the line that is being called, or was last
    person_called_at timestamptz,
    lease_real    timestamptz,                  -- real time after which whoever asked the carrier has died
    check_at      timestamptz,                  -- when the carrier is asked about the lines, or asked to end them
    joined_at     timestamptz,
    over_at       timestamptz,
    outcome       text,
    seconds       int,                          -- for which both were connected
    told          boolean NOT NULL DEFAULT false,     -- whoever owes it has heard that it is over
    CHECK ((state = 'over') = (over_at IS NOT NULL AND outcome IS NOT NULL AND seconds IS NOT NULL))
);
CREATE INDEX masked_call_work ON survey.masked_call (check_at) WHERE state <> 'over' OR check_at IS NOT NULL;
CREATE INDEX masked_call_untold ON survey.masked_call (over_at) WHERE state = 'over' AND NOT told;
CREATE INDEX masked_call_person ON survey.masked_call (person_id, person_called_at) WHERE person_called_at IS NOT NULL;
