-- The key of the list begins with the person. Persons get their ids in the order of their list, and the list itself is written in the
-- order of its circles; with a number in front, such a key is built in a third of the time that the text in front of it took. It is
-- looked up by both; what begins with the centre has the circles' index.
ALTER TABLE survey.frame_entry
    DROP CONSTRAINT frame_entry_pkey,
    ADD CONSTRAINT frame_entry_pkey PRIMARY KEY (person_id, centre_code);

-- As before (migration 0018), but it notes which tables each key needs, so that one that is full can get its keys while another is
-- still being filled.
CREATE OR REPLACE FUNCTION survey.set_keys_aside() RETURNS boolean LANGUAGE plpgsql AS $$
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
    CREATE TEMP TABLE keys_aside (
        place int GENERATED ALWAYS AS IDENTITY, needs regclass[] NOT NULL, again text NOT NULL) ON COMMIT DROP;
    FOR key IN
        SELECT i.indexrelid::regclass AS name, ARRAY[i.indrelid::regclass] AS needs, pg_get_indexdef(i.indexrelid) AS again
        FROM pg_index i
        WHERE i.indrelid IN ('survey.person'::regclass, 'survey.frame_entry'::regclass)
          AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
        ORDER BY i.indexrelid
    LOOP
        EXECUTE format('DROP INDEX %s', key.name);
        INSERT INTO pg_temp.keys_aside (needs, again) VALUES (key.needs, key.again);
    END LOOP;
    -- what other tables refer to (the primary key of person) stays
    FOR key IN
        SELECT c.conrelid::regclass AS holder, c.conname AS name, ARRAY[c.conrelid::regclass, c.confrelid::regclass] AS needs,
               format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) AS again
        FROM pg_constraint c
        WHERE c.conrelid IN ('survey.person'::regclass, 'survey.frame_entry'::regclass) AND c.contype IN ('p', 'u', 'f')
          AND NOT EXISTS (
              SELECT FROM pg_constraint other
              WHERE other.contype = 'f' AND other.confrelid = c.conrelid AND other.conindid = c.conindid)
        ORDER BY c.contype = 'f', c.conrelid, c.conname
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', key.holder, key.name);
        INSERT INTO pg_temp.keys_aside (needs, again) VALUES (key.needs, key.again);
    END LOOP;
    RETURN true;
EXCEPTION WHEN lock_not_available OR insufficient_privilege THEN
    RETURN false;  -- what this block did is undone, its locks too
END $$;

DROP FUNCTION survey.build_keys();
-- Every key that is set aside and needs none of the tables that are still being filled.
CREATE FUNCTION survey.build_keys(still_filling regclass[] DEFAULT '{}') RETURNS void
LANGUAGE plpgsql SET maintenance_work_mem = '256MB' AS $$
DECLARE
    key record;
BEGIN
    FOR key IN SELECT place, again FROM pg_temp.keys_aside WHERE NOT needs && still_filling ORDER BY place LOOP
        EXECUTE key.again;
        DELETE FROM pg_temp.keys_aside WHERE place = key.place;
    END LOOP;
    IF NOT EXISTS (SELECT FROM pg_temp.keys_aside) THEN
        DROP TABLE pg_temp.keys_aside;
    END IF;
END $$;
