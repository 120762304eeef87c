-- The results database, schema version 2. The only DDL of the project; store_open.cpp runs it in one
-- transaction. Times are UTC, ISO 8601 ("2026-01-31T12:00:00Z"). Identities are SHA-256, 64 lower-case hex
-- digits: equal identity = same result, so a stage or an evaluation that several runs need is stored, and
-- paid for, once. Stored values of status, phase and weights are never renamed; a change of meaning raises
-- user_version.

PRAGMA application_id = 0x554D4D42;  -- "UMMB"
PRAGMA user_version = 2;

-- One experiment spec. Its runs are those of its latest start; runs that a changed spec no longer has stay in
-- `run` without a row in `sweep_run`.
CREATE TABLE sweep (
  id            INTEGER PRIMARY KEY,         -- of this row
  name          TEXT NOT NULL UNIQUE,        -- the spec's name
  description   TEXT NOT NULL,               -- the spec's own words
  spec_path     TEXT NOT NULL,               -- file it was read from
  spec_text     TEXT NOT NULL,               -- that file's content
  created_utc   TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))  -- first start
) STRICT;

-- One resolved configuration and seed.
CREATE TABLE run (
  id                INTEGER PRIMARY KEY,     -- of this row
  identity          TEXT NOT NULL UNIQUE,    -- hash of configuration, plugins, data and base weights
  architecture      TEXT NOT NULL,           -- plugin name
  method            TEXT NOT NULL,           -- plugin name of the last stage; '' for untrained weights
  seed              INTEGER NOT NULL,        -- of training
  canonical_config  TEXT NOT NULL,           -- the text behind the identity
  program_version   TEXT NOT NULL,           -- ummbench of that moment
  error             TEXT,                    -- why the latest start failed; NULL: it did not
  created_utc       TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),  -- first start; before that: planned
  CHECK (length(identity) = 64 AND identity NOT GLOB '*[^0-9a-f]*')
) STRICT;

-- Which runs a sweep has, and under which row of its table.
CREATE TABLE sweep_run (
  sweep_id        INTEGER NOT NULL REFERENCES sweep(id),
                                             -- the sweep
  run_id          INTEGER NOT NULL REFERENCES run(id),
                                             -- the run
  position        INTEGER NOT NULL,          -- order in the sweep, from 0
  label           TEXT NOT NULL,             -- row of the table; runs that differ in seed share it
  reference       INTEGER NOT NULL CHECK (reference IN (0, 1)),
                                             -- 1: untrained weights, there to compare with
  axes            TEXT NOT NULL CHECK (json_valid(axes)),
                                             -- JSON object, axis name -> value
  replicate_axes  TEXT NOT NULL CHECK (json_valid(replicate_axes)),
                                             -- JSON array, names of the axes that are averaged over
  PRIMARY KEY (sweep_id, run_id)
) STRICT, WITHOUT ROWID;

-- One training stage, with all that came before it in its identity.
CREATE TABLE stage (
  id                INTEGER PRIMARY KEY,     -- of this row
  identity          TEXT NOT NULL UNIQUE,    -- hash of base, seed, earlier stages and this stage
  name              TEXT NOT NULL,           -- in the spec
  method            TEXT NOT NULL,           -- plugin name
  canonical_config  TEXT NOT NULL,           -- the text behind the identity
  CHECK (length(identity) = 64 AND identity NOT GLOB '*[^0-9a-f]*')
) STRICT;

-- The chain of stages of a run.
CREATE TABLE run_stage (
  run_id    INTEGER NOT NULL REFERENCES run(id),
                                             -- the run
  position  INTEGER NOT NULL,                -- order in the chain, from 0
  stage_id  INTEGER NOT NULL REFERENCES stage(id),
                                             -- the stage
  PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;

-- One process's try at a stage. The totals of a complete attempt cover the whole stage, updates made before a
-- resume included; the totals of others stay 0.
CREATE TABLE attempt (
  id                INTEGER PRIMARY KEY,     -- of this row
  stage_id          INTEGER NOT NULL REFERENCES stage(id),
                                             -- the stage it tries
  status            TEXT NOT NULL CHECK (status IN ('running', 'complete', 'failed', 'interrupted')),
                                             -- 'running': as far as its journal was read
  error             TEXT,                    -- why it did not complete
  host              TEXT NOT NULL,           -- machine name
  started_utc       TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),  -- start
  finished_utc      TEXT,                    -- end; NULL: running or killed
  micro_iterations  INTEGER NOT NULL DEFAULT 0,  -- forward-backward passes
  updates           INTEGER NOT NULL DEFAULT 0,  -- optimizer updates
  images_seen       INTEGER NOT NULL DEFAULT 0,  -- training images, repeats counted
  run_id            INTEGER REFERENCES run(id),  -- whose process it was; NULL: from before journals
  number            INTEGER,                     -- of that run's process, from 1
  found             INTEGER NOT NULL DEFAULT 0 CHECK (found IN (0, 1))
                                             -- 1: no journal says who trained it; this process found it done
) STRICT;

