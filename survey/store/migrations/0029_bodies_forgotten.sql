-- Bodies of texts are kept for a time and then forgotten (policy `retention`). What stays says that there was a text, how long it was,
-- and lets somebody who still has it show that it is the one.

-- One row per act: who, when, under which version, how many.
CREATE TABLE survey.forgetting (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at             timestamptz NOT NULL,
    by             text NOT NULL,
    policy_version int  NOT NULL,
    before         timestamptz NOT NULL,   -- texts older than this
    held_before    timestamptz NOT NULL,   -- disputed cases that were archived before this hold nothing any more
    texts_in       int  NOT NULL,
    texts_out      int  NOT NULL,
    tellings       int  NOT NULL,
    messages       int  NOT NULL,
    codes          int  NOT NULL           -- of texts_in: nothing but the code of an answer, which stays
);

CREATE TABLE survey.forgotten_body (
    source        text   NOT NULL CHECK (source IN ('said', 'reply', 'text_out', 'telling', 'notice_message')),
    row_id        bigint NOT NULL,
    forgetting_id bigint NOT NULL REFERENCES survey.forgetting,
    length        int    NOT NULL,         -- characters
    mac           bytea  NOT NULL,         -- HMAC-SHA256 under a key of the vault: a plain hash of "不满意" could be tried out
    PRIMARY KEY (source, row_id)
);

ALTER TABLE survey.input ADD COLUMN forgetting_id bigint REFERENCES survey.forgetting;
ALTER TABLE survey.text_out ADD COLUMN forgetting_id bigint REFERENCES survey.forgetting;
ALTER TABLE survey.telling ADD COLUMN forgetting_id bigint REFERENCES survey.forgetting;
CREATE INDEX input_body_kept ON survey.input (arrived_at) WHERE channel = 'text' AND forgetting_id IS NULL;
CREATE INDEX text_out_body_kept ON survey.text_out (at) WHERE forgetting_id IS NULL;
CREATE INDEX telling_body_kept ON survey.telling (ended_at) WHERE forgetting_id IS NULL AND ended_at IS NOT NULL;

-- When to look next; one row.
CREATE TABLE survey.forgetting_round (
    one       boolean PRIMARY KEY DEFAULT true CHECK (one),
    next_at   timestamptz NOT NULL,
    looked_at timestamptz
);
INSERT INTO survey.forgetting_round (next_at) VALUES ('1970-01-01Z');
