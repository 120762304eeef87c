-- Version 3 to 4: journals know how their process ended, failures what they have in common, and evaluations are
-- named by the evaluator, not by the spec: that name belongs to the run. What journals made is made again
-- from them, where all are there (read_again.h). Views: views.sql, run behind this.
ALTER TABLE run ADD COLUMN error_signature TEXT;
ALTER TABLE attempt ADD COLUMN error_signature TEXT;
ALTER TABLE journal ADD COLUMN outcome TEXT;
ALTER TABLE run_evaluation ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE found_evaluation ADD COLUMN name TEXT NOT NULL DEFAULT '';
UPDATE run SET error_signature = failure_signature(error) WHERE error IS NOT NULL;
UPDATE attempt SET error_signature = failure_signature(error) WHERE error IS NOT NULL;
UPDATE run_evaluation SET name = (SELECT benchmark FROM evaluation WHERE evaluation.id = evaluation_id);
UPDATE evaluation SET benchmark = coalesce(
  iif(json_valid(protocol_text), iif(json_type(protocol_text, '$.evaluator') = 'text',
                                     protocol_text ->> '$.evaluator', NULL), NULL), benchmark);
DROP VIEW IF EXISTS reported_vs_measured;
DROP VIEW IF EXISTS failures;
DROP VIEW IF EXISTS pareto;
DROP VIEW IF EXISTS paired_items;
DROP VIEW IF EXISTS run_pairs;
DROP VIEW IF EXISTS settings;
DROP VIEW IF EXISTS sweep_costs;
DROP VIEW IF EXISTS costs;
DROP VIEW IF EXISTS unit_costs;
DROP VIEW IF EXISTS scores_by_seed;
DROP VIEW IF EXISTS scores;
DROP VIEW IF EXISTS runs;
DROP VIEW IF EXISTS evidence;
DROP VIEW IF EXISTS item;
PRAGMA user_version = 4;
