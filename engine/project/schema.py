"""The tables of a project file, version 3.

A text is *in the project* while it has a row in `placements`, which says where it stands: its
split and its group of near-duplicates. `texts` itself never changes. While an import is running,
or after it was undone, its placements and annotations lie in the `shelved_…` tables, which nothing
but the import and its undo looks at.

`annotations` has a row for each labelled text of a task (in a multi-label task a text may be
labelled with no label at all, so the labels are rows of their own), `states` one for each text that
is skipped, flagged or commented. In a task of spans, `annotations` says that somebody went through
the text, and `spans` has a row for each passage that was marked: offsets are code points, the end
exclusive. `annotation_labels` then has the labels that occur among them, so that lists, filters and
sums ask one table which texts carry a label, whatever the task is. `span_predictions` holds a
model's passages of a text as JSON, [start, end, position of the label among the model's,
confidence] each. `dismissed_spans` holds the suggested passages that somebody looked at and left
out. A label's `identifier` says what its passages give away: "direct" identifies by itself, "quasi"
with others, "none" does not. A span's `entity` is what it means, where somebody said so. `rules`
name what passages of a label look like; `policies`, `aliases`, `redaction` and
`redaction_decisions` are what de-identification keeps. None of these refers to its label by a key,
so that a label that comes back by undo finds everything that was said of it. `embeddings` holds
float16 vectors, keyed by the hash of the encoder that made them. `counters` holds the sums that the
window shows after every key press; `engine.project.counters` keeps it.

The tables that hold a row a text are WITHOUT ROWID and narrow, so that a million of them are read
in well under a second.
"""

from __future__ import annotations

import sqlite3

APPLICATION_ID = 0x676C6F73  # "glos"
VERSION = 3

