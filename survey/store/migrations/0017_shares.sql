-- How many turns a campaign has beside the others, and where it stands in them. A unit's turn is the number of those before it in
-- its campaign, over the weight; who waits in the least turn goes first. `passed` is the turn of a campaign's next unit, pace.turn
-- the one that is being given out: whoever comes later begins there.
ALTER TABLE survey.campaign ADD COLUMN weight double precision NOT NULL DEFAULT 1 CHECK (weight > 0 AND weight <= 1000);
ALTER TABLE survey.pace ADD COLUMN turn double precision NOT NULL DEFAULT 0;
CREATE TABLE survey.campaign_turn (
    channel     text   NOT NULL REFERENCES survey.pace,
    campaign_id bigint NOT NULL REFERENCES survey.campaign,
    passed      double precision NOT NULL,
    PRIMARY KEY (channel, campaign_id)
);

-- Segments of a usual text, by the last batch; a call is one token.
ALTER TABLE survey.pace ADD COLUMN tokens_each double precision NOT NULL DEFAULT 1 CHECK (tokens_each >= 1);

-- Limits of an account, a number or a campaign, inside those of the channel. No row: none of its own.
--   rate     tokens a second: calls, or segments of texts; NULL: no limit
--   burst_s  how many seconds of it may gather
--   lines    calls under way together; NULL: no limit
CREATE TABLE survey.share (
    kind      text NOT NULL CHECK (kind IN ('account', 'number', 'campaign')),
    name      text NOT NULL,           -- the account, the number, or the campaign's id
    channel   text NOT NULL REFERENCES survey.pace,
    rate      double precision CHECK (rate > 0),
    burst_s   double precision NOT NULL DEFAULT 2 CHECK (burst_s > 0 AND burst_s <= 300),
    lines     int CHECK (lines > 0),
    tokens    double precision NOT NULL DEFAULT 0,
    filled_at timestamptz NOT NULL DEFAULT '1970-01-01Z',
    PRIMARY KEY (kind, name, channel)
);
