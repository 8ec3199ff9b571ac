-- The carrier's ledger as temporary tables. `token` is the vault's token of the resident's number: no number comes into the database.
CREATE TEMP TABLE ledger_call (
    sid text, kind text, reference text, token bytea, at timestamptz, answered_at timestamptz, ended_at timestamptz, status text, rang int
);
CREATE TEMP TABLE ledger_key (sid text, step int, digits text, delivered boolean, at timestamptz);
CREATE TEMP TABLE ledger_text (sid text, direction text, token bytea, at timestamptz, status text, delivered boolean);
-- `via`: the sid of the call or text in which it was said.
CREATE TEMP TABLE ledger_stop (token bytea, at timestamptz, via text);