-- How far the journal of each process has been taken into this database.
CREATE TABLE journal (
  run_id         INTEGER NOT NULL REFERENCES run(id),
                                             -- the run
  number         INTEGER NOT NULL,           -- of its process, from 1: folder attempt-<number>
  next_offset    INTEGER NOT NULL,           -- bytes that were read
  next_sequence  INTEGER NOT NULL,           -- of the frame that comes next
  closed         INTEGER NOT NULL CHECK (closed IN (0, 1)),
                                             -- 1: its process ended; nothing more will come
  problem        TEXT NOT NULL,              -- what could not be read of it; '': nothing
  host           TEXT NOT NULL,              -- machine of the process
  PRIMARY KEY (run_id, number)
) STRICT, WITHOUT ROWID;

-- Training curves.
CREATE TABLE curve (
  attempt_id  INTEGER NOT NULL REFERENCES attempt(id),
                                             -- the attempt
  name        TEXT NOT NULL,                 -- "loss", "loss/recon", "learning_rate", "grad_norm";
                                             -- "unreadable/recon": samples passed over so far
  at_update   INTEGER NOT NULL,              -- optimizer updates done
  value       REAL,                          -- in the curve's own unit; NULL: not a number
  PRIMARY KEY (attempt_id, name, at_update)
) STRICT, WITHOUT ROWID;

-- One set of pictures of one checkpoint, made and scored under one protocol.
CREATE TABLE evaluation (
  id                 INTEGER PRIMARY KEY,    -- of this row
  identity           TEXT NOT NULL UNIQUE,   -- hash of checkpoint, protocol and sampling
  benchmark          TEXT NOT NULL,          -- "geneval"
  protocol_hash      TEXT NOT NULL CHECK (protocol_hash <> ''),
                                             -- scores of different protocols are never compared
  protocol_text      TEXT NOT NULL,          -- canonical text: all that scoring again needs
  sampling_text      TEXT NOT NULL,          -- sampler settings
  evaluator_version  TEXT NOT NULL,          -- of the rules
  detector_version   TEXT NOT NULL,          -- of what collected the evidence
  weights            TEXT NOT NULL CHECK (weights IN ('last', 'ema', 'base')),
                                             -- which weights of the checkpoint
  checkpoint_path    TEXT NOT NULL,          -- folder of the checkpoint
  checkpoint_hash    TEXT NOT NULL,          -- of its content
  created_utc        TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),  -- stored
  run_id             INTEGER REFERENCES run(id),  -- whose process made it; NULL: from before journals
  number             INTEGER,                -- of that run's process, from 1
  CHECK (length(identity) = 64 AND identity NOT GLOB '*[^0-9a-f]*')
) STRICT;

-- Which evaluations speak for which run.
CREATE TABLE run_evaluation (
  run_id         INTEGER NOT NULL REFERENCES run(id),
                                             -- the run
  evaluation_id  INTEGER NOT NULL REFERENCES evaluation(id),
                                             -- its evaluation
  PRIMARY KEY (run_id, evaluation_id)
) STRICT, WITHOUT ROWID;

-- What runs found evaluated, and no journal holds so far; with the journal it becomes a `run_evaluation`.
CREATE TABLE found_evaluation (
  run_id               INTEGER NOT NULL REFERENCES run(id),
                                             -- the run
  evaluation_identity  TEXT NOT NULL,        -- as in `evaluation`
  PRIMARY KEY (run_id, evaluation_identity)
) STRICT, WITHOUT ROWID;

-- The benchmark's prompts, as they were asked.
CREATE TABLE item (
  id             INTEGER PRIMARY KEY,        -- of this row
  evaluation_id  INTEGER NOT NULL REFERENCES evaluation(id),
                                             -- the evaluation
  position       INTEGER NOT NULL,           -- order in the prompt set, from 0
  item_id        TEXT NOT NULL,              -- name within the prompt set: "00017"
  tag            TEXT NOT NULL,              -- group that aggregates use
  prompt         TEXT NOT NULL,              -- text given to the model
  metadata       TEXT NOT NULL CHECK (json_valid(metadata)),
                                             -- the benchmark's own record, JSON
  UNIQUE (evaluation_id, item_id)
) STRICT;

