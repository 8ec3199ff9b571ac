-- The first list of a city can have a million people. Kept up row by row, the keys of the tables it fills take several times as long
-- as all the rest; built over all rows at once they take a fraction of it (docs/benchmarks.md). So while nobody is enrolled, and
-- nobody is at the tables just now, they are set aside and built again in the same transaction. Until its end nobody else gets at
-- these tables, so nobody ever sees one without its keys; where it fails, everything is as it was.
CREATE FUNCTION survey.set_keys_aside() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    key record;
BEGIN
    IF EXISTS (SELECT FROM survey.person) THEN
        RETURN false;
    END IF;
    -- the last three are what frame_entry refers to: a foreign key is taken off at both ends. Whoever is at one of them is not
    -- waited for, because they might wait for us.
    LOCK TABLE survey.person, survey.frame_entry, survey.import_batch, survey.area, survey.centre IN ACCESS EXCLUSIVE MODE NOWAIT;
    IF EXISTS (SELECT FROM survey.person) THEN
        RAISE lock_not_available;  -- somebody was enrolled while we came to the lock: give it back
    END IF;
    CREATE TEMP TABLE keys_aside (place int GENERATED ALWAYS AS IDENTITY, again text NOT NULL) ON COMMIT DROP;
    FOR key IN
        SELECT i.indexrelid::regclass AS name, pg_get_indexdef(i.indexrelid) AS again
        FROM pg_index i
        WHERE i.indrelid IN ('survey.person'::regclass, 'survey.frame_entry'::regclass)
          AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
        ORDER BY i.indexrelid
    LOOP
        EXECUTE format('DROP INDEX %s', key.name);
        INSERT INTO pg_temp.keys_aside (again) VALUES (key.again);
    END LOOP;
    -- what other tables refer to (the primary key of person) stays
    FOR key IN
        SELECT c.conrelid::regclass AS holder, c.conname AS name,
               format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) AS again
        FROM pg_constraint c
        WHERE c.conrelid IN ('survey.person'::regclass, 'survey.frame_entry'::regclass) AND c.contype IN ('p', 'u', 'f')
          AND NOT EXISTS (
              SELECT FROM pg_constraint other
              WHERE other.contype = 'f' AND other.confrelid = c.conrelid AND other.conindid = c.conindid)
        ORDER BY c.contype = 'f', c.conrelid, c.conname
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', key.holder, key.name);
        INSERT INTO pg_temp.keys_aside (again) VALUES (key.again);
    END LOOP;
    RETURN true;
EXCEPTION WHEN lock_not_available OR insufficient_privilege THEN
    RETURN false;  -- what this block did is undone, its locks too
END $$;

CREATE FUNCTION survey.build_keys() RETURNS void LANGUAGE plpgsql SET maintenance_work_mem = '256MB' AS $$
DECLARE
    statement text;
BEGIN
    FOR statement IN SELECT again FROM pg_temp.keys_aside ORDER BY place LOOP
        EXECUTE statement;
    END LOOP;
    DROP TABLE pg_temp.keys_aside;
END $$;
