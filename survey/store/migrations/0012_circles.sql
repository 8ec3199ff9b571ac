-- The list as circles: in each township its people stand at their permanent random numbers (docs/sampling.md). With the number
-- beside the area, one index holds all that a draw reads, so drawing n people reads about n entries, however long the list is.
ALTER TABLE survey.frame_entry
    ADD COLUMN stratum text GENERATED ALWAYS AS (substr(area_code, 1, 9)) STORED,  -- the township
    ADD COLUMN prn double precision;
UPDATE survey.frame_entry f SET prn = p.prn FROM survey.person p WHERE p.id = f.person_id;
ALTER TABLE survey.frame_entry ALTER COLUMN prn SET NOT NULL;
CREATE INDEX frame_entry_circle ON survey.frame_entry (centre_code, stratum, prn, person_id) INCLUDE (area_code, batch_id);
CREATE INDEX person_unlinked ON survey.person (id) WHERE unlinked_at IS NOT NULL;

-- A person's number is theirs alone: whoever writes a list need not know it, and a new one (another key) moves all entries.
CREATE FUNCTION survey.take_prn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT p.prn INTO NEW.prn FROM survey.person p WHERE p.id = NEW.person_id;
    RETURN NEW;
END $$;
CREATE TRIGGER frame_entry_prn BEFORE INSERT ON survey.frame_entry
    FOR EACH ROW WHEN (NEW.prn IS NULL) EXECUTE FUNCTION survey.take_prn();

CREATE FUNCTION survey.give_prn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE survey.frame_entry SET prn = NEW.prn WHERE person_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER person_prn AFTER UPDATE OF prn ON survey.person
    FOR EACH ROW WHEN (NEW.prn IS DISTINCT FROM OLD.prn) EXECUTE FUNCTION survey.give_prn();
