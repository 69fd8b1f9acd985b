import type { ProgressEvent } from "../core/mod.ts";
import type { LossRecord, ValidationScore } from "../training/mod.ts";
import { JUPYTER_DISPLAY, type MimeBundle } from "./figure.ts";
import { trainingFigure } from "./training_figure.ts";

/** Shows a bundle in a notebook, or replaces what is there under an id: `Deno.jupyter.display`. */
export type Display = (
  bundle: MimeBundle,
  options: { raw: true; update: boolean; display_id: string },
) => Promise<void>;

/** What {@linkcode liveTraining} and {@linkcode liveProgress} may be told. */
export interface LiveOptions {
  /** Seconds between two pictures, at least. @default {1} */
  every?: number;
}

/** An output of a notebook that follows a long piece of work. */
export interface LiveProgress {
  /** Takes every step. */
  onProgress: (event: ProgressEvent) => void;
  /** Shows the end; await it when the work is over. */
  done: () => Promise<void>;
}

/** A training curve that grows; {@linkcode train} takes its functions as options. */
export interface LiveTraining extends LiveProgress {
  /** Takes every validation score. */
  onValidation: (score: ValidationScore) => void;
}

/**
 * A training curve for a notebook: it grows in place, and is an ordinary figure at the end.
 *
 * @param display `Deno.jupyter.display` in a notebook.
 *
 * @example
 * ```ts
 * import { type MimeBundle } from "@epicker/epicker/plots";
 * import { liveTraining } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const shown: MimeBundle[] = [];
 * const live = liveTraining((bundle) => Promise.resolve(void shown.push(bundle)));
 * live.onProgress({ stage: "train", done: 1, total: 9, values: { heat: 3.5 } });
 * live.onValidation({ step: 1, ap: 0.8, f1: 0.7, threshold: 0.4 });
 * await live.done(); // after `await train(set, { out, ...live })`
 * assertEquals(shown.length, 2);
 * ```
 */
export function liveTraining(display: Display, { every = 1 }: LiveOptions = {}): LiveTraining {
  const course = { losses: [] as LossRecord[], history: [] as ValidationScore[] };
  const output = liveOutput(display, every);
  return {
    onProgress(event) {
      const { done: step, values } = event;
      if (values !== undefined) course.losses.push({ step, losses: { ...values } });
      output.offer((seconds) => {
        const text = progressText(event, seconds);
        return { "image/svg+xml": trainingFigure(course, text).svg, "text/plain": text };
      });
    },
    onValidation: (score) => void course.history.push(score),
    done: () => output.show(trainingFigure(course)[JUPYTER_DISPLAY]()),
  };
}

/**
 * A line of progress for a notebook, for whatever takes `onProgress`.
 *
 * @param display `Deno.jupyter.display` in a notebook.
 */
export function liveProgress(display: Display, { every = 0.5 }: LiveOptions = {}): LiveProgress {
  const output = liveOutput(display, every);
  let last = "nothing to do";
  return {
    onProgress(event) {
      last = progressText(event);
      output.offer((seconds) => ({ "text/plain": progressText(event, seconds) }));
    },
    done: () => output.show({ "text/plain": last }),
  };
}

/** Progress in a line: what, a bar, how far, how long still, the note. */
export function progressText({ stage, done, total, note }: ProgressEvent, seconds = 0): string {
  const share = total > 0 ? Math.min(1, done / total) : 1;
  const filled = Math.round(20 * share);
  const bar = "█".repeat(filled) + "░".repeat(20 - filled);
  const left = seconds * (1 - share) / share;
  const rest = Number.isFinite(left) && left >= 1 ? `, ${durationText(left)} left` : "";
  return `${stage} ${bar} ${done} of ${total}${rest}${note ? `, ${note}` : ""}`;
}

function durationText(seconds: number): string {
  return seconds < 100 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

/** One output: pictures of it go one after another, those that come too soon are left out. */
function liveOutput(display: Display, every: number) {
  const start = performance.now();
  const display_id = crypto.randomUUID(); // never seen, not saved
  let [next, update, sent] = [0, false, Promise.resolve()];
  const show = (bundle: MimeBundle): Promise<void> => {
    const options = { raw: true, update, display_id } as const;
    update = true;
    return sent = sent.then(() => display(bundle, options));
  };
  const offer = (bundleAt: (seconds: number) => MimeBundle): void => {
    const seconds = (performance.now() - start) / 1000;
    if (seconds < next) return;
    next = seconds + every;
    show(bundleAt(seconds)).catch(() => {}); // done() throws it
  };
  return { offer, show };
}
