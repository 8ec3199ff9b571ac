-- Quality control (issue: quality control): which finished interviews a person checks, and what was listened to, by whom, why.

-- One draw: the finished interviews of some days of a centre, once. Seed and policy give the same picks again.
CREATE TABLE survey.quality_draw (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    centre_code    text   NOT NULL REFERENCES survey.centre,
    first_day      date   NOT NULL,
    last_day       date   NOT NULL CHECK (last_day >= first_day),
    seed           bigint NOT NULL,
    policy_version int    NOT NULL,
    interviews     int    NOT NULL,
    drawn_by       text   NOT NULL,
    drawn_at       timestamptz NOT NULL,
    UNIQUE (centre_code, first_day)
);

-- An interview is picked once at the most: a second chance would change what the lot stands for.
CREATE TABLE survey.quality_pick (
    interview_id bigint PRIMARY KEY REFERENCES survey.interview,
    draw_id      bigint NOT NULL REFERENCES survey.quality_draw,
    position     int    NOT NULL,
    stratum      text   NOT NULL,        -- a surveyor, or mode:voice …
    of_stratum   int    NOT NULL,        -- how many it held
    by_lot       boolean NOT NULL,       -- false: found suspicious, and left out of every rate
    ring         boolean NOT NULL,       -- to be rung again where nothing was recorded
    findings     text[] NOT NULL,
    aside_at     timestamptz,            -- it cannot be checked: nobody answers, nothing was recorded
    aside_by     text,
    aside_why    text,
    UNIQUE (draw_id, position),
    CHECK ((aside_at IS NULL) = (aside_by IS NULL) AND (aside_at IS NULL) = (aside_why IS NULL))
);

-- Answers and times were read: of an interview that was not recorded, and that nobody rang about again.
ALTER TABLE survey.audit_item DROP CONSTRAINT audit_item_method_check;
ALTER TABLE survey.audit_item ADD CONSTRAINT audit_item_method_check CHECK (method IN ('listen', 'recontact', 'records'));

-- Whoever heard a recording, or asked to: written before the carrier is asked for the sound.
CREATE TABLE survey.recording_access (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recording  text   NOT NULL REFERENCES survey.recording,
    account_id bigint REFERENCES survey.account,
    staff      text   NOT NULL,
    reason     text   NOT NULL CHECK (reason <> ''),
    at         timestamptz NOT NULL
);
CREATE INDEX recording_access_recording ON survey.recording_access (recording);
CREATE INDEX recording_access_staff ON survey.recording_access (staff, id);

CREATE INDEX interview_ended ON survey.interview (ended_at) WHERE ended_at IS NOT NULL;
