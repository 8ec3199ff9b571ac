-- Pictures are kept for a time after their case was archived (policy `retention`). Their row and hash stay; who forgot them, and when.
ALTER TABLE followup.picture
    ADD COLUMN forgotten_at timestamptz,
    ADD COLUMN forgotten_by text,
    ADD CHECK ((forgotten_at IS NULL) = (forgotten_by IS NULL));
CREATE INDEX picture_kept ON followup.picture (case_id) WHERE forgotten_at IS NULL;
