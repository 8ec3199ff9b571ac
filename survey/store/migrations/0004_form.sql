-- The form on the web: a text may carry a link, where the campaign says so, and a thread goes on there where it stopped.

ALTER TABLE survey.campaign
    ADD COLUMN links boolean NOT NULL DEFAULT false;   -- texts of this campaign carry a link to the form

ALTER TABLE survey.input DROP CONSTRAINT input_channel_check;
ALTER TABLE survey.input ADD CONSTRAINT input_channel_check CHECK (channel IN ('voice', 'text', 'operator', 'web'));

-- The link of one text thread. Whoever holds the token can answer in the resident's place: it is in no log, and in no other URL.
-- The thread stays a text thread; which of the two it is on at the moment says survey.interview.mode.
CREATE TABLE survey.form_link (
    token         text PRIMARY KEY,          -- 132 random bits
    contact_id    bigint NOT NULL UNIQUE REFERENCES survey.contact,
    created_at    timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,      -- from then on it leads nowhere
    asked_by_text text,                      -- questions that waited in the thread when the form took over
    CHECK (expires_at > created_at)
);
