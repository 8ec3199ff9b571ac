-- What somebody found at a centre (泄露、默认满意、诱导、伪造), and the inspection at the end of a year: they enter its score. Never changed;
-- what was wrong is withdrawn by a further row.
CREATE TABLE followup.centre_finding (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    centre_code text NOT NULL REFERENCES survey.centre,
    kind        text NOT NULL,            -- of policy `centre_score`; inspection: points of the inspection of a year
    points      double precision CHECK (points BETWEEN 0 AND 100),
    case_number text REFERENCES followup.case_file (number),
    words       text NOT NULL CHECK (words <> ''),
    found_by    text NOT NULL CHECK (found_by <> ''),
    found_at    timestamptz NOT NULL,
    withdraws   bigint UNIQUE REFERENCES followup.centre_finding,
    CHECK ((kind = 'inspection') = (points IS NOT NULL))
);
CREATE INDEX centre_finding_when ON followup.centre_finding (centre_code, found_at);

CREATE FUNCTION followup.centre_finding_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a finding is never altered or deleted; withdraw it' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER centre_finding_stays BEFORE UPDATE OR DELETE ON followup.centre_finding
    FOR EACH ROW EXECUTE FUNCTION followup.centre_finding_stays();
