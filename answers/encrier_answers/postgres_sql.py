# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: S608 - what is put together here is all ours
"""The statements of the store on PostgreSQL, each for all rows of a batch.

No statement asks for more than an upsert, an array and a row lock, and every table is keyed by the
sitting: engines that spread rows over machines by that key can run them. Every column is one of
five kinds, written beside it: opaque, ciphertext, counter, minute, enum. A test reads them here.
"""

from typing import Final

VERSION: Final = 2  # of the tables

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS campaign (   -- one row: what these tables are for
    id          bytea PRIMARY KEY,      -- opaque
    version     integer NOT NULL,       -- counter
    store       bytea NOT NULL          -- opaque
);
CREATE TABLE IF NOT EXISTS node (       -- one row a node of answers that writes here
    id          bytea PRIMARY KEY,      -- opaque
    rank        bigint NOT NULL,        -- counter
    holder      bytea NOT NULL,         -- opaque
    pulled      bigint NOT NULL,        -- counter
    drained     bigint NOT NULL         -- counter
);
CREATE TABLE IF NOT EXISTS admission_list ( -- one row a list applied; never changed
    serial      bigint PRIMARY KEY,     -- counter
    sha256      bytea NOT NULL,         -- opaque
    n_rows      bigint NOT NULL         -- counter
);
CREATE TABLE IF NOT EXISTS admission (  -- one row a sitting; amended by later lists
    sid         bytea PRIMARY KEY,      -- opaque
    auth_sha256 bytea NOT NULL,         -- opaque
    bundle      bytea NOT NULL,         -- opaque
    terms       bytea NOT NULL,         -- ciphertext
    opens       bigint,                 -- minute
    closes      bigint,                 -- minute
    is_open     smallint NOT NULL       -- enum
);
CREATE TABLE IF NOT EXISTS booklet_key ( -- one row a booklet, once names has handed its key over
    bundle      bytea PRIMARY KEY,      -- opaque
    box         bytea NOT NULL          -- ciphertext
);
CREATE TABLE IF NOT EXISTS save (       -- the newest envelope of each stream; replaced as a whole
    sid         bytea NOT NULL,         -- opaque
    stream      bytea NOT NULL,         -- opaque
    node        bytea NOT NULL,         -- opaque
    rank        bigint NOT NULL,        -- counter
    seq         bigint NOT NULL,        -- counter
    sha256      bytea NOT NULL,         -- opaque
    envelope    bytea NOT NULL,         -- ciphertext
    receipt     bytea NOT NULL,         -- opaque
    PRIMARY KEY (sid, stream)
);
CREATE INDEX IF NOT EXISTS save_rank ON save (node, rank);
CREATE TABLE IF NOT EXISTS sitting (    -- where each sitting begun stands
    sid         bytea PRIMARY KEY,      -- opaque
    progress    smallint NOT NULL,      -- enum
    percent     integer NOT NULL,       -- counter
    unsent      integer NOT NULL,       -- counter
    minute      bigint NOT NULL,        -- minute
    epoch       integer,                -- counter
    seq         bigint,                 -- counter
    stream      bytea,                  -- opaque
    box         bytea NOT NULL,         -- ciphertext
    box_minute  bigint NOT NULL         -- minute
);
CREATE INDEX IF NOT EXISTS sitting_box ON sitting (box_minute) WHERE length(box) > 0;
"""

SITTING: Final = "sid, progress, percent, unsent, minute, epoch, seq, stream, box, box_minute"
# In the order of their keys, so that two nodes with the same sittings wait and never deadlock.
LOCK: Final = f"SELECT {SITTING} FROM sitting WHERE sid = ANY(%s) ORDER BY sid FOR UPDATE"
# Held from here on, whichever node comes first; seen by nobody before it holds the truth.
BEGIN: Final = """
INSERT INTO sitting (sid, progress, percent, unsent, minute, box, box_minute)
SELECT sid, 1, 0, 0, 0, ''::bytea, 0 FROM unnest(%s::bytea[]) AS new (sid) ORDER BY sid
ON CONFLICT (sid) DO NOTHING RETURNING sid"""
KEPT: Final = """
SELECT s.sid, s.stream, s.seq, s.sha256, s.receipt, s.rank FROM save s
JOIN unnest(%s::bytea[], %s::bytea[]) AS asked (sid, stream)
ON s.sid = asked.sid AND s.stream = asked.stream"""
KEEP: Final = """
INSERT INTO save (sid, stream, node, rank, seq, sha256, envelope, receipt)
SELECT * FROM unnest(%s::bytea[], %s::bytea[], %s::bytea[], %s::bigint[], %s::bigint[],
                     %s::bytea[], %s::bytea[], %s::bytea[])