-- One picture, what was seen in it and what that is worth.
CREATE TABLE evidence (
  item_row_id    INTEGER NOT NULL REFERENCES item(id),
                                             -- the prompt: item.id, not item.item_id
  image_index    INTEGER NOT NULL,           -- which of the prompt's pictures, from 0
  image_path     TEXT NOT NULL,              -- relative to the database's folder
  image_sha256   TEXT NOT NULL CHECK (length(image_sha256) = 64),
                                             -- of the image file
  evidence_json  TEXT NOT NULL CHECK (json_valid(evidence_json)),
                                             -- raw, as the evaluator collected it
  score          REAL NOT NULL,              -- in the benchmark's own range; GenEval: 0 or 1
  reason         TEXT NOT NULL,              -- why not full marks; '' if full marks
  PRIMARY KEY (item_row_id, image_index)
) STRICT, WITHOUT ROWID;

-- Aggregates as the evaluator computed them.
CREATE TABLE score (
  evaluation_id  INTEGER NOT NULL REFERENCES evaluation(id),
                                             -- the evaluation
  position       INTEGER NOT NULL,           -- the evaluator's order, from 0; the headline comes last
  name           TEXT NOT NULL,              -- "single_object", "overall"
  value          REAL NOT NULL,              -- in the benchmark's own range; GenEval: 0 to 1
  PRIMARY KEY (evaluation_id, name)
) STRICT, WITHOUT ROWID;

-- What one phase of one attempt, or of one evaluation, took. Costs of a complete attempt cover its whole
-- stage; costs of failed and interrupted attempts are work that was lost.
CREATE TABLE cost (
  id                 INTEGER PRIMARY KEY,    -- of this row
  attempt_id         INTEGER REFERENCES attempt(id),
                                             -- the attempt, or NULL
  evaluation_id      INTEGER REFERENCES evaluation(id),
                                             -- the evaluation, or NULL
  phase              TEXT NOT NULL CHECK (phase IN ('load', 'train', 'generate', 'score')),
                                             -- part of the work
  device_seconds     REAL NOT NULL CHECK (device_seconds >= 0),
                                             -- wall-clock seconds x devices
  device_name        TEXT NOT NULL,          -- "cpu: <model> x2 threads", "NVIDIA H200"
  num_devices        INTEGER NOT NULL CHECK (num_devices >= 1),
                                             -- devices used at once
  peak_host_bytes    INTEGER NOT NULL,       -- largest resident memory of the process, bytes
  peak_device_bytes  INTEGER NOT NULL,       -- largest memory of one accelerator, bytes; 0 on a CPU
  images             INTEGER NOT NULL,       -- trained on, generated or scored
  CHECK ((attempt_id IS NULL) <> (evaluation_id IS NULL))
) STRICT;

CREATE INDEX sweep_run_by_run ON sweep_run(run_id);
CREATE INDEX run_stage_by_stage ON run_stage(stage_id);
CREATE INDEX attempt_by_stage ON attempt(stage_id);
CREATE UNIQUE INDEX attempt_by_process ON attempt(run_id, number, stage_id);
CREATE UNIQUE INDEX attempt_one_complete ON attempt(stage_id) WHERE status = 'complete';
CREATE INDEX run_evaluation_by_evaluation ON run_evaluation(evaluation_id);
CREATE INDEX evaluation_by_protocol ON evaluation(protocol_hash);
CREATE INDEX cost_by_attempt ON cost(attempt_id);
CREATE INDEX cost_by_evaluation ON cost(evaluation_id);

-- One row per sweep and run; a run that no sweep has any more has NULL for its sweep.
CREATE VIEW runs AS
SELECT sweep.name AS sweep, sweep_run.position, sweep_run.label, sweep_run.reference, sweep_run.axes,
       run.architecture, run.method, run.seed,
       CASE WHEN run.error IS NOT NULL THEN 'failed'
            WHEN EXISTS (SELECT 1 FROM run_stage WHERE run_stage.run_id = run.id AND NOT EXISTS (
                           SELECT 1 FROM attempt
                           WHERE attempt.stage_id = run_stage.stage_id AND attempt.status = 'complete'))
                 THEN 'untrained'
            WHEN NOT EXISTS (SELECT 1 FROM run_evaluation WHERE run_evaluation.run_id = run.id)
                 THEN 'unevaluated'
            ELSE 'complete' END AS status,
       run.error,
       totals.micro_iterations, totals.updates, totals.images_seen,
       run.identity AS run_identity, run.created_utc
