-- The results database, schema version 4: its tables. The views are in views.sql, and there is no other DDL;
-- store_open.cpp runs both in one transaction. Times are UTC, ISO 8601 ("2026-01-31T12:00:00Z"). Identities are
-- SHA-256, 64 lower-case hex digits: equal identity = same result, so a stage or an evaluation that several
-- runs need is stored, and paid for, once. Stored values of status, phase and weights are never renamed; a
-- change of meaning raises user_version.

PRAGMA application_id = 0x554D4D42;  -- "UMMB"
PRAGMA user_version = 4;

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
  error_signature   TEXT,                    -- of `error`: errors that differ in numbers and places alone share it
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
  found             INTEGER NOT NULL DEFAULT 0 CHECK (found IN (0, 1)),
                                             -- 1: no journal says who trained it; this process found it done
  error_signature   TEXT                     -- of `error`, as in `run`
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
  outcome        TEXT,                       -- "complete": all that the run asks for is there; "incomplete": but for
                                             -- answers that a judge did not give; "failed", "stopped";
                                             -- '': the process has not said; NULL: from before this was recorded
  PRIMARY KEY (run_id, number)
) STRICT, WITHOUT ROWID;

-- Training curves: of a complete attempt those of the whole stage, of others as far as they came.
CREATE TABLE curve (
  attempt_id  INTEGER NOT NULL REFERENCES attempt(id),
                                             -- the attempt
  name        TEXT NOT NULL,                 -- "loss", "loss/recon", "learning_rate", "grad_norm";
                                             -- "unreadable/recon": samples passed over so far;
                                             -- "measured/images_per_second", "measured/memory_bytes" (of the
                                             -- process or its accelerator): these alone a repeat does not repeat
  at_update   INTEGER NOT NULL,              -- optimizer updates done
  value       REAL,                          -- in the curve's own unit; NULL: not a number
  PRIMARY KEY (attempt_id, name, at_update)
) STRICT, WITHOUT ROWID;

-- One set of pictures of one checkpoint, made and scored under one protocol.
CREATE TABLE evaluation (
  id                 INTEGER PRIMARY KEY,    -- of this row
  identity           TEXT NOT NULL UNIQUE,   -- hash of checkpoint, protocol and sampling
  benchmark          TEXT NOT NULL,          -- evaluator: "geneval"
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
  name           TEXT NOT NULL DEFAULT '',   -- in the run's spec: "geneval_ema" of [eval.geneval_ema]; '': unknown
  PRIMARY KEY (run_id, evaluation_id)
) STRICT, WITHOUT ROWID;

-- What runs found evaluated, and no journal holds so far; with the journal it becomes a `run_evaluation`.
CREATE TABLE found_evaluation (
  run_id               INTEGER NOT NULL REFERENCES run(id),
                                             -- the run
  evaluation_identity  TEXT NOT NULL,        -- as in `evaluation`
  name                 TEXT NOT NULL DEFAULT '',  -- as in `run_evaluation`
  PRIMARY KEY (run_id, evaluation_identity)
) STRICT, WITHOUT ROWID;

-- Prompts of benchmarks. One that several evaluations ask is here once.
CREATE TABLE prompt (
  id        INTEGER PRIMARY KEY,             -- of this row
  item_id   TEXT NOT NULL,                   -- name within the prompt set: "00017"
  tag       TEXT NOT NULL,                   -- group that aggregates use
  prompt    TEXT NOT NULL,                   -- text given to the model
  metadata  TEXT NOT NULL CHECK (json_valid(metadata)),
                                             -- the benchmark's own record, JSON
  UNIQUE (item_id, tag, prompt, metadata)
) STRICT;

-- The prompts of each evaluation, as they were asked. With their texts: view `item`.
CREATE TABLE evaluation_prompt (
  id             INTEGER PRIMARY KEY,        -- of this row
  evaluation_id  INTEGER NOT NULL REFERENCES evaluation(id),
                                             -- the evaluation
  prompt_id      INTEGER NOT NULL REFERENCES prompt(id),
                                             -- the prompt
  position       INTEGER NOT NULL,           -- order in the prompt set, from 0
  UNIQUE (evaluation_id, prompt_id)
) STRICT;

