-- The first contact of this campaign is a text that announces the call (预告短信). It asks nothing; no dialogue of it ever begins.
ALTER TABLE survey.campaign ADD COLUMN pre_notice boolean NOT NULL DEFAULT false;
