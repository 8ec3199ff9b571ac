-- Texts that tell somebody something and ask nothing: notices. They are no attempts and open no contact.

-- Telephone numbers and mail addresses of those who handle cases, sealed like residents' numbers (settled.md §8). `cipher` is
-- NULL once the address is not used any more: nothing is sent to it, and nobody can read it again.
CREATE TABLE survey.staff_address (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind   text  NOT NULL CHECK (kind IN ('phone', 'mail')),
    token  bytea NOT NULL,
    key_id text  NOT NULL,
    cipher bytea
);

-- A text that is owed. `sending` is committed before the carrier is asked; a request without an answer is `unknown` until the
-- carrier has said what became of it, and is never made again.
CREATE TABLE survey.telling (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref        text   NOT NULL UNIQUE,
    cause      text   NOT NULL UNIQUE,   -- whoever owes it twice owes it once
    person_id  bigint REFERENCES survey.person,
    address_id bigint REFERENCES survey.staff_address,
    body       text   NOT NULL,
    segments   int    NOT NULL,
    status     text   NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'sending', 'unknown', 'accepted', 'ended')),
    due_at     timestamptz NOT NULL,
    until_at   timestamptz NOT NULL,     -- not sent by then, it is never sent: the window closes
    caller     text,
    sid        text   UNIQUE,
    sending_at timestamptz,
    lease_real timestamptz,              -- real time: until when the worker that is asking the carrier may be waited for
    check_at   timestamptz,              -- when to ask the carrier, should no webhook come
    carrier_word text,                   -- the carrier's last word on it
    error_code int,
    ended_at   timestamptz,
    outcome    text,                     -- delivered, or why not
    news       boolean NOT NULL DEFAULT false,   -- whoever owes it has not read this word yet
    CHECK (num_nonnulls(person_id, address_id) = 1),
    CHECK ((status = 'ended') = (ended_at IS NOT NULL)),
    CHECK ((status = 'ended') = (outcome IS NOT NULL)),
    CHECK (status <> 'sending' OR (sending_at IS NOT NULL AND lease_real IS NOT NULL))
);
CREATE INDEX telling_due ON survey.telling (due_at) WHERE status = 'waiting';
CREATE INDEX telling_under_way ON survey.telling (check_at) WHERE status IN ('sending', 'unknown', 'accepted');
CREATE INDEX telling_news ON survey.telling (id) WHERE news;
CREATE INDEX telling_person ON survey.telling (person_id) WHERE person_id IS NOT NULL;
