-- Bodies of notices by text are forgotten as those of other texts are.

ALTER TABLE followup.notice_message ADD COLUMN forgetting_id bigint REFERENCES survey.forgetting;
CREATE INDEX notice_message_body_kept ON followup.notice_message (created_at) WHERE channel = 'text' AND forgetting_id IS NULL;

-- Cases about which the resident and the unit did not agree, and when they were archived; NULL: not yet.
CREATE VIEW followup.disputed_case AS
SELECT c.id, c.person_id,
    (SELECT max(e.at) FROM followup.case_event e WHERE e.case_id = c.id AND e.event = 'archive') AS archived_at
FROM followup.case_file c
WHERE EXISTS (SELECT FROM followup.callback k WHERE k.case_id = c.id AND k.flagged)
   OR EXISTS (SELECT FROM followup.objection o WHERE o.case_id = c.id)
   OR EXISTS (SELECT FROM followup.suspicion s WHERE s.case_id = c.id);
