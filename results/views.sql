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
  status,            -- 'failed', 'untrained', 'unevaluated', 'partly evaluated' or 'complete'
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
            -- Where no process says that all is done; before journals, none could.
            WHEN EXISTS (SELECT 1 FROM found_evaluation WHERE found_evaluation.run_id = run.id)
                 OR (EXISTS (SELECT 1 FROM journal WHERE journal.run_id = run.id)
                     AND NOT EXISTS (SELECT 1 FROM journal WHERE journal.run_id = run.id
                                     AND coalesce(journal.outcome, 'complete') = 'complete'))
                 THEN 'partly evaluated'
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
  benchmark,           -- evaluator: "geneval"
  protocol_hash,       -- scores of different protocols are never compared
  weights,             -- 'last', 'ema' or 'base'
  sampling_text,       -- sampler settings
  position,            -- the evaluator's order, from 0; the headline comes last
  name,                -- "single_object", "overall"
  value,               -- in the benchmark's own range; GenEval: 0 to 1
  run_identity,        -- of the run
  evaluation_identity, -- of the evaluation
  num_images,          -- pictures that it speaks for; NULL: from before this was recorded
  num_unscored,        -- of them missing or without a score; more than 0: partial, not the benchmark's score
  evaluation           -- its name in the run's spec: "geneval_ema" of [eval.geneval_ema]; '': unknown
) AS
SELECT sweep.name, sweep_run.position, sweep_run.label, run.seed,
       evaluation.benchmark, evaluation.protocol_hash, evaluation.weights, evaluation.sampling_text,
       score.position, score.name, score.value, run.identity, evaluation.identity, score.num_images,
       score.num_unscored, run_evaluation.name
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
  planned_seeds,       -- how many runs of the sweep have this label; of what `ummbench score` added, which is
                       -- a run for each protocol: how many have this score
  mean,                -- over seeds
  standard_deviation,  -- over seeds, of one of them (n - 1); NULL: fewer than two seeds
  low,                 -- worst seed
  high,                -- best seed
  by_seed              -- JSON object, values of the replicate axes ("0", or "0, 2" of two) -> score
) AS
SELECT sweep, min(run_position), label, benchmark, protocol_hash, weights, sampling_text, position, name,
       count(*),
       max(count(*),
           (SELECT count(*) FROM sweep_run
            JOIN sweep AS of ON of.id = sweep_run.sweep_id
            JOIN run ON run.id = sweep_run.run_id
            WHERE of.name = one.sweep AND sweep_run.label = one.label AND run.architecture <> 'external')),
       avg(value),
       CASE WHEN count(*) > 1
            THEN sqrt(max(0.0, (sum((value - center) * (value - center))
                                - count(*) * (avg(value - center) * avg(value - center))) / (count(*) - 1)))
            END,
       min(value), max(value), json_group_object(replicate, value)
FROM (SELECT sweep, min(run_position) AS run_position, label, min(replicate) AS replicate, benchmark, protocol_hash,
             weights, sampling_text, position, name, value,
             first_value(value) OVER (PARTITION BY sweep, label, benchmark, protocol_hash, weights,
                                      sampling_text, name ORDER BY min(run_position)) AS center
      FROM scores JOIN (
             SELECT sweep.name AS of_sweep, run.identity AS of_run,
                    coalesce((SELECT group_concat(value, ', ') FROM (
                                SELECT axis.value FROM json_each(replicate_axes) AS replicated
                                JOIN json_each(axes) AS axis ON axis.key = replicated.value
                                ORDER BY replicated.key)),
                             run.seed) AS replicate
             FROM sweep_run
             JOIN sweep ON sweep.id = sweep_run.sweep_id
             JOIN run ON run.id = sweep_run.run_id) ON of_sweep = sweep AND of_run = run_identity
      WHERE sweep IS NOT NULL AND coalesce(num_unscored, 0) = 0
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
-- Weights and sampler are equal, where the architecture is; a reference goes with any weights, so group by
-- weights, weights_b, sampling_text and sampling_text_b where a sweep evaluates a run in several ways.
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
  value_a,        -- of A's picture, in the benchmark's own range; GenEval: 0 or 1; NULL: it has no score
  value_b,        -- of B's picture; NULL: it has no score
  difference,     -- value_a - value_b; NULL: one of both has no score
  run_a,          -- run.id of run A
  run_b,          -- run.id of run B
  weights_b,      -- of run B
  sampling_text,  -- sampler settings, of run A
  sampling_text_b -- of run B
) AS
-- Rationale: CROSS JOIN keeps this order. Each prompt of B is then found by its whole key, evaluation and
-- prompt.
SELECT pair.sweep, pair.label_a, pair.label_b, pair.axis, pair.seed, a.benchmark, a.protocol_hash, a.weights,
       prompt_a.tag, prompt_a.item_id, prompt_a.prompt, seen_a.image_index, seen_a.score, seen_b.score,
       seen_a.score - seen_b.score, pair.run_a, pair.run_b, b.weights, a.sampling_text, b.sampling_text
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
  eval_device_hours,   -- mean over seeds, all evaluations of the run, device-hours
  sampling_text        -- sampler settings; all stand on the same front
) AS
WITH point AS (
  SELECT score.sweep, score.label, benchmark, protocol_hash, weights, sampling_text, name, count(*) AS seeds,
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
SELECT sweep, label, benchmark, protocol_hash, weights, name, seeds, score, hours, eval_hours, sampling_text
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
  run_identity,         -- of the run
  signature             -- of the error, for `ummbench retry --signature`: those that differ in numbers and
                        -- places alone share it
) AS
SELECT runs.sweep, runs.position, runs.label, runs.seed, runs.status, coalesce(run.error, latest.error),
       tried.attempts, tried.failed, tried.interrupted,
       (SELECT total(device_hours) FROM run_stage JOIN unit_costs USING (stage_id)
        WHERE run_stage.run_id = run.id AND kind = 'wasted'),
       runs.run_identity, coalesce(run.error_signature, latest.error_signature)
FROM runs
JOIN run ON run.identity = runs.run_identity
LEFT JOIN attempt AS latest ON latest.id = (
  SELECT attempt.id FROM run_stage JOIN attempt USING (stage_id)
  WHERE run_stage.run_id = run.id AND attempt.status <> 'complete' AND attempt.error IS NOT NULL
  ORDER BY attempt.started_utc DESC, attempt.number DESC, attempt.id DESC LIMIT 1)
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
  weights,        -- of the measurement
  sampling_text   -- of the measurement, sampler settings
) AS
WITH measured AS (
  SELECT sweep, label, benchmark, name, protocol_hash, weights, sampling_text, seeds, mean, low, high
  FROM scores_by_seed
  UNION ALL
  SELECT sweep, label, 'cost', 'train_device_hours', NULL, NULL, NULL, count(*), avg(train_device_hours),
         min(train_device_hours), max(train_device_hours)
  FROM costs GROUP BY sweep, label HAVING total(train_device_hours) > 0)
SELECT paper, version, place, row, reported.benchmark, metric, unit, trust, value,
       mean * scale, mean * scale - value, seeds, low * scale, high * scale,
       reported.sweep, reported.label, protocol_hash, weights, sampling_text
FROM (SELECT *, CASE unit WHEN 'percent' THEN 100.0 ELSE 1.0 END AS scale FROM reported) AS reported
LEFT JOIN measured ON measured.sweep = reported.sweep AND measured.label = reported.label
  AND measured.benchmark = reported.benchmark AND measured.name = reported.metric
WHERE reported.sweep IS NOT NULL;
