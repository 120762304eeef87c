-- The results database, schema version 3: its tables. The views are in views.sql, and there is no other DDL;
-- store_open.cpp runs both in one transaction. Times are UTC, ISO 8601 ("2026-01-31T12:00:00Z"). Identities are
-- SHA-256, 64 lower-case hex digits: equal identity = same result, so a stage or an evaluation that several
-- runs need is stored, and paid for, once. Stored values of status, phase and weights are never renamed; a
-- change of meaning raises user_version.

PRAGMA application_id = 0x554D4D42;  -- "UMMB"
PRAGMA user_version = 3;

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

-- Training curves: of a complete attempt those of the whole stage, of others as far as they came.
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
  judge_calls        INTEGER NOT NULL DEFAULT 0,  -- questions to a judge, replies stored before included
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
-- The views of the results database, beside the tables of schema.sql. A database that is brought up to date
-- gets them anew. Hours are device-hours: wall-clock time x devices. Scores are in the benchmark's own range,
-- and more is better.

-- The benchmark's prompts, as each evaluation asked them. One row per evaluation and prompt.
CREATE VIEW item (
  id,             -- evaluation_prompt.id
  evaluation_id,  -- the evaluation: evaluation.id
  position,       -- order in the prompt set, from 0
  item_id,        -- name within the prompt set: "00017"
  tag,            -- group that aggregates use
  prompt,         -- text given to the model
  metadata        -- the benchmark's own record, JSON
) AS
SELECT asked.id, asked.evaluation_id, asked.position, prompt.item_id, prompt.tag, prompt.prompt,
       prompt.metadata
FROM evaluation_prompt AS asked JOIN prompt ON prompt.id = asked.prompt_id;

-- One picture, what was seen in it and what that is worth. One row per evaluation, prompt and picture.
CREATE VIEW evidence (
  item_row_id,    -- the prompt: item.id, not item.item_id
  image_index,    -- which of the prompt's pictures, from 0
  image_path,     -- relative to the database's folder
  image_sha256,   -- of the image file, 64 lower-case hex digits
  evidence_json,  -- raw, as the evaluator collected it, JSON
  score,          -- in the benchmark's own range; GenEval: 0 or 1; NULL: it has none
  reason,         -- why not full marks, or no score; '' if full marks
  status          -- 'scored', or why it has no score: 'unparsable', 'refused', 'failed'
) AS
-- Rationale: subqueries, so that what is not asked for is not looked up. The rule is usual_image_path().
SELECT item_row_id, image_index,
       coalesce(image_path,
                (SELECT 'images/' || substr(evaluation.identity, 1, 16) || '/' || prompt.item_id
                        || '/samples/' || printf('%05d', image_index) || '.png'
                 FROM evaluation_prompt AS asked
                 JOIN evaluation ON evaluation.id = asked.evaluation_id
                 JOIN prompt ON prompt.id = asked.prompt_id
                 WHERE asked.id = item_row_id)),
       lower(hex(image_sha256)), evidence_json, score,
       coalesce((SELECT text FROM reason WHERE reason.id = reason_id), ''), coalesce(problem, 'scored')
FROM judgement;

-- Every run and what became of it. One row per sweep and run.
CREATE VIEW runs (
  sweep,             -- name of the sweep; NULL: no sweep has the run any more
  position,          -- order in the sweep, from 0
  label,             -- row of the sweep's table; runs that differ in seed share it
  reference,         -- 1: untrained weights, there to compare with
  axes,              -- JSON object, axis name -> value
  architecture,      -- plugin name
  method,            -- plugin name of the last stage; '' for untrained weights
  seed,              -- of training
  status,            -- 'failed', 'untrained', 'unevaluated' or 'complete'
  error,             -- why the latest start failed; NULL: it did not
  micro_iterations,  -- forward-backward passes, all stages of the chain
  updates,           -- optimizer updates, all stages of the chain
  images_seen,       -- training images, repeats counted, all stages of the chain
  run_identity,      -- hash of configuration, plugins, data and base weights
  created_utc        -- first planned
) AS
SELECT sweep.name, sweep_run.position, sweep_run.label, sweep_run.reference, sweep_run.axes,
       run.architecture, run.method, run.seed,
       CASE WHEN run.error IS NOT NULL THEN 'failed'
            WHEN EXISTS (SELECT 1 FROM run_stage WHERE run_stage.run_id = run.id AND NOT EXISTS (
                           SELECT 1 FROM attempt
                           WHERE attempt.stage_id = run_stage.stage_id AND attempt.status = 'complete'))
                 THEN 'untrained'
            WHEN NOT EXISTS (SELECT 1 FROM run_evaluation WHERE run_evaluation.run_id = run.id)
                 THEN 'unevaluated'
            ELSE 'complete' END,
       run.error,
       totals.micro_iterations, totals.updates, totals.images_seen,
       run.identity, run.created_utc
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

