-- What pages ask of cases and callbacks, found by `minyi bench pages`: each read all of them.

CREATE INDEX case_file_open ON followup.case_file (centre_code, status) WHERE ending IS NULL;
CREATE INDEX callback_pending ON followup.callback (case_id) WHERE status = 'pending';
CREATE INDEX callback_settled ON followup.callback (settled_at);
