-- Reports issue themselves by cadence. Those of single days that were issued before are noted as done, so that they are not written again.
INSERT INTO survey.daily_duty (centre_code, duty, day, done_at)
SELECT centre_code, 'issue:' || kind || ':day', first_day, issued_at
FROM followup.issued_report WHERE supersedes IS NULL AND first_day = last_day AND kind IN ('callback', 'morning')
ON CONFLICT DO NOTHING;