-- Every score of every run. One row per sweep, run, evaluation and aggregate.
CREATE VIEW scores (
  sweep,               -- name of the sweep; NULL: no sweep has the run any more
  run_position,        -- order of the run in the sweep, from 0
  label,               -- row of the sweep's table
  seed,                -- of training
  benchmark,           -- "geneval"
  protocol_hash,       -- scores of different protocols are never compared
  weights,             -- 'last', 'ema' or 'base'
  sampling_text,       -- sampler settings
  position,            -- the evaluator's order, from 0; the headline comes last
  name,                -- "single_object", "overall"
  value,               -- in the benchmark's own range; GenEval: 0 to 1
  run_identity,        -- of the run
  evaluation_identity, -- of the evaluation
  num_images,          -- pictures that it speaks for; NULL: from before this was recorded
  num_unscored         -- of them missing or without a score; more than 0: partial, not the benchmark's score
) AS
SELECT sweep.name, sweep_run.position, sweep_run.label, run.seed,
       evaluation.benchmark, evaluation.protocol_hash, evaluation.weights, evaluation.sampling_text,
       score.position, score.name, score.value, run.identity, evaluation.identity, score.num_images,
       score.num_unscored
FROM score
JOIN evaluation ON evaluation.id = score.evaluation_id
JOIN run_evaluation ON run_evaluation.evaluation_id = evaluation.id
JOIN run ON run.id = run_evaluation.run_id
LEFT JOIN sweep_run ON sweep_run.run_id = run.id
LEFT JOIN sweep ON sweep.id = sweep_run.sweep_id;

-- Scores with seeds taken together. One row per sweep, label, protocol, weights, sampler and aggregate. Runs
-- that share an evaluation count once: untrained weights have no seed. Partial scores are left out. Standard
-- deviations of single scores are not intervals; `ummbench table` prints those.
CREATE VIEW scores_by_seed (
  sweep,               -- name of the sweep
  run_position,        -- order of the label's first run in the sweep, from 0
  label,               -- row of the sweep's table
  benchmark,           -- "geneval"
  protocol_hash,       -- scores of different protocols are never compared
  weights,             -- 'last', 'ema' or 'base'
  sampling_text,       -- sampler settings
  position,            -- the evaluator's order, from 0; the headline comes last
  name,                -- "single_object", "overall"
  seeds,               -- how many seeds have this score
  planned_seeds,       -- how many runs of the sweep have this label
  mean,                -- over seeds
  standard_deviation,  -- over seeds, of one of them (n - 1); NULL: fewer than two seeds
  low,                 -- worst seed
  high,                -- best seed
  by_seed              -- JSON object, seed -> score
) AS
SELECT sweep, min(run_position), label, benchmark, protocol_hash, weights, sampling_text, position, name,
       count(*),
       (SELECT count(*) FROM sweep_run JOIN sweep AS of ON of.id = sweep_run.sweep_id
        WHERE of.name = one.sweep AND sweep_run.label = one.label),
       avg(value),
       CASE WHEN count(*) > 1
            THEN sqrt(max(0.0, (sum((value - center) * (value - center))
                                - count(*) * (avg(value - center) * avg(value - center))) / (count(*) - 1)))
            END,
       min(value), max(value), json_group_object(seed, value)
FROM (SELECT sweep, min(run_position) AS run_position, label, min(seed) AS seed, benchmark, protocol_hash,
             weights, sampling_text, position, name, value,
             first_value(value) OVER (PARTITION BY sweep, label, benchmark, protocol_hash, weights,
                                      sampling_text, name ORDER BY min(seed)) AS center
      FROM scores WHERE sweep IS NOT NULL AND coalesce(num_unscored, 0) = 0
      GROUP BY sweep, label, evaluation_identity, name) AS one
GROUP BY sweep, label, benchmark, protocol_hash, weights, sampling_text, name;

