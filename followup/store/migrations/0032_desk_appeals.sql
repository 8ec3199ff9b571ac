-- Appeals that operators register in the middle of a call: each form that was sent became one case, however often it was sent.
CREATE TABLE followup.desk_appeal (
    form       text PRIMARY KEY,                -- the token of the form; made when the form was shown
    staff      text NOT NULL,
    at         timestamptz NOT NULL,
    case_id    bigint REFERENCES followup.case_file   -- NULL only inside the transaction that registers it
);
