-- Moves of a case beyond the straight way: returns and joint decisions, parts, extensions, supplements, promises, plans, meetings,
-- withdrawals with their pressure check, objections, the archive.

ALTER TABLE followup.case_file
    ADD COLUMN complex boolean NOT NULL DEFAULT false,    -- 疑难: needs a leader and a plan, has the limits of its own class
    ADD COLUMN archive_at timestamptz;                    -- when the archive looks at it: 30 days after the end, later if there was no quiet
CREATE INDEX case_file_archive ON followup.case_file (archive_at) WHERE archive_at IS NOT NULL;
CREATE INDEX case_file_promised ON followup.case_file (due_at) WHERE status = 'promised';

-- A lead that was changed, or whose return was allowed, keeps its row as the one that had the case before.
ALTER TABLE followup.assignment DROP CONSTRAINT assignment_role_check;
ALTER TABLE followup.assignment
    ADD COLUMN mandatory boolean NOT NULL DEFAULT false,  -- of an assisting unit: the lead cannot report while its part is open
    ADD COLUMN released_at timestamptz,                   -- when a former lead lost the case
    ADD COLUMN part_at timestamptz,                       -- when an assisting unit filed its part
    ADD COLUMN part text,
    ADD CHECK (role IN ('lead', 'assist', 'former')),
    ADD CHECK ((role = 'former') = (released_at IS NOT NULL)),
    ADD CHECK ((part IS NULL) = (part_at IS NULL)),
    ADD CHECK (part IS NULL OR role = 'assist');

-- A result that is returned as incomplete is reported again in the same row; what it said before stands in the events.
ALTER TABLE followup.result
    ADD COLUMN version int NOT NULL DEFAULT 1,
    ADD COLUMN contact_at timestamptz,                    -- when the unit says that it spoke with the resident
    ADD COLUMN contact_way text CHECK (contact_way IN ('visit', 'phone', 'bridged', 'text', 'meeting')),
    ADD COLUMN proof text NOT NULL DEFAULT 'none'         -- bridged: our own masked call; waived: confidential or anonymous
        CHECK (proof IN ('none', 'claimed', 'bridged', 'waived', 'tried')),
    ADD COLUMN actions text,                              -- what was done, for the centre; never told as it stands
    ADD COLUMN evidence text[] NOT NULL DEFAULT '{}',
    ADD COLUMN resident_view text,                        -- what the unit says that the resident said
    ADD COLUMN parts_overridden text,                     -- why the lead reports although a mandatory part is open
    ADD COLUMN returned_at timestamptz,
    ADD COLUMN returned_reason text,
    ADD CHECK ((returned_at IS NULL) = (returned_reason IS NULL)),
    ADD CHECK (accepted_at IS NULL OR returned_at IS NULL);

CREATE TABLE followup.case_return (
    case_id        bigint NOT NULL REFERENCES followup.case_file,
    unit_code      text   NOT NULL REFERENCES followup.unit,
    round          int    NOT NULL,
    reason         text   NOT NULL,
    suggested_unit text   NOT NULL REFERENCES followup.unit,
    returned_at    timestamptz NOT NULL,
    decision       text CHECK (decision IN ('allowed', 'denied', 'joint')),
    decided_at     timestamptz,
    PRIMARY KEY (case_id, unit_code),                     -- once per unit
    CHECK ((decision IS NULL) = (decided_at IS NULL)),
    CHECK (suggested_unit <> unit_code)
);
CREATE UNIQUE INDEX case_return_one_open ON followup.case_return (case_id) WHERE decision IS NULL;

CREATE TABLE followup.extension (
    case_id   bigint PRIMARY KEY REFERENCES followup.case_file,   -- once in the life of a case
    round     int NOT NULL CHECK (round = 1),                     -- none in later rounds
    asked_by  text NOT NULL,
    granted_by text NOT NULL,
    reason    text NOT NULL,
    old_due   timestamptz NOT NULL,
    new_due   timestamptz NOT NULL CHECK (new_due > old_due),
    granted_at timestamptz NOT NULL
);

-- One case, one leader, one plan (一案一名班子成员、一案一策): needed from the third round on and for complex cases.
CREATE TABLE followup.case_plan (
    case_id      bigint NOT NULL REFERENCES followup.case_file,
    round        int    NOT NULL,
    owner_leader text   NOT NULL,
    plan         text   NOT NULL,
    made_by      text   NOT NULL,
    made_at      timestamptz NOT NULL,
    PRIMARY KEY (case_id, round)
);

-- A withdrawal shortly after the unit spoke with the resident: somebody asks whether they were pressed.
CREATE TABLE followup.pressure_check (
    case_id      bigint PRIMARY KEY REFERENCES followup.case_file,
    round        int    NOT NULL,
    contact_at   timestamptz NOT NULL,
    withdrawn_at timestamptz NOT NULL,
    due_at       timestamptz NOT NULL,
    outcome      text CHECK (outcome IN ('free', 'pressed', 'unreached')),
    words        text,
    checked_by   text,
    checked_at   timestamptz,
    CHECK ((outcome IS NULL) = (checked_at IS NULL))
);
CREATE INDEX pressure_check_open ON followup.pressure_check (due_at) WHERE outcome IS NULL;

-- A resident objects to the end of their case; one decision answers it, as it does a flag.
CREATE TABLE followup.objection (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id     bigint NOT NULL REFERENCES followup.case_file,
    round       int    NOT NULL,
    channel     text   NOT NULL CHECK (channel IN ('query_code', 'text', 'phone', 'visit', 'pressure_check')),
    words       text   NOT NULL,
    objected_at timestamptz NOT NULL,
    from_status text   NOT NULL,                          -- the ending that is objected to
    decision    text CHECK (decision IN ('redispatch', 'reject', 'withdrawn')),
    decided_by  text,
    decided_at  timestamptz,
    decision_reason text,
    decision_due_at timestamptz,                          -- when it goes to the next post
    decision_post   text NOT NULL,
    CHECK ((decision IS NULL) = (decided_at IS NULL))
);
CREATE UNIQUE INDEX objection_one_open ON followup.objection (case_id) WHERE decision IS NULL;
CREATE INDEX objection_waiting ON followup.objection (decision_due_at) WHERE decision IS NULL;

-- A resident who withdraws while their flag waits has decided it themselves.
ALTER TABLE followup.callback DROP CONSTRAINT callback_decision_check;
ALTER TABLE followup.callback ADD CHECK (decision IN ('redispatch', 'reject', 'withdrawn'));

-- What is archived stays as it is, whoever asks.
CREATE FUNCTION followup.refuse_change_of_archived() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'archived' THEN
        RAISE EXCEPTION 'case % is archived and can never be changed', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER archived_is_immutable BEFORE UPDATE OR DELETE ON followup.case_file
    FOR EACH ROW EXECUTE FUNCTION followup.refuse_change_of_archived();

CREATE FUNCTION followup.refuse_change_of_archived_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM followup.case_file c WHERE c.id = coalesce(NEW.case_id, OLD.case_id) AND c.status = 'archived') THEN
        RAISE EXCEPTION 'a case that is archived can never be changed (%)', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER archived_is_immutable BEFORE INSERT OR UPDATE OR DELETE ON followup.assignment
    FOR EACH ROW EXECUTE FUNCTION followup.refuse_change_of_archived_part();
CREATE TRIGGER archived_is_immutable BEFORE INSERT OR UPDATE OR DELETE ON followup.result
    FOR EACH ROW EXECUTE FUNCTION followup.refuse_change_of_archived_part();
