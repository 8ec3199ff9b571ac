-- What must reach a person becomes a queue: each row can be named, taken and resolved, and every change of its state leaves a row.

ALTER TABLE survey.handover
    ALTER COLUMN person_id DROP NOT NULL,    -- in distress, and no number of ours: a person reads it all the same
    ADD COLUMN ref        text,
    ADD COLUMN urgent     boolean NOT NULL DEFAULT false,
    ADD COLUMN words      text,              -- the resident's own
    ADD COLUMN recording  text,              -- sid at the carrier of what has to be listened to
    ADD COLUMN taken_by   text,
    ADD COLUMN taken_at   timestamptz,
    ADD COLUMN resolution text;              -- what came of it, in the words of who resolved it

UPDATE survey.handover
SET ref = left(encode(sha256(convert_to(id::text || gen_random_uuid()::text, 'UTF8')), 'hex'), 16);

UPDATE survey.handover
SET resolved_by = coalesce(resolved_by, 'unknown'), resolution = 'resolved before notes were kept'
WHERE resolved_at IS NOT NULL;

ALTER TABLE survey.handover
    ALTER COLUMN ref SET NOT NULL,
    ADD CONSTRAINT handover_ref UNIQUE (ref),
    ADD COLUMN status text NOT NULL GENERATED ALWAYS AS (
        CASE WHEN resolved_at IS NOT NULL THEN 'resolved' WHEN taken_at IS NOT NULL THEN 'taken' ELSE 'waiting' END
    ) STORED,
    ADD CONSTRAINT handover_taken CHECK ((taken_at IS NULL) = (taken_by IS NULL)),
    ADD CONSTRAINT handover_resolved CHECK (resolved_at IS NULL OR (resolved_by IS NOT NULL AND resolution IS NOT NULL));

CREATE INDEX handover_open ON survey.handover (urgent DESC, due_at) WHERE resolved_at IS NULL;

CREATE TABLE survey.handover_event (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    handover_id bigint NOT NULL REFERENCES survey.handover,
    at          timestamptz NOT NULL,
    from_status text CHECK (from_status IN ('waiting', 'taken')),
    to_status   text NOT NULL CHECK (to_status IN ('waiting', 'taken', 'resolved')),
    by          text,                        -- NULL: the dialogue raised it
    note        text
);
CREATE INDEX handover_event_handover ON survey.handover_event (handover_id);

INSERT INTO survey.handover_event (handover_id, at, to_status)
SELECT id, raised_at, 'waiting' FROM survey.handover ORDER BY id;

INSERT INTO survey.handover_event (handover_id, at, from_status, to_status, by, note)
SELECT id, resolved_at, 'waiting', 'resolved', resolved_by, resolution
FROM survey.handover WHERE resolved_at IS NOT NULL ORDER BY id;
