-- Campaigns that a team plans itself: a checked document, a life with guards, targets and quotas whose seats are reserved before
-- anybody is contacted, a budget with a stop, and a sample drawn whole and released by replicates.

ALTER TABLE survey.campaign DROP CONSTRAINT campaign_status_check;
ALTER TABLE survey.campaign ADD CONSTRAINT campaign_status_check CHECK (
    status IN ('draft', 'approved', 'scheduled', 'running', 'paused', 'closed', 'auditing', 'cancelled'));

-- standing: about cases, as long as its centre stands. daily: the day's perception sample. wave: an official perception wave.
-- poll: a special poll, which may have quotas.
ALTER TABLE survey.campaign ADD COLUMN kind text NOT NULL DEFAULT 'daily'
    CHECK (kind IN ('standing', 'daily', 'wave', 'poll'));
UPDATE survey.campaign SET kind = 'standing' WHERE purpose = 'case';
ALTER TABLE survey.campaign ADD COLUMN document jsonb;          -- the campaign file as it was checked; NULL: opened by the service
ALTER TABLE survey.campaign ADD COLUMN document_sha256 text;
ALTER TABLE survey.campaign ADD COLUMN partials_count boolean NOT NULL DEFAULT false;  -- fill a seat as completes do
ALTER TABLE survey.campaign ADD COLUMN daily_target int CHECK (daily_target > 0);
ALTER TABLE survey.campaign ADD COLUMN has_seats boolean NOT NULL DEFAULT false;    -- cells in quota_cell: nobody is contacted without a seat
ALTER TABLE survey.campaign ADD COLUMN has_budget boolean NOT NULL DEFAULT false;
ALTER TABLE survey.campaign ADD COLUMN look_at timestamptz;     -- when to look whether more of the sample is to be released

-- What happened to a campaign, and who did it.
CREATE TABLE survey.campaign_event (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign_id bigint NOT NULL REFERENCES survey.campaign,
    at          timestamptz NOT NULL,
    event       text NOT NULL,
    from_status text,
    to_status   text NOT NULL,
    by_whom     text NOT NULL,
    why         text NOT NULL
);
CREATE INDEX campaign_look ON survey.campaign (look_at) WHERE look_at IS NOT NULL;
CREATE INDEX campaign_event_campaign ON survey.campaign_event (campaign_id);

-- A quota divides the people of a campaign into cells; 'total' and 'day' are quotas of every campaign with such targets. A seat is
-- held before the contact and filled or given back after it; the CHECK is the promise that no target is ever overshot.
CREATE TABLE survey.quota_cell (
    campaign_id bigint NOT NULL REFERENCES survey.campaign,
    quota       text   NOT NULL,
    cell        text   NOT NULL,
    target      int    NOT NULL CHECK (target >= 0),
    held        int    NOT NULL DEFAULT 0 CHECK (held >= 0),
    filled      int    NOT NULL DEFAULT 0 CHECK (filled >= 0),
    PRIMARY KEY (campaign_id, quota, cell),
    CHECK (held + filled <= target)
);
CREATE TABLE survey.quota_seat (
    unit_id     bigint NOT NULL REFERENCES survey.sample_unit,
    campaign_id bigint NOT NULL,
    quota       text   NOT NULL,
    cell        text   NOT NULL,
    held_at     timestamptz NOT NULL,
    filled_at   timestamptz,
    PRIMARY KEY (unit_id, quota),
    FOREIGN KEY (campaign_id, quota, cell) REFERENCES survey.quota_cell
);
CREATE INDEX quota_seat_cell ON survey.quota_seat (campaign_id, quota, cell);

-- What a campaign may use and has used. Used is booked before the contact (a call at its longest) and corrected after it.
-- Money in thousandths of the tariff's currency.
CREATE TABLE survey.campaign_budget (
    campaign_id   bigint PRIMARY KEY REFERENCES survey.campaign,
    most_calls    int,
    most_segments int,
    most_money    bigint,
    calls         int    NOT NULL DEFAULT 0,
    segments      int    NOT NULL DEFAULT 0,
    money         bigint NOT NULL DEFAULT 0,
    CHECK (most_calls IS NULL OR calls <= most_calls),
    CHECK (most_segments IS NULL OR segments <= most_segments),
    CHECK (most_money IS NULL OR money <= most_money)
);
ALTER TABLE survey.attempt ADD COLUMN cost_money bigint NOT NULL DEFAULT 0;  -- booked for this attempt, thousandths

-- Handed to the carrier and not under way by then: to be had back. The end of the window in which it was handed over.
ALTER TABLE survey.attempt ADD COLUMN recall_at timestamptz;
CREATE INDEX attempt_recall ON survey.attempt (recall_at) WHERE recall_at IS NOT NULL;

-- The sample as drawn, in replicates. Who is released becomes a sample unit; who is not stays outside of the sample.
CREATE TABLE survey.drawn_unit (
    campaign_id  bigint NOT NULL REFERENCES survey.campaign,
    position     int    NOT NULL,        -- the order of release
    replicate_no int    NOT NULL,
    person_id    bigint NOT NULL REFERENCES survey.person,
    area_code    text   NOT NULL REFERENCES survey.area,
    stratum      text   NOT NULL,
    prn          double precision NOT NULL,
    cells        jsonb  NOT NULL DEFAULT '{}',
    released_at  timestamptz,
    PRIMARY KEY (campaign_id, position),
    UNIQUE (campaign_id, person_id)
);
CREATE INDEX drawn_unit_unreleased ON survey.drawn_unit (campaign_id, position) WHERE released_at IS NULL;

CREATE INDEX drawn_unit_person ON survey.drawn_unit (person_id);

-- Draws are numbered, so that the list can be had again as it was before any one of them.
CREATE SEQUENCE survey.draw_number;
ALTER TABLE survey.campaign ADD COLUMN draw_number bigint;

-- Which cell of each quota a person belongs to, as far as it is known before they are asked: {quota: cell}.
ALTER TABLE survey.sample_unit ADD COLUMN cells jsonb NOT NULL DEFAULT '{}';
ALTER TABLE survey.sample_unit ADD COLUMN stratum text;
ALTER TABLE survey.sample_unit ADD COLUMN replicate_no int;
