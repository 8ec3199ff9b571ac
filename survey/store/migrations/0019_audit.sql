-- A campaign's life after the field: its interviews are audited, its results published, and it is put away (domain.md §3.3).
ALTER TABLE survey.campaign DROP CONSTRAINT campaign_status_check;
ALTER TABLE survey.campaign ADD CONSTRAINT campaign_status_check CHECK (
    status IN ('draft', 'approved', 'scheduled', 'running', 'paused', 'closed', 'auditing', 'published', 'archived', 'cancelled'));

-- What a person found who listened to an interview, or asked the resident again. A second look is a second row; the last one stands.
CREATE TABLE survey.audit_item (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    interview_id bigint NOT NULL REFERENCES survey.interview,
    at           timestamptz NOT NULL,
    method       text NOT NULL CHECK (method IN ('listen', 'recontact')),
    verdict      text NOT NULL CHECK (verdict IN ('pass', 'corrected', 'void')),
    by_whom      text NOT NULL,
    why          text NOT NULL
);
CREATE INDEX audit_item_interview ON survey.audit_item (interview_id, id);