_TABLES = """
CREATE TABLE project (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    uuid TEXT NOT NULL,
    name TEXT NOT NULL,
    created TEXT NOT NULL,
    seed TEXT NOT NULL,
    annotator TEXT NOT NULL DEFAULT '',
    suggestion_model_id INTEGER REFERENCES models (id)
);
CREATE TABLE tasks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('classification', 'spans')),
    multi_label INTEGER NOT NULL CHECK (multi_label IN (0, 1)),
    guideline TEXT NOT NULL DEFAULT '',
    position INTEGER NOT NULL
);
CREATE TABLE labels (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    task_id INTEGER NOT NULL REFERENCES tasks (id),
    name TEXT NOT NULL,
    key TEXT NOT NULL DEFAULT '',
    color TEXT NOT NULL,
    guideline TEXT NOT NULL DEFAULT '',
    position INTEGER NOT NULL,
    UNIQUE (task_id, name)
);

CREATE TABLE sources (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);
CREATE TABLE imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id INTEGER NOT NULL REFERENCES sources (id),
    task_id INTEGER NOT NULL REFERENCES tasks (id),
    started TEXT NOT NULL,
    finished TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL CHECK (status IN ('running', 'done', 'abandoned'))
);
CREATE TABLE texts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id INTEGER NOT NULL REFERENCES sources (id),
    source_row INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    document TEXT,
    meta TEXT NOT NULL DEFAULT '{}',
    content TEXT NOT NULL
);
CREATE INDEX texts_by_source ON texts (source_id, source_row);
CREATE INDEX texts_by_document ON texts (document) WHERE document IS NOT NULL;
CREATE VIRTUAL TABLE texts_fts USING fts5 (
    content, content = 'texts', content_rowid = 'id',
    tokenize = "unicode61 remove_diacritics 2"
);
CREATE TABLE fingerprints (
    text_id INTEGER PRIMARY KEY REFERENCES texts (id),
    keys BLOB NOT NULL
);

CREATE TABLE placements (
    text_id INTEGER PRIMARY KEY REFERENCES texts (id),
    split TEXT NOT NULL CHECK (split IN ('train', 'validation', 'test')),
    group_id INTEGER NOT NULL,
    length INTEGER NOT NULL,
    import_id INTEGER NOT NULL REFERENCES imports (id)
);
CREATE INDEX placements_by_split ON placements (split);
CREATE INDEX placements_by_group ON placements (group_id);
CREATE TABLE annotations (
    text_id INTEGER NOT NULL REFERENCES placements (text_id),
    task_id INTEGER NOT NULL REFERENCES tasks (id),
    origin TEXT NOT NULL CHECK (origin IN ('person', 'import', 'suggestion accepted', 'bulk')),
    annotator TEXT NOT NULL,
    at TEXT NOT NULL,
    model_id INTEGER REFERENCES models (id),
    PRIMARY KEY (text_id, task_id)
) WITHOUT ROWID;
CREATE TABLE annotation_labels (
    text_id INTEGER NOT NULL,
    task_id INTEGER NOT NULL,
    label_id INTEGER NOT NULL REFERENCES labels (id),
    PRIMARY KEY (text_id, task_id, label_id),
    FOREIGN KEY (text_id, task_id) REFERENCES annotations (text_id, task_id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX annotation_labels_by_label ON annotation_labels (label_id, text_id);
CREATE TABLE states (
    text_id INTEGER NOT NULL REFERENCES placements (text_id),
    task_id INTEGER NOT NULL REFERENCES tasks (id),
    skipped INTEGER NOT NULL DEFAULT 0,
    flagged INTEGER NOT NULL DEFAULT 0,
    comment TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (text_id, task_id)
) WITHOUT ROWID;
CREATE TABLE counters (
    task_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    item TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (task_id, kind, item)
) WITHOUT ROWID;

CREATE TABLE shelved_placements (
    text_id INTEGER PRIMARY KEY,
    split TEXT,
    group_id INTEGER,
    length INTEGER NOT NULL,
    import_id INTEGER NOT NULL
);
CREATE INDEX shelved_placements_by_import ON shelved_placements (import_id);
CREATE TABLE shelved_annotations (
    text_id INTEGER NOT NULL,
    task_id INTEGER NOT NULL,
    origin TEXT NOT NULL,
    annotator TEXT NOT NULL,
    at TEXT NOT NULL,
    model_id INTEGER,
    PRIMARY KEY (text_id, task_id)
) WITHOUT ROWID;
CREATE TABLE shelved_annotation_labels (
    text_id INTEGER NOT NULL,
    task_id INTEGER NOT NULL,
    label_id INTEGER NOT NULL,
    PRIMARY KEY (text_id, task_id, label_id)
) WITHOUT ROWID;

CREATE TABLE journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    annotator TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('do', 'undo', 'redo')),
    step_id INTEGER REFERENCES journal (id),
    words TEXT NOT NULL,
    texts INTEGER NOT NULL,
    import_id INTEGER REFERENCES imports (id)
);
CREATE TABLE journal_texts (
    step_id INTEGER NOT NULL REFERENCES journal (id),
    text_id INTEGER NOT NULL,
    task_id INTEGER NOT NULL,
    before TEXT,
    after TEXT,
    PRIMARY KEY (step_id, text_id, task_id)
) WITHOUT ROWID;
CREATE TABLE journal_rows (
    step_id INTEGER NOT NULL REFERENCES journal (id),
    place TEXT NOT NULL CHECK (place IN ('tasks', 'labels')),
    row_id INTEGER NOT NULL,
    before TEXT,
    after TEXT,
    PRIMARY KEY (step_id, place, row_id)
) WITHOUT ROWID;
CREATE TABLE undo_stack (
    step_id INTEGER PRIMARY KEY REFERENCES journal (id),
    undone INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX undo_stack_by_undone ON undo_stack (undone, step_id);

CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    method TEXT NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL
        CHECK (status IN ('queued', 'running', 'done', 'failed', 'cancelled', 'interrupted')),
    created TEXT NOT NULL,
    started TEXT NOT NULL DEFAULT '',
    finished TEXT NOT NULL DEFAULT '',
    message TEXT NOT NULL DEFAULT '',
    model_id INTEGER REFERENCES models (id),
    spec TEXT NOT NULL DEFAULT '{}',
    result TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX jobs_by_status ON jobs (status);
CREATE TABLE job_events (
    id INTEGER PRIMARY KEY,
    job_id INTEGER NOT NULL REFERENCES jobs (id),
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    data TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX job_events_by_job ON job_events (job_id);
CREATE TABLE models (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    method TEXT NOT NULL,
    task_id INTEGER NOT NULL REFERENCES tasks (id),
    base_model TEXT NOT NULL,
    parent_id INTEGER REFERENCES models (id),
    job_id INTEGER NOT NULL REFERENCES jobs (id),
    folder TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    created TEXT NOT NULL,
    label_ids TEXT NOT NULL,
    evaluation TEXT NOT NULL,
    settings TEXT NOT NULL,
    snapshot_sha256 TEXT NOT NULL,
    snapshot_texts INTEGER NOT NULL,
    manifest_sha256 TEXT NOT NULL,
    seconds REAL NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX models_by_name ON models (name) WHERE deleted = 0;
CREATE TABLE metrics (
    model_id INTEGER NOT NULL REFERENCES models (id),
    split TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (model_id, split)
) WITHOUT ROWID;
CREATE TABLE predictions (
    text_id INTEGER NOT NULL REFERENCES texts (id),
    model_id INTEGER NOT NULL REFERENCES models (id),
    fold INTEGER NOT NULL,
    margin REAL NOT NULL,
    probabilities BLOB NOT NULL,
    PRIMARY KEY (text_id, model_id, fold)
) WITHOUT ROWID;
CREATE INDEX predictions_by_margin ON predictions (model_id, fold, margin);
"""

