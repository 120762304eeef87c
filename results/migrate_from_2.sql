-- Version 2 to 3: prompts and reasons are stored once, hashes of pictures as bytes, and the usual place of a
-- picture not at all. `item` and `evidence` become views. Costs have energy, tokens and operations, sweeps
-- where their settings come from. Views: views.sql, run behind this.
CREATE TABLE prompt (
  id        INTEGER PRIMARY KEY,
  item_id   TEXT NOT NULL,
  tag       TEXT NOT NULL,
  prompt    TEXT NOT NULL,
  metadata  TEXT NOT NULL CHECK (json_valid(metadata)),
  UNIQUE (item_id, tag, prompt, metadata)
) STRICT;
CREATE TABLE evaluation_prompt (
  id             INTEGER PRIMARY KEY,
  evaluation_id  INTEGER NOT NULL REFERENCES evaluation(id),
  prompt_id      INTEGER NOT NULL REFERENCES prompt(id),
  position       INTEGER NOT NULL,
  UNIQUE (evaluation_id, prompt_id)
) STRICT;
CREATE TABLE reason (
  id    INTEGER PRIMARY KEY,
  text  TEXT NOT NULL UNIQUE CHECK (text <> '')
) STRICT;
CREATE TABLE judgement (
  item_row_id    INTEGER NOT NULL REFERENCES evaluation_prompt(id),
  image_index    INTEGER NOT NULL,
  image_path     TEXT,
  image_sha256   BLOB NOT NULL CHECK (length(image_sha256) = 32),
  evidence_json  TEXT NOT NULL CHECK (json_valid(evidence_json)),
  score          REAL,
  reason_id      INTEGER REFERENCES reason(id),
  problem        TEXT CHECK (problem IN ('unparsable', 'refused', 'failed')),
  PRIMARY KEY (item_row_id, image_index),
  CHECK ((problem IS NULL) = (score IS NOT NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO prompt (item_id, tag, prompt, metadata)
  SELECT item_id, tag, prompt, metadata FROM item WHERE true ORDER BY id ON CONFLICT DO NOTHING;
INSERT INTO evaluation_prompt (id, evaluation_id, prompt_id, position)
  SELECT item.id, evaluation_id, prompt.id, position
  FROM item JOIN prompt USING (item_id, tag, prompt, metadata) ORDER BY item.id;
INSERT INTO reason (text) SELECT DISTINCT reason FROM evidence WHERE reason <> '' ORDER BY reason;
INSERT INTO judgement (item_row_id, image_index, image_path, image_sha256, evidence_json, score, reason_id)
  SELECT item_row_id, image_index,
         nullif(image_path, 'images/' || substr(identity, 1, 16) || '/' || item_id || '/samples/'
                            || printf('%05d', image_index) || '.png'),
         unhex(image_sha256), evidence_json, score, (SELECT id FROM reason WHERE text = reason)
  FROM evidence
  JOIN item ON item.id = item_row_id
  JOIN evaluation ON evaluation.id = evaluation_id
  ORDER BY item_row_id, image_index;
DROP TABLE evidence;
DROP TABLE item;
ALTER TABLE score ADD COLUMN num_images INTEGER;
ALTER TABLE score ADD COLUMN num_unscored INTEGER;
ALTER TABLE cost ADD COLUMN energy_joules REAL;
ALTER TABLE cost ADD COLUMN tokens INTEGER;
ALTER TABLE cost ADD COLUMN model_flops REAL;
ALTER TABLE cost ADD COLUMN judge_calls INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cost ADD COLUMN judge_tokens_in INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cost ADD COLUMN judge_tokens_out INTEGER NOT NULL DEFAULT 0;
CREATE TABLE setting (
  sweep_id  INTEGER NOT NULL REFERENCES sweep(id),
  number    INTEGER NOT NULL,
  key       TEXT NOT NULL,
  value     TEXT NOT NULL,
  origin    TEXT NOT NULL,
  PRIMARY KEY (sweep_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE run_setting (
  sweep_id  INTEGER NOT NULL,
  run_id    INTEGER NOT NULL,
  numbers   TEXT NOT NULL CHECK (json_valid(numbers)),
  PRIMARY KEY (sweep_id, run_id),
  FOREIGN KEY (sweep_id, run_id) REFERENCES sweep_run(sweep_id, run_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
DROP VIEW IF EXISTS reported_vs_measured;
DROP VIEW IF EXISTS failures;
DROP VIEW IF EXISTS pareto;
DROP VIEW IF EXISTS paired_items;
DROP VIEW IF EXISTS run_pairs;
DROP VIEW IF EXISTS sweep_costs;
DROP VIEW IF EXISTS costs;
DROP VIEW IF EXISTS unit_costs;
DROP VIEW IF EXISTS scores_by_seed;
DROP VIEW IF EXISTS scores;
DROP VIEW IF EXISTS runs;
PRAGMA user_version = 3;
