-- Token buckets: how fast each channel of the carrier's account may be handed work. All of it can be changed while it runs.
--   rate     tokens a second: calls, or segments of texts; NULL: that of the settings
--   burst_s  how many seconds of work may gather while nothing is due; never more than minutes
--   batch_s  0: work is handed over when it is due. Above: in batches, at whole multiples of so many seconds
--   lines    calls under way together at the most; NULL: no limit
ALTER TABLE survey.pace ADD COLUMN rate double precision CHECK (rate > 0);
ALTER TABLE survey.pace ADD COLUMN burst_s double precision NOT NULL DEFAULT 2 CHECK (burst_s > 0 AND burst_s <= 300);
ALTER TABLE survey.pace ADD COLUMN batch_s double precision NOT NULL DEFAULT 0 CHECK (batch_s >= 0 AND batch_s <= 300);
ALTER TABLE survey.pace ADD COLUMN lines int CHECK (lines > 0);
ALTER TABLE survey.pace ADD COLUMN tokens double precision NOT NULL DEFAULT 0;
ALTER TABLE survey.pace ADD COLUMN filled_at timestamptz NOT NULL DEFAULT '1970-01-01Z';

-- The next of each campaign, found without reading the others: turns are taken between campaigns.
CREATE INDEX sample_unit_turn ON survey.sample_unit (campaign_id, next_mode, due_at, prn) WHERE status = 'waiting';