-- Costs of each stage and each evaluation, once.
CREATE VIEW unit_costs (
  kind,               -- 'train': complete attempts; 'wasted': other attempts; 'eval'
  stage_id,           -- stage.id; NULL for 'eval'
  evaluation_id,      -- evaluation.id; NULL for the others
  phase,              -- 'load', 'train', 'generate' or 'score'
  device_hours,       -- device-hours
  device_name,        -- "NVIDIA H200"
  peak_host_bytes,    -- largest resident memory of the process, bytes
  peak_device_bytes,  -- largest memory of one accelerator, bytes; 0 on a CPU
  images,             -- trained on, generated or scored
  energy_joules,      -- that the accelerators took meanwhile; NULL: unknown
  tokens,             -- positions that the language model was given, padding included; NULL: unknown
  model_flops,        -- of matrix products, convolutions and attention, as computed; NULL: unknown
  judge_calls,        -- questions to a judge model
  judge_tokens_in,    -- of these questions
  judge_tokens_out    -- of its answers
) AS
SELECT CASE attempt.status WHEN 'complete' THEN 'train' ELSE 'wasted' END,
       attempt.stage_id, NULL, cost.phase, cost.device_seconds / 3600.0,
       cost.device_name, cost.peak_host_bytes, cost.peak_device_bytes, cost.images,
       cost.energy_joules, cost.tokens, cost.model_flops, cost.judge_calls, cost.judge_tokens_in,
       cost.judge_tokens_out
FROM cost JOIN attempt ON attempt.id = cost.attempt_id
UNION ALL
SELECT 'eval', NULL, cost.evaluation_id, cost.phase, cost.device_seconds / 3600.0,
       cost.device_name, cost.peak_host_bytes, cost.peak_device_bytes, cost.images,
       cost.energy_joules, cost.tokens, cost.model_flops, cost.judge_calls, cost.judge_tokens_in,
       cost.judge_tokens_out
FROM cost WHERE cost.evaluation_id IS NOT NULL;

-- Costs as each run sees them: all stages of its chain and all its evaluations, shared or not. One row per
-- sweep and run. Do not add these up over runs: sweep_costs does that with shared work counted once.
CREATE VIEW costs (
  sweep,                -- name of the sweep; NULL: no sweep has the run any more
  position,             -- order in the sweep, from 0
  label,                -- row of the sweep's table
  seed,                 -- of training
  train_device_hours,   -- complete attempts at the stages of its chain, device-hours
  eval_device_hours,    -- its evaluations, device-hours
  wasted_device_hours,  -- failed and interrupted attempts at these stages, device-hours; not in the others
  run_identity          -- of the run
) AS
SELECT sweep.name, sweep_run.position, sweep_run.label, run.seed,
       (SELECT total(device_hours) FROM run_stage JOIN unit_costs USING (stage_id)
        WHERE run_stage.run_id = run.id AND kind = 'train'),
       (SELECT total(device_hours) FROM run_evaluation JOIN unit_costs USING (evaluation_id)
        WHERE run_evaluation.run_id = run.id),
       (SELECT total(device_hours) FROM run_stage JOIN unit_costs USING (stage_id)
        WHERE run_stage.run_id = run.id AND kind = 'wasted'),
       run.identity
FROM run
LEFT JOIN sweep_run ON sweep_run.run_id = run.id
LEFT JOIN sweep ON sweep.id = sweep_run.sweep_id;

-- What a sweep took in all, shared work counted once. One row per sweep, kind, phase and device.
CREATE VIEW sweep_costs (
  sweep,             -- name of the sweep
  kind,              -- 'train', 'wasted' or 'eval', as in unit_costs
  phase,             -- 'load', 'train', 'generate' or 'score'
  device_name,       -- "NVIDIA H200"
  device_hours,      -- device-hours
  images,            -- trained on, generated or scored
  peak_host_bytes,   -- largest resident memory of a process, bytes
  peak_device_bytes, -- largest memory of one accelerator, bytes; 0 on a CPU
  energy_joules,     -- that the accelerators took meanwhile; NULL: unknown of a part, as for the next two
  tokens,            -- positions that language models were given, padding included
  model_flops,       -- of matrix products, convolutions and attention, as computed
  judge_calls,       -- questions to judge models
  judge_tokens_in,   -- of these questions
  judge_tokens_out   -- of their answers
) AS
SELECT sweep.name, kind, phase, device_name, sum(device_hours), sum(images),
       max(peak_host_bytes), max(peak_device_bytes),
       iif(count(energy_joules) = count(*), sum(energy_joules), NULL),
       iif(count(tokens) = count(*), sum(tokens), NULL),
       iif(count(model_flops) = count(*), sum(model_flops), NULL),
       sum(judge_calls), sum(judge_tokens_in), sum(judge_tokens_out)
