-- Version 1 to 2: attempts know their process, journals how far they were read, sweeps where they were
-- started, and published figures stand beside measured ones. Views: views.sql, run behind this.
ALTER TABLE attempt ADD COLUMN run_id INTEGER REFERENCES run(id);
ALTER TABLE attempt ADD COLUMN number INTEGER;
CREATE UNIQUE INDEX attempt_by_process ON attempt(run_id, number, stage_id);
CREATE TABLE journal (
  run_id         INTEGER NOT NULL REFERENCES run(id),
  number         INTEGER NOT NULL,
  next_offset    INTEGER NOT NULL,
  next_sequence  INTEGER NOT NULL,
  closed         INTEGER NOT NULL CHECK (closed IN (0, 1)),
  problem        TEXT NOT NULL,
  PRIMARY KEY (run_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE submission (
  sweep_id         INTEGER PRIMARY KEY REFERENCES sweep(id),
  host             TEXT NOT NULL,
  devices          TEXT NOT NULL CHECK (json_valid(devices)),
  program_version  TEXT NOT NULL,
  torch_version    TEXT NOT NULL,
  overrides        TEXT NOT NULL CHECK (json_valid(overrides)),
  git_commit       TEXT NOT NULL,
  git_dirty        INTEGER CHECK (git_dirty IN (0, 1)),
  git_diff         TEXT NOT NULL
) STRICT;
CREATE TABLE run_plugin (
  sweep_id      INTEGER NOT NULL,
  run_id        INTEGER NOT NULL,
  kind          TEXT NOT NULL,
  plugin        TEXT NOT NULL,
  version       TEXT NOT NULL,
  content_hash  TEXT NOT NULL,
  PRIMARY KEY (sweep_id, run_id, kind, plugin),
  FOREIGN KEY (sweep_id, run_id) REFERENCES sweep_run(sweep_id, run_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE run_input (
  sweep_id      INTEGER NOT NULL,
  run_id        INTEGER NOT NULL,
  path          TEXT NOT NULL,
  content_hash  TEXT NOT NULL,
  PRIMARY KEY (sweep_id, run_id, path),
  FOREIGN KEY (sweep_id, run_id) REFERENCES sweep_run(sweep_id, run_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE reported (
  id         INTEGER PRIMARY KEY,
  file       TEXT NOT NULL,
  paper      TEXT NOT NULL,
  version    TEXT NOT NULL,
  place      TEXT NOT NULL,
  row        TEXT NOT NULL,
  benchmark  TEXT NOT NULL,
  metric     TEXT NOT NULL,
  value      REAL NOT NULL,
  unit       TEXT NOT NULL,
  trust      TEXT NOT NULL CHECK (trust IN ('primary', 'by_eye', 'second_hand', 'independent', 'derived')),
  note       TEXT NOT NULL,
  sweep      TEXT,
  label      TEXT,
  CHECK ((sweep IS NULL) = (label IS NULL)),
  UNIQUE (paper, version, place, row, benchmark, metric)
) STRICT;
UPDATE attempt SET status = 'interrupted', error = 'the process was killed' WHERE status = 'running';
DROP VIEW sweep_costs;
DROP VIEW costs;
DROP VIEW unit_costs;
DROP VIEW scores;
DROP VIEW runs;
PRAGMA user_version = 2;
