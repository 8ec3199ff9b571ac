-- A rejection is signed by two people, each with their own account: the first proposes it, the second signs it or sends it back.
-- One at a time waits for a round; none is ever deleted.
CREATE TABLE followup.rejection_draft (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id     bigint NOT NULL REFERENCES followup.case_file,
    round       int    NOT NULL,
    ground      text   NOT NULL,
    words       text   NOT NULL CHECK (words <> ''),
    proposed_by text   NOT NULL,
    proposed_at timestamptz NOT NULL,
    outcome     text CHECK (outcome IN ('signed', 'sent_back', 'overtaken')),  -- overtaken: the case was decided otherwise
    ended_by    text,
    ended_at    timestamptz,
    CHECK ((outcome IS NULL) = (ended_at IS NULL) AND (outcome IS NULL) = (ended_by IS NULL)),
    CHECK (outcome <> 'signed' OR ended_by <> proposed_by)
);
CREATE UNIQUE INDEX rejection_draft_open ON followup.rejection_draft (case_id, round) WHERE outcome IS NULL;
