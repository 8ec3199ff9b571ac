-- Of a case that goes out again the supervision office has its copy, and may name another lead until it is signed for.
CREATE INDEX case_file_again ON followup.case_file (centre_code, due_at) WHERE status = 'dispatched' AND round > 1;
