-- Version 1 to 2: attempts and evaluations know their process, and journals how far they were read.
ALTER TABLE attempt ADD COLUMN run_id INTEGER REFERENCES run(id);
ALTER TABLE attempt ADD COLUMN number INTEGER;
ALTER TABLE attempt ADD COLUMN found INTEGER NOT NULL DEFAULT 0 CHECK (found IN (0, 1));
ALTER TABLE evaluation ADD COLUMN run_id INTEGER REFERENCES run(id);
ALTER TABLE evaluation ADD COLUMN number INTEGER;
CREATE UNIQUE INDEX attempt_by_process ON attempt(run_id, number, stage_id);
CREATE TABLE journal (
  run_id         INTEGER NOT NULL REFERENCES run(id),
  number         INTEGER NOT NULL,
  next_offset    INTEGER NOT NULL,
  next_sequence  INTEGER NOT NULL,
  closed         INTEGER NOT NULL CHECK (closed IN (0, 1)),
  problem        TEXT NOT NULL,
  host           TEXT NOT NULL,
  PRIMARY KEY (run_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE found_evaluation (
  run_id               INTEGER NOT NULL REFERENCES run(id),
  evaluation_identity  TEXT NOT NULL,
  PRIMARY KEY (run_id, evaluation_identity)
) STRICT, WITHOUT ROWID;
UPDATE attempt SET status = 'interrupted', error = 'the process was killed' WHERE status = 'running';
PRAGMA user_version = 2;