ON CONFLICT (sid, stream) DO UPDATE SET node = excluded.node, rank = excluded.rank,
    seq = excluded.seq, sha256 = excluded.sha256, envelope = excluded.envelope,
    receipt = excluded.receipt"""
PUT_SITTINGS: Final = f"""
INSERT INTO sitting ({SITTING})
SELECT * FROM unnest(%s::bytea[], %s::smallint[], %s::integer[], %s::integer[], %s::bigint[],
                     %s::integer[], %s::bigint[], %s::bytea[], %s::bytea[], %s::bigint[])
ON CONFLICT (sid) DO UPDATE SET progress = excluded.progress, percent = excluded.percent,
    unsent = excluded.unsent, minute = excluded.minute, epoch = excluded.epoch,
    seq = excluded.seq, stream = excluded.stream, box = excluded.box,
    box_minute = excluded.box_minute"""
ADMIT: Final = """
INSERT INTO admission (sid, auth_sha256, bundle, terms, opens, closes, is_open)
SELECT * FROM unnest(%s::bytea[], %s::bytea[], %s::bytea[], %s::bytea[], %s::bigint[],
                     %s::bigint[], %s::smallint[])
ON CONFLICT (sid) DO UPDATE SET auth_sha256 = excluded.auth_sha256, bundle = excluded.bundle,
    terms = excluded.terms, opens = excluded.opens, closes = excluded.closes,
    is_open = excluded.is_open"""
LAST: Final = f"SELECT {SITTING} FROM sitting WHERE sid = %s"
DRAIN: Final = """
SELECT rank, envelope, receipt FROM save WHERE node = %s AND rank > %s ORDER BY rank LIMIT %s"""
FORGET: Final = "UPDATE sitting SET box = ''::bytea WHERE length(box) > 0 AND box_minute < %s"
KEEP_KEY: Final = """
INSERT INTO booklet_key (bundle, box) VALUES (%s, %s)
ON CONFLICT (bundle) DO UPDATE SET box = excluded.box"""
KEEP_LIST: Final = "INSERT INTO admission_list (serial, sha256, n_rows) VALUES (%s, %s, %s)"
KNOWN_LIST: Final = "SELECT 1 FROM admission_list WHERE serial = %s AND sha256 = %s"
LISTS: Final = "SELECT serial, sha256, n_rows FROM admission_list ORDER BY serial"
KEYS: Final = "SELECT bundle, box FROM booklet_key"
ADMISSIONS: Final = "SELECT sid, auth_sha256, bundle, terms, opens, closes, is_open FROM admission"
SITTINGS: Final = "SELECT sid, progress, percent, unsent, minute FROM sitting"
COUNT_SAVES: Final = "SELECT count(*) FROM save"
FOR_CAMPAIGN: Final = """
INSERT INTO campaign (id, version, store)
SELECT %s, %s, %s WHERE NOT EXISTS (SELECT 1 FROM campaign)"""
CAMPAIGN: Final = "SELECT id, version, store FROM campaign"
HOLD: Final = """
INSERT INTO node (id, rank, holder, pulled, drained) VALUES (%s, 0, %s, 0, 0)
ON CONFLICT (id) DO UPDATE SET holder = excluded.holder"""
# A row lock is written down: so every batch waits for the standby, even one that only gives again
# the receipts of saves that a crash left here before the standby had them.
HELD: Final = "SELECT rank, holder FROM node WHERE id = %s FOR UPDATE"
LAST_RANK: Final = "SELECT rank FROM node WHERE id = %s"
NOTE_RANK: Final = "UPDATE node SET rank = %s WHERE id = %s"
NOTE_PULLED: Final = """
UPDATE node SET pulled = %(rank)s
WHERE id = %(node)s AND pulled < %(rank)s AND rank >= %(rank)s"""
# A stream may have gone from one node to another: only once all of the database was pulled is what
# a newer save replaced as good as pulled too.
NOTE_DRAINED: Final = """
UPDATE node SET drained = pulled WHERE drained < pulled AND NOT EXISTS (
    SELECT 1 FROM node AS other
    WHERE EXISTS (SELECT 1 FROM save WHERE save.node = other.id AND save.rank > other.pulled))"""
DRAINED: Final = "SELECT drained FROM node WHERE id = %s"
