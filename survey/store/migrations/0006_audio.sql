-- Voice prompts as sound: one file for each sentence and language. Sentences that pipe something in have none, so nothing here
-- tells of a person. Like the questionnaires whose words they are, they belong to no one centre.

CREATE TABLE survey.voice_audio (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lang            text  NOT NULL,
    sentence_sha256 text  NOT NULL,
    sentence        text  NOT NULL,
    name            text  NOT NULL,        -- sha256 over language, sentence and sound: its address, which never gets another sound
    media_type      text  NOT NULL CHECK (media_type IN ('audio/wav', 'audio/mpeg')),
    body            bytea NOT NULL,
    seconds         real  NOT NULL CHECK (seconds > 0),
    source          text  NOT NULL CHECK (source IN ('recorded', 'synthesised')),
    added_by        text  NOT NULL,
    added_at        timestamptz NOT NULL,
    superseded_at   timestamptz,           -- another took its place; kept, because calls under way still ask for it
    CHECK (sentence_sha256 = encode(sha256(convert_to(sentence, 'UTF8')), 'hex')),
    CHECK (superseded_at >= added_at)
);
CREATE UNIQUE INDEX voice_audio_current ON survey.voice_audio (lang, sentence_sha256) WHERE superseded_at IS NULL;
CREATE INDEX voice_audio_name ON survey.voice_audio (name);