FROM sweep
JOIN unit_costs ON
  unit_costs.stage_id IN (SELECT run_stage.stage_id FROM run_stage JOIN sweep_run USING (run_id)
                          WHERE sweep_run.sweep_id = sweep.id)
  OR unit_costs.evaluation_id IN (SELECT run_evaluation.evaluation_id FROM run_evaluation
                                  JOIN sweep_run USING (run_id) WHERE sweep_run.sweep_id = sweep.id)
GROUP BY sweep.id, kind, phase, device_name;

-- Every setting that a run read, and where it comes from, as the sweep was started last. One row per sweep,
-- run and key.
CREATE VIEW settings (
  sweep,        -- name of the sweep
  position,     -- order of the run in the sweep, from 0
  label,        -- row of the sweep's table
  seed,         -- of training
  key,          -- "eval.geneval.batch"; of a stage "stage.reca.train.lr"
  value,        -- as it was written, or the default
  origin,       -- what put it there, and its place: "[base] sweep.toml:12:5", "--set", "default of ..."
  run_identity  -- of the run
) AS
SELECT sweep.name, sweep_run.position, sweep_run.label, run.seed, setting.key, setting.value, setting.origin,
       run.identity
FROM run_setting
JOIN sweep_run USING (sweep_id, run_id)
JOIN sweep ON sweep.id = run_setting.sweep_id
JOIN run ON run.id = run_setting.run_id
JOIN json_each(run_setting.numbers) AS listed
JOIN setting ON setting.sweep_id = run_setting.sweep_id AND setting.number = listed.value;

-- Which runs of a sweep may be held against each other prompt by prompt: those of one seed that differ in one
-- axis and agree in all others that both have. A reference has no seed of training and goes with each. Every
-- pair is there in both orders.
CREATE VIEW run_pairs (
  sweep,    -- name of the sweep
  label_a,  -- row of the sweep's table, of run A
  label_b,  -- of run B
  axis,     -- the axis in which they differ; NULL: a reference, which has fewer axes
  seed,     -- of training; of two references that of run A
  run_a,    -- run.id of run A
  run_b     -- run.id of run B
) AS
WITH place AS MATERIALIZED (
       SELECT sweep.name AS sweep, sweep_run.*, run.seed
       FROM sweep_run JOIN sweep ON sweep.id = sweep_run.sweep_id JOIN run ON run.id = sweep_run.run_id),
     setting AS MATERIALIZED (
       SELECT sweep_id, run_id, axis.key, axis.value,
              EXISTS (SELECT 1 FROM json_each(replicate_axes) AS name WHERE name.value = axis.key)
                AS replicate
       FROM place JOIN json_each(axes) AS axis),
     pair AS MATERIALIZED (
       SELECT a.sweep, a.label AS label_a, b.label AS label_b,
              CASE WHEN a.reference THEN b.seed ELSE a.seed END AS seed,
              a.sweep_id, a.run_id AS run_a, b.run_id AS run_b
       FROM place AS a JOIN place AS b ON b.sweep_id = a.sweep_id AND b.run_id <> a.run_id
       WHERE a.seed = b.seed OR a.reference OR b.reference)
SELECT sweep, label_a, label_b, max(difference.key), seed, run_a, run_b
FROM pair
LEFT JOIN (SELECT a.sweep_id, a.run_id AS a, b.run_id AS b, a.key, a.replicate
           FROM setting AS a JOIN setting AS b ON b.sweep_id = a.sweep_id AND b.key = a.key
           WHERE b.value IS NOT a.value) AS difference
  ON difference.sweep_id = pair.sweep_id AND difference.a = run_a AND difference.b = run_b
GROUP BY pair.sweep_id, run_a, run_b
HAVING count(difference.key) <= 1 AND total(difference.replicate) = 0;

