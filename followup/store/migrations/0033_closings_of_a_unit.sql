-- Whose result a callback is about, so that a unit's latest closings are found without reading everybody's.
ALTER TABLE followup.callback ADD COLUMN unit_code text REFERENCES followup.unit;
UPDATE followup.callback b SET unit_code = r.unit_code
FROM followup.result r WHERE r.case_id = b.case_id AND r.round = b.round;
CREATE INDEX callback_unit ON followup.callback (unit_code, settled_at DESC, id DESC) WHERE reached AND mode IS NOT NULL;
