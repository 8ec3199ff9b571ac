-- Reports that were issued (签发). A row is never altered and never deleted: what was wrong is corrected by a further report that takes
-- its place, and says so.

CREATE TABLE followup.issued_report (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number      text NOT NULL UNIQUE,     -- CENTRE-KIND-FIRST-LAST, and -2, -3, … for its corrections
    centre_code text NOT NULL REFERENCES survey.centre,
    kind        text NOT NULL CHECK (kind IN ('weekly', 'callback', 'unit')),
    first_day   date NOT NULL,
    last_day    date NOT NULL CHECK (last_day >= first_day),
    cut_off     timestamptz NOT NULL,     -- what it is of: rows as they stood then
    body        text NOT NULL,            -- the document, as it was hashed
    sha256      text NOT NULL CHECK (sha256 = encode(sha256(convert_to(body, 'UTF8')), 'hex')),
    remarks     jsonb,                    -- what people added in their own words, without which it cannot be made again
    issued_at   timestamptz NOT NULL,
    issued_by   text NOT NULL CHECK (issued_by <> ''),
    supersedes  bigint UNIQUE REFERENCES followup.issued_report,   -- the one that it takes the place of
    reason      text,                     -- why it does
    CHECK ((supersedes IS NULL) = (reason IS NULL))
);
-- One report of a kind and period; all others of it are corrections.
CREATE UNIQUE INDEX issued_report_first ON followup.issued_report (centre_code, kind, first_day, last_day) WHERE supersedes IS NULL;

CREATE FUNCTION followup.issued_report_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an issued report is never altered or deleted; issue a correction of it'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER issued_report_stays BEFORE UPDATE OR DELETE ON followup.issued_report
    FOR EACH ROW EXECUTE FUNCTION followup.issued_report_stays();
CREATE TRIGGER issued_reports_stay BEFORE TRUNCATE ON followup.issued_report
    FOR EACH STATEMENT EXECUTE FUNCTION followup.issued_report_stays();
