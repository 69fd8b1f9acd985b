/**
 * Wrong programs that the tests must notice: `deno task mutants` tries them.
 *
 * Each is a slip that somebody could make and that would make results wrong. Where one survives, a
 * test is missing; it is not taken off the list.
 *
 * @module
 */
import type { Mutant } from "./_mutants.ts";
import { BACKEND } from "./mutants/backend.ts";
import { CENTERNET } from "./mutants/centernet.ts";
import { CONTINUAL } from "./mutants/continual.ts";
import { EVALUATION } from "./mutants/evaluation.ts";
import { EXEMPLARS } from "./mutants/exemplars.ts";
import { IO } from "./mutants/io.ts";
import { PICKING } from "./mutants/picking.ts";
import { PIPELINES } from "./mutants/pipelines.ts";
import { PREPROCESS } from "./mutants/preprocess.ts";
import { TRACING } from "./mutants/tracing.ts";
import { TRAINING } from "./mutants/training.ts";

/** All mutants. */
export const MUTANTS: Mutant[] = [
  ...BACKEND,
  ...CENTERNET,
  ...EVALUATION,
  ...TRACING,
  ...PREPROCESS,
  ...IO,
  ...PICKING,
  ...PIPELINES,
  ...TRAINING,
  ...EXEMPLARS,
  ...CONTINUAL,
];