-- What evaluators say against pictures. Few texts speak of many pictures.
CREATE TABLE reason (
  id    INTEGER PRIMARY KEY,                 -- of this row
  text  TEXT NOT NULL UNIQUE CHECK (text <> '')
                                             -- "expected cup>=3, found 2"
) STRICT;

-- One picture, what was seen in it and what that is worth. In words: view `evidence`.
CREATE TABLE judgement (
  item_row_id    INTEGER NOT NULL REFERENCES evaluation_prompt(id),
                                             -- the prompt, as this evaluation asked it
  image_index    INTEGER NOT NULL,           -- which of the prompt's pictures, from 0
  image_path     TEXT,                       -- NULL: where view `evidence` says; else that, of other programs
  image_sha256   BLOB NOT NULL CHECK (length(image_sha256) = 32),
                                             -- of the image file
  evidence_json  TEXT NOT NULL CHECK (json_valid(evidence_json)),
                                             -- raw, as the evaluator collected it
  score          REAL,                       -- in the benchmark's own range; GenEval: 0 or 1; NULL: it has none
  reason_id      INTEGER REFERENCES reason(id),
                                             -- why not full marks, or no score; NULL: full marks
  problem        TEXT CHECK (problem IN ('unparsable', 'refused', 'failed')),
                                             -- why it has no score: the judge's reply says none, the judge would
                                             -- not say, there is no whole reply; NULL: it has one
  PRIMARY KEY (item_row_id, image_index),
  CHECK ((problem IS NULL) = (score IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- Aggregates as the evaluator computed them.
CREATE TABLE score (
  evaluation_id  INTEGER NOT NULL REFERENCES evaluation(id),
                                             -- the evaluation
  position       INTEGER NOT NULL,           -- the evaluator's order, from 0; the headline comes last
  name           TEXT NOT NULL,              -- "single_object", "overall"
  value          REAL NOT NULL,              -- in the benchmark's own range; GenEval: 0 to 1
  num_images     INTEGER,                    -- pictures that it speaks for; NULL: from before this was recorded
  num_unscored   INTEGER,                    -- of them missing, or without a score; more than 0: it is partial
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
  energy_joules      REAL,                   -- that its accelerators took meanwhile, whoever used them; NULL:
                                             -- unknown, as on a CPU, of a driver without NVML's counter, of a
                                             -- stage that was resumed, and from before this was recorded
  tokens             INTEGER,                -- positions, of text and pictures and padding, that its language
                                             -- model was given; NULL: unknown, as of an architecture that
                                             -- does not count them
  model_flops        REAL,                   -- that it computed: matrix products, convolutions and attention,
                                             -- forward and backward, recomputation included, multiply and
                                             -- add counted apart; NULL: unknown, as from before this was
                                             -- recorded. No work of detectors, answerers and judges
  judge_calls        INTEGER NOT NULL DEFAULT 0,  -- questions to a judge, replies stored before included;
                                             -- 0 also where another try at the same evaluation has them:
                                             -- the one that asked most, and thus what all asked
  judge_tokens_in    INTEGER NOT NULL DEFAULT 0,  -- of these questions, pictures included
  judge_tokens_out   INTEGER NOT NULL DEFAULT 0,  -- of its answers
  CHECK ((attempt_id IS NULL) <> (evaluation_id IS NULL))
) STRICT;

-- Where a sweep was started last: the machine, the program, and the state of the folder of its spec. One that
-- was started before this was recorded has no row.
CREATE TABLE submission (
  sweep_id         INTEGER PRIMARY KEY REFERENCES sweep(id),
                                             -- the sweep
  host             TEXT NOT NULL,            -- machine name
  devices          TEXT NOT NULL CHECK (json_valid(devices)),
                                             -- JSON array, names: "NVIDIA H200", "cpu: <model>"
  program_version  TEXT NOT NULL,            -- of ummbench
  torch_version    TEXT NOT NULL,            -- of LibTorch
  overrides        TEXT NOT NULL CHECK (json_valid(overrides)),
                                             -- JSON array, arguments of --set in their order
  git_commit       TEXT NOT NULL,            -- of the folder of the spec; '': it is in no repository
  git_dirty        INTEGER CHECK (git_dirty IN (0, 1)),
                                             -- 1: files there differ from that commit; NULL: no repository
  git_diff         TEXT NOT NULL             -- in what; a long one is cut, and says so
) STRICT;

-- The plugins that a run of a sweep names, as they were when the sweep was started last.
CREATE TABLE run_plugin (
  sweep_id      INTEGER NOT NULL,            -- the sweep
  run_id        INTEGER NOT NULL,            -- the run
  kind          TEXT NOT NULL,               -- "architecture", "method", "dataset", "evaluator", ...
  plugin        TEXT NOT NULL,               -- its name
  version       TEXT NOT NULL,               -- that it gives itself
  content_hash  TEXT NOT NULL,               -- of its library
  PRIMARY KEY (sweep_id, run_id, kind, plugin),
  FOREIGN KEY (sweep_id, run_id) REFERENCES sweep_run(sweep_id, run_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Every file and folder that a run of a sweep reads: weights, data, prompts.
CREATE TABLE run_input (
  sweep_id      INTEGER NOT NULL,            -- the sweep
  run_id        INTEGER NOT NULL,            -- the run
  path          TEXT NOT NULL,               -- as the spec resolves it
  content_hash  TEXT NOT NULL,               -- of what lay there
  PRIMARY KEY (sweep_id, run_id, path),
  FOREIGN KEY (sweep_id, run_id) REFERENCES sweep_run(sweep_id, run_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- The settings of a sweep's runs with where they come from, each once. Which run has which: view `settings`.
CREATE TABLE setting (
  sweep_id  INTEGER NOT NULL REFERENCES sweep(id),
                                             -- the sweep
  number    INTEGER NOT NULL,                -- within the sweep, from 0
  key       TEXT NOT NULL,                   -- "eval.geneval.batch"; of a stage "stage.reca.train.lr"
  value     TEXT NOT NULL,                   -- as it was written, or the default
  origin    TEXT NOT NULL,                   -- what put it there, and its place: "[base] sweep.toml:12:5",
                                             -- 'axis "lr" sweep.toml:30:11', "--set", "default of reca"
  PRIMARY KEY (sweep_id, number)
) STRICT, WITHOUT ROWID;

-- Of each run of a sweep all settings that it read.
CREATE TABLE run_setting (
  sweep_id  INTEGER NOT NULL,                -- the sweep
  run_id    INTEGER NOT NULL,                -- the run
  numbers   TEXT NOT NULL CHECK (json_valid(numbers)),
                                             -- JSON array of setting.number
  PRIMARY KEY (sweep_id, run_id),
  FOREIGN KEY (sweep_id, run_id) REFERENCES sweep_run(sweep_id, run_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Published figures, to hold beside measured ones: never scores of ours. What a paper's versions disagree on
-- is there once for each.
CREATE TABLE reported (
  id         INTEGER PRIMARY KEY,            -- of this row
  file       TEXT NOT NULL,                  -- it came from, without its folder
  paper      TEXT NOT NULL,                  -- "RecA"
  version    TEXT NOT NULL,                  -- of the paper: "v1"; '': the only one, or unknown
  place      TEXT NOT NULL,                  -- table, figure or page
  row        TEXT NOT NULL,                  -- its row there
  benchmark  TEXT NOT NULL,                  -- "geneval"; "cost" and "speed" for hours and rates
  metric     TEXT NOT NULL,                  -- "overall"; of a benchmark of ours, as in score.name
  value      REAL NOT NULL,                  -- as published
  unit       TEXT NOT NULL,                  -- "percent", "fraction", "points", "device-hours", ...
  trust      TEXT NOT NULL CHECK (trust IN ('primary', 'by_eye', 'second_hand', 'independent', 'derived')),
                                             -- read in text; read off a picture; told by others; measured by
                                             -- others; computed from other figures
  note       TEXT NOT NULL,                  -- what else a reader must know; '': nothing
  sweep      TEXT,                           -- name of the sweep that measures it; NULL: none
  label      TEXT,                           -- row of that sweep's table; NULL: none
  CHECK ((sweep IS NULL) = (label IS NULL)),
  UNIQUE (paper, version, place, row, benchmark, metric)
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
