-- Answers that are spoken: recordings, and what somebody wrote down of them. Interviews that go on where another stopped.
-- Deleting what a child said is an act of its own, and is on record.

ALTER TABLE survey.interview
    ADD COLUMN continues_id bigint REFERENCES survey.interview,   -- whose answers this one goes on from
    ADD COLUMN flags text[] NOT NULL DEFAULT '{}';                -- flags of the questionnaire that were raised

ALTER TABLE survey.answer ADD COLUMN recording text;
ALTER TABLE survey.answer DROP CONSTRAINT answer_check;
ALTER TABLE survey.answer ADD CONSTRAINT answer_says_something
    CHECK (code IS NOT NULL OR words IS NOT NULL OR recording IS NOT NULL);

-- The carrier keeps the sound; we keep where it is, which answer it is, and its words once they are known.
CREATE TABLE survey.recording (
    sid          text PRIMARY KEY,
    call_sid     text NOT NULL,
    interview_id bigint REFERENCES survey.interview,
    question_id  text NOT NULL,
    seconds      int  NOT NULL CHECK (seconds >= 0),
    at           timestamptz NOT NULL,
    words        text,
    written_by   text,                      -- the carrier's recogniser ('carrier') or a member of staff
    written_at   timestamptz,
    deleted_at   timestamptz,               -- nothing of it may be kept; the carrier is told to delete it
    delete_at    timestamptz,               -- when the carrier is told next; NULL once it has done so
    gone_at      timestamptz,               -- when it had
    CHECK ((words IS NULL) = (written_at IS NULL)),
    CHECK ((written_by IS NULL) = (written_at IS NULL)),
    CHECK ((deleted_at IS NOT NULL) = (delete_at IS NOT NULL OR gone_at IS NOT NULL)),
    CHECK (delete_at IS NULL OR gone_at IS NULL)
);
CREATE INDEX recording_interview ON survey.recording (interview_id);
CREATE INDEX recording_to_delete ON survey.recording (delete_at) WHERE delete_at IS NOT NULL;

-- That answers and words of an interview were deleted, why, and how many; not what they were.
CREATE TABLE survey.forgotten (
    interview_id bigint NOT NULL REFERENCES survey.interview,
    at           timestamptz NOT NULL,
    reason       text NOT NULL,             -- minor
    answers      int  NOT NULL,
    inputs       int  NOT NULL,
    PRIMARY KEY (interview_id, at)
);

-- The words of a recorded answer, known only after the interview had ended.
ALTER TABLE survey.outbox DROP CONSTRAINT outbox_topic_check;
ALTER TABLE survey.outbox ADD CONSTRAINT outbox_topic_check
    CHECK (topic IN ('interview_finished', 'unit_finished', 'words_written'));