# Version 2: marked passages, what models say of them, and the vectors that search by meaning needs.
SPANS_AND_EMBEDDINGS = """
CREATE TABLE spans (
    text_id INTEGER NOT NULL,
    task_id INTEGER NOT NULL,
    start INTEGER NOT NULL CHECK (start >= 0),
    "end" INTEGER NOT NULL,
    label_id INTEGER NOT NULL REFERENCES labels (id),
    origin TEXT NOT NULL CHECK (origin IN ('person', 'import', 'suggestion accepted', 'bulk')),
    annotator TEXT NOT NULL,
    at TEXT NOT NULL,
    model_id INTEGER REFERENCES models (id),
    PRIMARY KEY (text_id, task_id, start, "end", label_id),
    FOREIGN KEY (text_id, task_id) REFERENCES annotations (text_id, task_id) ON DELETE CASCADE,
    CHECK ("end" > start)
) WITHOUT ROWID;
CREATE INDEX spans_by_label ON spans (label_id, text_id);
CREATE TABLE shelved_spans (
    text_id INTEGER NOT NULL,
    task_id INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    label_id INTEGER NOT NULL,
    origin TEXT NOT NULL,
    annotator TEXT NOT NULL,
    at TEXT NOT NULL,
    model_id INTEGER,
    PRIMARY KEY (text_id, task_id, start, "end", label_id)
) WITHOUT ROWID;
CREATE TABLE span_predictions (
    text_id INTEGER NOT NULL REFERENCES texts (id),
    model_id INTEGER NOT NULL REFERENCES models (id),
    fold INTEGER NOT NULL,
    spans TEXT NOT NULL,
    PRIMARY KEY (text_id, model_id, fold)
) WITHOUT ROWID;
CREATE INDEX span_predictions_by_model ON span_predictions (model_id, fold);
CREATE TABLE encoders (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    dimensions INTEGER NOT NULL
);
CREATE TABLE embeddings (
    encoder_id INTEGER NOT NULL REFERENCES encoders (id),
    text_id INTEGER NOT NULL REFERENCES texts (id),
    vector BLOB NOT NULL,
    PRIMARY KEY (encoder_id, text_id)
) WITHOUT ROWID;
CREATE INDEX embeddings_by_text ON embeddings (text_id);
"""

# Version 3: suggested passages, and what de-identification needs. New columns stand last in both
# tables of a pair, since rows move between them as they are.
DEIDENTIFICATION = """
ALTER TABLE labels ADD COLUMN identifier TEXT NOT NULL DEFAULT 'direct'
    CHECK (identifier IN ('direct', 'quasi', 'none'));
ALTER TABLE spans ADD COLUMN entity TEXT NOT NULL DEFAULT '';
ALTER TABLE shelved_spans ADD COLUMN entity TEXT NOT NULL DEFAULT '';
CREATE TABLE dismissed_spans (
    text_id INTEGER NOT NULL,
    task_id INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    label_id INTEGER NOT NULL,
    PRIMARY KEY (text_id, task_id, start, "end", label_id)
) WITHOUT ROWID;
CREATE TABLE rules (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    label_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('recogniser', 'expression', 'list')),
    value TEXT NOT NULL,
    UNIQUE (label_id, kind, value)
);
CREATE TABLE redaction (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    secret BLOB NOT NULL
);
CREATE TABLE policies (
    label_id INTEGER PRIMARY KEY,
    operator TEXT NOT NULL,
    settings TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE aliases (
    label TEXT NOT NULL,
    entity TEXT NOT NULL,
    original TEXT NOT NULL,
    alias TEXT NOT NULL,
    PRIMARY KEY (label, entity)
) WITHOUT ROWID;
CREATE TABLE redaction_decisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    annotator TEXT NOT NULL,
    text_id INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    label_id INTEGER,
    decision TEXT NOT NULL CHECK (decision IN ('mask', 'keep', 'withdrawn')),
    reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX redaction_decisions_by_text ON redaction_decisions (text_id);
"""


def create_tables(connection: sqlite3.Connection) -> None:
    """Make an empty database a project file of this version; `connection` is in no transaction."""
    connection.executescript(
        f"BEGIN IMMEDIATE; {_TABLES} {SPANS_AND_EMBEDDINGS} {DEIDENTIFICATION}"
        f"PRAGMA application_id = {APPLICATION_ID};"
        f"PRAGMA user_version = {VERSION}; COMMIT;"
    )
