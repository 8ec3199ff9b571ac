-- Time: days that the calendar gets wrong, the clock of each case, colours, urging, levels, major reports, accountability.

-- Days that are worked on, or are not, whatever the packaged calendar says: next year's list appears only in autumn.
CREATE TABLE followup.work_calendar (
    centre_code text NOT NULL,            -- '*': every centre; a centre's own row goes before it
    day         date NOT NULL,
    working     boolean NOT NULL,
    reason      text NOT NULL,
    set_by      text NOT NULL,
    set_at      timestamptz NOT NULL,
    PRIMARY KEY (centre_code, day)
);

ALTER TABLE followup.case_file
    ADD COLUMN escalation_level int CHECK (escalation_level BETWEEN 0 AND 3);   -- grid, village, township, county

-- When somebody must look at a case's clock next. Every event of the case makes that now, by the trigger below; a look
-- puts it to the moment at which a colour or an urging changes by itself, or to never.
CREATE TABLE followup.case_clock (
    case_id    bigint PRIMARY KEY REFERENCES followup.case_file,
    changes    int NOT NULL DEFAULT 1,    -- events and looks so far: a look that has seen fewer is thrown away
    look_at    timestamptz,
    colour     text CHECK (colour IN ('green', 'yellow', 'red')),   -- NULL: none, it is closed or nobody has looked
    since      timestamptz                -- of that colour
) WITH (fillfactor = 80);
CREATE INDEX case_clock_look ON followup.case_clock (look_at);

CREATE FUNCTION followup.look_at_clock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO followup.case_clock AS k (case_id, look_at)
    SELECT case_id, max(at) FROM fresh
    WHERE event NOT IN ('colour', 'urge', 'enter_level') GROUP BY case_id ORDER BY case_id
    ON CONFLICT (case_id) DO UPDATE SET changes = k.changes + 1, look_at = least(k.look_at, excluded.look_at);
    RETURN NULL;
END $$;
CREATE TRIGGER looked_at AFTER INSERT ON followup.case_event
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION followup.look_at_clock();

-- The history of colours: a row only when the colour changed. `to_colour` NULL: closed, or held.
CREATE TABLE followup.colour_change (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id        bigint NOT NULL REFERENCES followup.case_file,
    round          int    NOT NULL,
    from_colour    text,
    to_colour      text,
    grounds        text[] NOT NULL,
    at             timestamptz NOT NULL,  -- the moment from which the colour holds, not that of the look
    policy_version int    NOT NULL,
    CHECK (from_colour IS DISTINCT FROM to_colour)
);
CREATE INDEX colour_change_case ON followup.colour_change (case_id, id);

-- The ladder of urging: a level once a round against whoever is late.
CREATE TABLE followup.urge (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id        bigint NOT NULL REFERENCES followup.case_file,
    round          int    NOT NULL,
    level          text   NOT NULL CHECK (level IN ('U1', 'U2', 'U3', 'U4', 'U5')),
    party          text   NOT NULL CHECK (party IN ('unit', 'office', 'centre')),
    against        text   NOT NULL,       -- the unit's code, the office (party, government), or the centre's code
    state          text   NOT NULL,       -- whose clock it was
    why            text   NOT NULL,
    due_at         timestamptz NOT NULL,  -- the last moment of that clock
    urged_at       timestamptz NOT NULL,
    sheet_number   text UNIQUE,           -- of a supervision sheet (督办单)
    policy_version int    NOT NULL,
    UNIQUE (case_id, round, party, against, level)
);

-- Serials of papers: supervision sheets of a centre's year, major reports of its day.
CREATE TABLE followup.paper_serial (
    centre_code text NOT NULL,
    series      text NOT NULL,
    last        int  NOT NULL,
    PRIMARY KEY (centre_code, series)
);

-- Major incident reports (重大信息报告).
CREATE TABLE followup.major_report (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number         text NOT NULL UNIQUE,
    centre_code    text NOT NULL REFERENCES survey.centre,
    case_id        bigint REFERENCES followup.case_file,
    class          text NOT NULL,         -- of policy `major`
    state          text NOT NULL CHECK (state IN ('raised', 'sent', 'acked', 'following', 'final', 'false_alarm')),
    raised_by      text NOT NULL,
    raised_at      timestamptz NOT NULL,
    climbed        int  NOT NULL DEFAULT 0,   -- rungs of the ladder so far; past the last level: rounds of telling again
    next_at        timestamptz,           -- when the next rung is due; NULL: acknowledged or closed
    closed_at      timestamptz,
    policy_version int  NOT NULL,
    CHECK ((state IN ('final', 'false_alarm')) = (closed_at IS NOT NULL)),
    CHECK (next_at IS NULL OR state IN ('raised', 'sent'))
);
CREATE INDEX major_report_next ON followup.major_report (next_at) WHERE next_at IS NOT NULL;
CREATE UNIQUE INDEX major_report_case ON followup.major_report (case_id)
    WHERE closed_at IS NULL;              -- one open report a case

CREATE TABLE followup.major_step (
    report_id  bigint NOT NULL REFERENCES followup.major_report,
    level      int    NOT NULL,
    sent_at    timestamptz NOT NULL,
    channel    text   NOT NULL,
    again      int    NOT NULL DEFAULT 0, -- how often it was told again
    last_at    timestamptz NOT NULL,
    ack_by     text,
    ack_at     timestamptz,
    PRIMARY KEY (report_id, level),
    CHECK ((ack_by IS NULL) = (ack_at IS NULL))
);

-- First, follow-up and final reports (首报、续报、终报), in order; never changed.
CREATE TABLE followup.major_form (
    report_id  bigint NOT NULL REFERENCES followup.major_report,
    serial     int    NOT NULL,
    form       text   NOT NULL CHECK (form IN ('first', 'follow', 'final', 'false_alarm')),
    facts      jsonb  NOT NULL,
    by         text   NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (report_id, serial)
);

-- Who answers for a case, at which level, on what ground (问责).
CREATE TABLE followup.accountability (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id     bigint NOT NULL REFERENCES followup.case_file,
    round       int    NOT NULL,
    level       text   NOT NULL CHECK (level IN ('grid', 'village', 'township', 'county')),
    basis       text   NOT NULL CHECK (basis IN ('late', 'delay', 'perfunctory', 'false_close', 'not_known')),
    unit_code   text   REFERENCES followup.unit,
    persons     text[] NOT NULL CHECK (cardinality(persons) > 0),
    finding_zh  text   NOT NULL,
    finding_en  text   NOT NULL,
    decision    text   NOT NULL,
    filed_by    text   NOT NULL,
    approved_by text   NOT NULL,
    filed_at    timestamptz NOT NULL,
    policy_version int NOT NULL,
    CHECK (approved_by <> filed_by)
);
CREATE INDEX accountability_case ON followup.accountability (case_id);
