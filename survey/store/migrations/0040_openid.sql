-- Signing in at another house's page by OpenID Connect (docs/decisions/0048-another-house-vouches-for-the-password.md).

-- Who somebody is there. `subject`: as that house numbers people; it never changes, as a name may.
CREATE TABLE survey.account_identity (
    issuer     text   NOT NULL,
    subject    text   NOT NULL,
    account_id bigint NOT NULL REFERENCES survey.account,
    linked_by  text   NOT NULL,
    linked_at  timestamptz NOT NULL,
    PRIMARY KEY (issuer, subject),
    UNIQUE (account_id, issuer)
);

-- A browser that was sent there and has not come back. Only hashes of what it carries; each row is good once.
CREATE TABLE survey.sign_in_elsewhere (
    state_hash      bytea PRIMARY KEY,
    browser_hash    bytea NOT NULL,
    nonce           text  NOT NULL,
    verifier_cipher bytea NOT NULL,
    ahead           text  NOT NULL,
    at              timestamptz NOT NULL
);
CREATE INDEX sign_in_elsewhere_at ON survey.sign_in_elsewhere (at);

-- Whether the other house vouched for this session instead of a password of ours.
ALTER TABLE survey.account_session ADD COLUMN elsewhere boolean NOT NULL DEFAULT false;
