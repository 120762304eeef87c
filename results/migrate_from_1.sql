-- Version 1 to 2: attempts know their process, and journals how far they were read.
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
UPDATE attempt SET status = 'interrupted', error = 'the process was killed' WHERE status = 'running';
PRAGMA user_version = 2;
