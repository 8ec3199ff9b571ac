-- The moment that a person agreed to be called at, beside the attempt in which they agreed.
ALTER TABLE survey.attempt ADD COLUMN appointment_at timestamptz;

-- How long after the mode before it a mode is tried first, in hours, by mode; what is not there follows the ordinary rule.
ALTER TABLE survey.campaign ADD COLUMN mode_delays jsonb NOT NULL DEFAULT '{}';

-- A signal of the carrier that nothing mapped, looked at by a person.
ALTER TABLE survey.parked_signal ADD COLUMN resolved_at timestamptz;
ALTER TABLE survey.parked_signal ADD COLUMN resolved_by text;
ALTER TABLE survey.parked_signal ADD COLUMN note text;
