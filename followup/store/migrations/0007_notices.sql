-- Notices to units, offices, leaders and residents: what is owed, the messages that carry it, and the receipt.

-- One row per cause and recipient. owed: no message has gone out yet, or the last one failed and another way is left.
-- undelivered: no way is left, a person has to tell it; it stands on the supervisor's desk until somebody has.
CREATE TABLE followup.notice (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cause      text NOT NULL,       -- what it is about: one notice per cause and recipient
    recipient  text NOT NULL,       -- unit:CODE, office:party:CENTRE, post:director:CENTRE, resident:CASE NUMBER
    centre_code text REFERENCES survey.centre,   -- whose notice it is; NULL: nobody is called by that recipient
    template   text NOT NULL,       -- of policy `notices`
    facts      jsonb NOT NULL,
    case_id    bigint REFERENCES followup.case_file,
    urgent     boolean NOT NULL,    -- a major report: also outside office hours
    created_at timestamptz NOT NULL,
    status     text NOT NULL DEFAULT 'owed'
        CHECK (status IN ('owed', 'sent', 'delivered', 'acknowledged', 'undelivered')),
    due_at     timestamptz,         -- when a way is chosen; NULL: a message is on its way, or nothing is left to choose
    why        text,                -- why the last way failed
    sent_at    timestamptz,
    delivered_at timestamptz,
    receipt_by timestamptz,         -- until when it is to be acknowledged; NULL: no receipt is asked
    acknowledged_at timestamptz,
    acknowledged_by text,
    acknowledged_how text,          -- desk, call, visit, letter: how whoever acknowledged it knows of it
    UNIQUE (cause, recipient),
    CHECK (due_at IS NULL OR status = 'owed'),
    CHECK ((status = 'acknowledged') = (acknowledged_at IS NOT NULL)),
    CHECK (num_nulls(acknowledged_at, acknowledged_by, acknowledged_how) IN (0, 3)),
    CHECK (status <> 'undelivered' OR why IS NOT NULL)
);
CREATE INDEX notice_due ON followup.notice (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX notice_centre_open ON followup.notice (centre_code) WHERE status <> 'acknowledged';
CREATE INDEX notice_open ON followup.notice (recipient) WHERE status <> 'acknowledged';

-- Where those who handle cases are told. The address itself lies sealed in survey.staff_address; `shown` is what may be seen of it.
CREATE TABLE followup.notice_address (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    holder     text NOT NULL,       -- unit:CODE, office:party:CENTRE, post:NAME:CENTRE
    centre_code text NOT NULL REFERENCES survey.centre,
    role       text NOT NULL CHECK (role IN ('liaison', 'leader', 'duty')),
    channel    text NOT NULL CHECK (channel IN ('text', 'mail')),
    address_id bigint NOT NULL REFERENCES survey.staff_address,
    shown      text NOT NULL,
    set_at     timestamptz NOT NULL,
    set_by     text NOT NULL,
    removed_at timestamptz,
    CHECK ((role = 'duty') = (NOT starts_with(holder, 'unit:')))
);
CREATE UNIQUE INDEX notice_address_one ON followup.notice_address (holder, role, channel) WHERE removed_at IS NULL;

-- One text or one mail; it carries one notice, or all of one moment for one recipient. A mail stands as `sending` before the server
-- is asked; whoever dies in between leaves it to be sent once more, with the same bytes and Message-ID.
CREATE TABLE followup.notice_message (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref        text NOT NULL UNIQUE,      -- the text's cause in survey.telling, and the mail's Message-ID
    recipient  text NOT NULL,
    channel    text NOT NULL CHECK (channel IN ('text', 'mail')),
    address_id bigint REFERENCES followup.notice_address,   -- NULL: a resident, who is in the vault
    subject    text NOT NULL,
    body       text NOT NULL,             -- as it was told; of a mail its plain part
    letters    jsonb NOT NULL DEFAULT '[]',   -- of a mail: each notice's title and paragraphs, for its formatted part
    status     text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'sending', 'sent', 'delivered', 'failed')),
    created_at timestamptz NOT NULL,
    due_at     timestamptz,               -- of a mail: when it is tried next
    tries      int NOT NULL DEFAULT 0,
    lease_real timestamptz,               -- real time: until when the worker that is sending it may be waited for
    sent_at    timestamptz,
    ended_at   timestamptz,
    why        text,
    CHECK (status <> 'sending' OR (lease_real IS NOT NULL AND channel = 'mail')),
    CHECK ((status = 'failed') = (why IS NOT NULL))
);
CREATE INDEX notice_message_due ON followup.notice_message (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX notice_message_sending ON followup.notice_message (lease_real) WHERE status = 'sending';

CREATE TABLE followup.notice_part (
    message_id bigint NOT NULL REFERENCES followup.notice_message,
    notice_id  bigint NOT NULL REFERENCES followup.notice,
    PRIMARY KEY (message_id, notice_id)
);
CREATE INDEX notice_part_notice ON followup.notice_part (notice_id);