-- Item by item, what run A scored above run B: the input of paired tests and of "where does it help?". One
-- row per pair of runs, protocol, prompt and picture; pictures of equal index were drawn from equal noise.
-- Weights and sampler are equal, where the architecture is; a reference goes with any weights.
CREATE VIEW paired_items (
  sweep,          -- name of the sweep
  label_a,        -- row of the sweep's table, of run A
  label_b,        -- of run B
  axis,           -- the axis in which they differ; NULL: a reference, which has fewer axes
  seed,           -- of training
  benchmark,      -- "geneval"
  protocol_hash,  -- of both
  weights,        -- of run A: 'last', 'ema' or 'base'
  tag,            -- group of the prompt
  item_id,        -- the prompt's name within its set: "00017"
  prompt,         -- its text
  image_index,    -- which of the prompt's pictures, from 0
  value_a,        -- of A's picture, in the benchmark's own range; GenEval: 0 or 1
  value_b,        -- of B's picture
  difference,     -- value_a - value_b
  run_a,          -- run.id of run A
  run_b           -- run.id of run B
) AS
-- Rationale: CROSS JOIN keeps this order. Each prompt of B is then found by its whole key, evaluation and
-- prompt.
SELECT pair.sweep, pair.label_a, pair.label_b, pair.axis, pair.seed, a.benchmark, a.protocol_hash, a.weights,
       prompt_a.tag, prompt_a.item_id, prompt_a.prompt, seen_a.image_index, seen_a.score, seen_b.score,
       seen_a.score - seen_b.score, pair.run_a, pair.run_b
FROM run_pairs AS pair
CROSS JOIN run_evaluation AS link_a ON link_a.run_id = pair.run_a
CROSS JOIN evaluation AS a ON a.id = link_a.evaluation_id
CROSS JOIN run_evaluation AS link_b ON link_b.run_id = pair.run_b
CROSS JOIN evaluation AS b ON b.id = link_b.evaluation_id AND b.benchmark = a.benchmark
  AND b.protocol_hash = a.protocol_hash AND (b.weights = a.weights OR 'base' IN (a.weights, b.weights))
  AND (b.sampling_text = a.sampling_text
       OR (SELECT architecture FROM run WHERE id = pair.run_a)
          <> (SELECT architecture FROM run WHERE id = pair.run_b))
CROSS JOIN evaluation_prompt AS asked_a ON asked_a.evaluation_id = a.id
CROSS JOIN prompt AS prompt_a ON prompt_a.id = asked_a.prompt_id
CROSS JOIN prompt AS prompt_b ON prompt_b.item_id = prompt_a.item_id
CROSS JOIN evaluation_prompt AS asked_b ON asked_b.evaluation_id = b.id AND asked_b.prompt_id = prompt_b.id
CROSS JOIN judgement AS seen_a ON seen_a.item_row_id = asked_a.id
CROSS JOIN judgement AS seen_b ON seen_b.item_row_id = asked_b.id AND seen_b.image_index = seen_a.image_index;

-- What a score costs to get: the labels that no other label beats. One row per sweep, protocol, weights,
-- sampler, aggregate and label for which there is none that trains no longer and scores no less, and is
-- better in one of both. Seeds are averaged. Partial scores are left out.
CREATE VIEW pareto (
  sweep,               -- name of the sweep
  label,               -- row of the sweep's table
  benchmark,           -- "geneval"
  protocol_hash,       -- labels of different protocols are never compared
  weights,             -- 'last', 'ema' or 'base'; all stand on the same front
  name,                -- "overall"
  seeds,               -- how many runs are averaged
  score,               -- mean over seeds, in the benchmark's own range
  train_device_hours,  -- mean over seeds, whole chain of stages, device-hours; a reference: 0
  eval_device_hours    -- mean over seeds, all evaluations of the run, device-hours
) AS
WITH point AS (
  SELECT score.sweep, score.label, benchmark, protocol_hash, weights, name, count(*) AS seeds,
         avg(value) AS score, avg(train_device_hours) AS hours, avg(eval_device_hours) AS eval_hours
  FROM scores AS score
  JOIN costs ON costs.run_identity = score.run_identity AND costs.sweep = score.sweep
  WHERE coalesce(num_unscored, 0) = 0
  GROUP BY score.sweep, score.label, benchmark, protocol_hash, weights, sampling_text, name),
