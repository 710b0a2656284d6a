-- The database of alerts: what is followed, what is to be sent, and who did what. All times are UTC, ISO 8601 with
-- milliseconds, so that they sort as text.

CREATE TABLE IF NOT EXISTS schema_version (
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS alert (
    fingerprint        TEXT PRIMARY KEY,
    kind               TEXT NOT NULL,
    severity           TEXT NOT NULL,
    owner              TEXT NOT NULL,
    region_code        TEXT NOT NULL,
    domain             TEXT NOT NULL,
    title_zh           TEXT NOT NULL,
    title_en           TEXT NOT NULL,
    details            TEXT NOT NULL,
    first_seen         TEXT NOT NULL,
    last_seen          TEXT NOT NULL,
    announced_severity TEXT,
    announced_at       TEXT,
    resolved_at        TEXT,
    muted_until        TEXT,
    mute_reason        TEXT NOT NULL DEFAULT '',
    muted_by           TEXT NOT NULL DEFAULT '',
    acked_at           TEXT,
    acked_by           TEXT NOT NULL DEFAULT '',
    ack_note           TEXT NOT NULL DEFAULT '',
    times              INTEGER NOT NULL,
    told               TEXT NOT NULL DEFAULT '[]'
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS alert_open ON alert (fingerprint) WHERE resolved_at IS NULL;

CREATE TABLE IF NOT EXISTS message (
    key           TEXT PRIMARY KEY,
    channel       TEXT NOT NULL,
    event         TEXT NOT NULL,
    subject       TEXT NOT NULL, -- fingerprint of its one alert, empty for a digest of many
    created_at    TEXT NOT NULL,
    body          TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('queued', 'claimed', 'sent', 'failed')),
    attempts      INTEGER NOT NULL DEFAULT 0,
    next_at       TEXT NOT NULL,
    claimed_until TEXT,
    claimed_by    TEXT,
    sent_at       TEXT,
    last_error    TEXT
) STRICT;

CREATE INDEX IF NOT EXISTS message_order ON message (channel, subject) WHERE state IN ('queued', 'claimed');

CREATE INDEX IF NOT EXISTS message_waiting ON message (next_at) WHERE state IN ('queued', 'claimed');

CREATE TABLE IF NOT EXISTS note (
    at          TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    who         TEXT NOT NULL,
    what        TEXT NOT NULL
) STRICT;

-- When each channel was sent to in the last minute, by whatever process.
CREATE TABLE IF NOT EXISTS turn (
    channel TEXT NOT NULL,
    at      TEXT NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS turn_order ON turn (channel, at);
