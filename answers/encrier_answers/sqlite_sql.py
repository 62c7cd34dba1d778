# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tables of the store in a folder, and the statements of its log.

`save` is a log: what comes is written at its end, side by side, which costs a third of writing
each save where its older one was. `sitting` and `stream` are what the log says, folded little by
little in the order of their keys. Every column is one of five kinds, written beside it: opaque,
ciphertext, counter, minute, enum. A test reads them from here.
"""

from typing import Final

VERSION: Final = 4

SCHEMA: Final = """
CREATE TABLE campaign (            -- one row: what this file is for
    id          BLOB NOT NULL,     -- opaque
    store       BLOB NOT NULL,     -- opaque
    drained     INTEGER NOT NULL   -- counter
);
CREATE TABLE admission_list (      -- one row a list applied; never changed
    serial      INTEGER PRIMARY KEY, -- counter
    sha256      BLOB NOT NULL,     -- opaque
    n_rows      INTEGER NOT NULL   -- counter
);
CREATE TABLE admission (           -- one row a sitting; amended by later lists
    id          INTEGER PRIMARY KEY, -- counter
    sid         BLOB NOT NULL UNIQUE, -- opaque
    auth_sha256 BLOB NOT NULL,     -- opaque
    bundle      BLOB NOT NULL,     -- opaque
    terms       BLOB NOT NULL,     -- ciphertext
    opens       INTEGER,           -- minute
    closes      INTEGER,           -- minute
    is_open     INTEGER NOT NULL   -- enum
);
CREATE TABLE booklet_key (         -- one row a booklet, once names has handed its key over
    bundle      BLOB PRIMARY KEY,  -- opaque
    key         BLOB NOT NULL      -- opaque
);
CREATE TABLE save (                -- the newest envelope of each stream, and older ones to be swept
    rank        INTEGER PRIMARY KEY AUTOINCREMENT, -- counter
    sid         BLOB NOT NULL,     -- opaque
    stream      BLOB NOT NULL,     -- opaque
    epoch       INTEGER NOT NULL,  -- counter
    seq         INTEGER NOT NULL,  -- counter
    kind        INTEGER NOT NULL,  -- enum
    percent     INTEGER NOT NULL,  -- counter
    unsent      INTEGER NOT NULL,  -- counter
    minute      INTEGER NOT NULL,  -- minute
    older       INTEGER NOT NULL,  -- counter
    sha256      BLOB NOT NULL,     -- opaque
    receipt     BLOB NOT NULL,     -- opaque
    box         BLOB NOT NULL,     -- ciphertext
    envelope    BLOB NOT NULL      -- ciphertext
);
CREATE INDEX save_box ON save (minute) WHERE length(box) > 0;
CREATE TABLE sign_in (             -- one row a sign-in that is not folded yet
    id          INTEGER PRIMARY KEY, -- counter
    sid         BLOB NOT NULL,     -- opaque
    minute      INTEGER NOT NULL   -- minute
);
CREATE TABLE sitting (             -- where each sitting begun stands, up to what is folded
    sid         BLOB PRIMARY KEY,  -- opaque
    progress    INTEGER NOT NULL,  -- enum
    percent     INTEGER NOT NULL,  -- counter
    unsent      INTEGER NOT NULL,  -- counter
    minute      INTEGER NOT NULL,  -- minute
    epoch       INTEGER,           -- counter
    seq         INTEGER,           -- counter
    stream      BLOB,              -- opaque
    box_rank    INTEGER NOT NULL,  -- counter
    box_minute  INTEGER NOT NULL   -- minute
) WITHOUT ROWID;
CREATE TABLE stream (              -- the newest save of each stream, up to what is folded
    sid         BLOB NOT NULL,     -- opaque
    stream      BLOB NOT NULL,     -- opaque
    seq         INTEGER NOT NULL,  -- counter
    sha256      BLOB NOT NULL,     -- opaque
    rank        INTEGER NOT NULL,  -- counter
    PRIMARY KEY (sid, stream)
) WITHOUT ROWID;
CREATE TABLE done (                -- one row: how far the log was folded, and swept
    folded      INTEGER NOT NULL,  -- counter
    swept       INTEGER NOT NULL   -- counter
);
"""

KEEP: Final = """
INSERT INTO save (rank, sid, stream, epoch, seq, kind, percent, unsent, minute, older, sha256,
                  receipt, box, envelope)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