candidate AS (
  SELECT *, max(score) OVER no_longer AS best, max(score) OVER shorter AS best_shorter
  FROM point
  WINDOW no_longer AS (PARTITION BY sweep, benchmark, protocol_hash, name ORDER BY hours
                       GROUPS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW),
         shorter AS (PARTITION BY sweep, benchmark, protocol_hash, name ORDER BY hours
                     GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
SELECT sweep, label, benchmark, protocol_hash, weights, name, seeds, score, hours, eval_hours
FROM candidate WHERE score = best AND (best_shorter IS NULL OR score > best_shorter);

-- Runs that did not come through, and those that needed more than one try. One row per sweep and run.
CREATE VIEW failures (
  sweep,                -- name of the sweep; NULL: no sweep has the run any more
  position,             -- order in the sweep, from 0
  label,                -- row of the sweep's table
  seed,                 -- of training
  status,               -- of the run, as in runs: 'complete' where a later try came through
  error,                -- why its latest start failed, else why its latest failed attempt did
  attempts,             -- tries at its stages, complete ones included
  failed,               -- of these, ended by an error
  interrupted,          -- of these, killed or stopped
  wasted_device_hours,  -- device-hours that failed and interrupted attempts took
  run_identity          -- of the run
) AS
SELECT runs.sweep, runs.position, runs.label, runs.seed, runs.status,
       coalesce(runs.error, (SELECT attempt.error FROM run_stage JOIN attempt USING (stage_id)
                             WHERE run_stage.run_id = run.id AND attempt.status <> 'complete'
                               AND attempt.error IS NOT NULL ORDER BY attempt.id DESC LIMIT 1)),
       tried.attempts, tried.failed, tried.interrupted,
       (SELECT total(device_hours) FROM run_stage JOIN unit_costs USING (stage_id)
        WHERE run_stage.run_id = run.id AND kind = 'wasted'),
       runs.run_identity
FROM runs
JOIN run ON run.identity = runs.run_identity
JOIN (SELECT run.id AS run_id, count(attempt.id) AS attempts,
             count(*) FILTER (WHERE attempt.status = 'failed') AS failed,
             count(*) FILTER (WHERE attempt.status = 'interrupted') AS interrupted
      FROM run
      LEFT JOIN run_stage ON run_stage.run_id = run.id
      LEFT JOIN attempt ON attempt.stage_id = run_stage.stage_id
      GROUP BY run.id) AS tried ON tried.run_id = run.id
WHERE runs.error IS NOT NULL OR tried.failed OR tried.interrupted;

-- Published figures beside what was measured. One row per published figure that says which sweep and label
-- measure it, and per protocol, weights and sampler that did; those not measured yet come with NULL.
CREATE VIEW reported_vs_measured (
  paper,          -- who published it
  version,        -- of that paper: figures of different versions stand beside each other
  place,          -- table or figure there
  row,            -- its row
  benchmark,      -- "geneval"; "cost"
  metric,         -- "overall", "train_device_hours"
  unit,           -- of reported, measured and difference; "percent" of a benchmark whose range is 0 to 1
  trust,          -- how we know the figure, as in reported
  reported,       -- as published
  measured,       -- mean over seeds; NULL: nothing is measured
  difference,     -- measured - reported
  seeds,          -- how many seeds were measured
  low,            -- worst seed
  high,           -- best seed
  sweep,          -- that measures it
  label,          -- row of its table
  protocol_hash,  -- of the measurement: whether the paper's protocol was the same is for the reader to judge
  weights         -- of the measurement
) AS
WITH measured AS (
  SELECT sweep, label, benchmark, name, protocol_hash, weights, seeds, mean, low, high FROM scores_by_seed
  UNION ALL
  SELECT sweep, label, 'cost', 'train_device_hours', NULL, NULL, count(*), avg(train_device_hours),
         min(train_device_hours), max(train_device_hours)
  FROM costs GROUP BY sweep, label HAVING total(train_device_hours) > 0)
SELECT paper, version, place, row, reported.benchmark, metric, unit, trust, value,
       mean * scale, mean * scale - value, seeds, low * scale, high * scale,
       reported.sweep, reported.label, protocol_hash, weights
FROM (SELECT *, CASE unit WHEN 'percent' THEN 100.0 ELSE 1.0 END AS scale FROM reported) AS reported
LEFT JOIN measured ON measured.sweep = reported.sweep AND measured.label = reported.label
  AND measured.benchmark = reported.benchmark AND measured.name = reported.metric
WHERE reported.sweep IS NOT NULL;