FROM run
LEFT JOIN sweep_run ON sweep_run.run_id = run.id
LEFT JOIN sweep ON sweep.id = sweep_run.sweep_id
JOIN (SELECT run.id AS run_id,
             coalesce(sum(attempt.micro_iterations), 0) AS micro_iterations,
             coalesce(sum(attempt.updates), 0) AS updates,
             coalesce(sum(attempt.images_seen), 0) AS images_seen
      FROM run
      LEFT JOIN run_stage ON run_stage.run_id = run.id
      LEFT JOIN attempt ON attempt.stage_id = run_stage.stage_id AND attempt.status = 'complete'
      GROUP BY run.id) AS totals ON totals.run_id = run.id;

-- One row per sweep, run, evaluation and aggregate.
CREATE VIEW scores AS
SELECT sweep.name AS sweep, sweep_run.position AS run_position, sweep_run.label, run.seed,
       evaluation.benchmark, evaluation.protocol_hash, evaluation.weights, evaluation.sampling_text,
       score.position, score.name, score.value,
       run.identity AS run_identity, evaluation.identity AS evaluation_identity
FROM score
JOIN evaluation ON evaluation.id = score.evaluation_id
JOIN run_evaluation ON run_evaluation.evaluation_id = evaluation.id
JOIN run ON run.id = run_evaluation.run_id
LEFT JOIN sweep_run ON sweep_run.run_id = run.id
LEFT JOIN sweep ON sweep.id = sweep_run.sweep_id;

-- Costs of each stage and each evaluation, once. kind: 'train' complete attempts, 'wasted' other attempts,
-- 'eval'.
CREATE VIEW unit_costs AS
SELECT CASE attempt.status WHEN 'complete' THEN 'train' ELSE 'wasted' END AS kind,
       attempt.stage_id, NULL AS evaluation_id, cost.phase, cost.device_seconds / 3600.0 AS device_hours,
       cost.device_name, cost.peak_host_bytes, cost.peak_device_bytes, cost.images
FROM cost JOIN attempt ON attempt.id = cost.attempt_id
UNION ALL
SELECT 'eval', NULL, cost.evaluation_id, cost.phase, cost.device_seconds / 3600.0,
       cost.device_name, cost.peak_host_bytes, cost.peak_device_bytes, cost.images
FROM cost WHERE cost.evaluation_id IS NOT NULL;

-- Costs as each run sees them: all stages of its chain and all its evaluations, shared or not. Do not add
-- these up over runs: sweep_costs does that with shared work counted once.
CREATE VIEW costs AS
SELECT sweep.name AS sweep, sweep_run.position, sweep_run.label, run.seed,
       (SELECT total(device_hours) FROM run_stage JOIN unit_costs USING (stage_id)
        WHERE run_stage.run_id = run.id AND kind = 'train') AS train_device_hours,
       (SELECT total(device_hours) FROM run_evaluation JOIN unit_costs USING (evaluation_id)
        WHERE run_evaluation.run_id = run.id) AS eval_device_hours,
       (SELECT total(device_hours) FROM run_stage JOIN unit_costs USING (stage_id)
        WHERE run_stage.run_id = run.id AND kind = 'wasted') AS wasted_device_hours,
       run.identity AS run_identity
FROM run
LEFT JOIN sweep_run ON sweep_run.run_id = run.id
LEFT JOIN sweep ON sweep.id = sweep_run.sweep_id;

-- What a sweep took in all, shared work counted once.
CREATE VIEW sweep_costs AS
SELECT sweep.name AS sweep, kind, phase, device_name,
       sum(device_hours) AS device_hours, sum(images) AS images,
       max(peak_host_bytes) AS peak_host_bytes, max(peak_device_bytes) AS peak_device_bytes
FROM sweep
JOIN unit_costs ON
  unit_costs.stage_id IN (SELECT run_stage.stage_id FROM run_stage JOIN sweep_run USING (run_id)
                          WHERE sweep_run.sweep_id = sweep.id)
  OR unit_costs.evaluation_id IN (SELECT run_evaluation.evaluation_id FROM run_evaluation
                                  JOIN sweep_run USING (run_id) WHERE sweep_run.sweep_id = sweep.id)
GROUP BY sweep.id, kind, phase, device_name;