BLANK: Final = "UPDATE save SET box = x'' WHERE rank = ? RETURNING older"
SWEEP: Final = "DELETE FROM save WHERE rank = ?"
MARK: Final = "INSERT INTO sign_in (id, sid, minute) VALUES (?, ?, ?)"
FOLD_SITTING: Final = """
INSERT OR REPLACE INTO sitting
    (sid, progress, percent, unsent, minute, epoch, seq, stream, box_rank, box_minute)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
FOLD_STREAM: Final = """
INSERT OR REPLACE INTO stream (sid, stream, seq, sha256, rank) VALUES (?, ?, ?, ?, ?)"""
FOLDED_MARKS: Final = "DELETE FROM sign_in WHERE id <= ?"
NOTE: Final = "UPDATE done SET folded = ?, swept = ?"
DONE: Final = "SELECT folded, swept FROM done"
LAST_RANK: Final = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'save'"
# The newest minute of all: of what is folded, of the log's end, of marks not folded yet.
LAST_MINUTE: Final = """
SELECT max(minute) FROM (
    SELECT max(minute) AS minute FROM sitting
    UNION ALL SELECT minute FROM (SELECT minute FROM save ORDER BY rank DESC LIMIT 1)
    UNION ALL SELECT max(minute) FROM sign_in)"""
N_ENVELOPES: Final = "SELECT count(*) FROM (SELECT DISTINCT sid, stream FROM save)"
LAST_MARK: Final = "SELECT coalesce(max(id), 0) FROM sign_in"
MARKS: Final = "SELECT sid, minute FROM sign_in ORDER BY id"
REPLAY: Final = """
SELECT rank, sid, stream, epoch, seq, kind, percent, unsent, minute, sha256, length(box),
    coalesce((SELECT rank FROM save AS replaced WHERE replaced.rank = save.older), 0)
FROM save WHERE rank > ? ORDER BY rank"""
SITTING: Final = """
SELECT sid, progress, percent, unsent, minute, epoch, seq, stream, box_rank, box_minute
FROM sitting WHERE sid = ?"""
SITTINGS: Final = SITTING.partition(" WHERE ")[0]
STREAMS: Final = "SELECT stream, seq, sha256, rank FROM stream WHERE sid = ?"
READ: Final = "SELECT receipt, box FROM save WHERE rank = ?"
BOX: Final = "SELECT box FROM save WHERE rank = ?"
DRAIN: Final = "SELECT rank, envelope, receipt FROM save WHERE rank > ? ORDER BY rank"
# Nothing is newer: what is dead up to this rank was replaced by a save that was pulled.
NOTE_PULLED: Final = """
UPDATE campaign SET drained = :rank
WHERE drained < :rank AND NOT EXISTS (SELECT 1 FROM save WHERE rank > :rank)
    AND :rank <= (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'save')"""
DRAINED: Final = "SELECT drained FROM campaign"
FORGET: Final = "UPDATE save SET box = x'' WHERE length(box) > 0 AND minute < ?"
COUNT: Final = "SELECT count(*) FROM save"
ADMIT: Final = """
INSERT INTO admission (sid, auth_sha256, bundle, terms, opens, closes, is_open)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (sid) DO UPDATE SET auth_sha256 = excluded.auth_sha256, bundle = excluded.bundle,
    terms = excluded.terms, opens = excluded.opens, closes = excluded.closes,
    is_open = excluded.is_open"""
LISTS: Final = "SELECT serial, sha256, n_rows FROM admission_list ORDER BY serial"
ADMISSIONS: Final = "SELECT sid, auth_sha256, bundle, terms, opens, closes, is_open FROM admission"
