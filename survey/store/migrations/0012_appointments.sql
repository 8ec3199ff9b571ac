-- The moment for which an appointment stands that a waiting unit is to keep; NULL: none does. The unit's code does not tell: it is
-- that of all its attempts by precedence, and an appointment outranks whatever was tried in vain after it.
ALTER TABLE survey.sample_unit ADD COLUMN appointment_at timestamptz;
UPDATE survey.sample_unit u SET appointment_at = a.appointment_at
FROM (SELECT DISTINCT ON (unit_id) unit_id, appointment_at FROM survey.attempt ORDER BY unit_id, id DESC) a
WHERE a.unit_id = u.id AND u.status = 'waiting' AND u.disposition = 'appointment';
CREATE INDEX sample_unit_appointment ON survey.sample_unit (campaign_id, next_mode, due_at)
    WHERE status = 'waiting' AND appointment_at IS NOT NULL;

-- In which attempt a number was shown: once it was, the phone may have rung.
ALTER TABLE survey.number_access ADD COLUMN attempt_id bigint REFERENCES survey.attempt;
CREATE INDEX number_access_attempt ON survey.number_access (attempt_id) WHERE attempt_id IS NOT NULL;
