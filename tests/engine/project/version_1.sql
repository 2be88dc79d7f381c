-- The tables of file version 1, as the first program wrote them: what the migration starts from.
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
    kind TEXT NOT NULL CHECK (kind IN ('classification')),
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
PRAGMA application_id = 1735159667;
PRAGMA user_version = 1;
