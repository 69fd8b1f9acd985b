import {
  type Candidate,
  candidatesOf,
  distinctObjects,
  type ImageDetector,
  type Model,
  typicalDiameter,
} from "../centernet/mod.ts";
import { defined, type Micrograph, type Mode } from "../core/mod.ts";
import type { Doubt } from "../io/mod.ts";
import {
  diameterFault,
  inverted,
  NETWORK_SIZES,
  normalise,
  preprocess,
} from "../preprocess/mod.ts";

/** Whether particles are darker than what is around them, as in most micrographs, or brighter. */
export type Contrast = "dark" | "bright";

/** What a look at some micrographs says of the particles in all of their folder. */
export interface Look {
  /** Most likely diameter in micrograph pixels, where none was given. */
  diameter?: number;
  /** Å per pixel of the micrograph in which it measures so much, where that is known. */
  pixelSizeA?: number;
  /** How far its answer leads those of other sizes: 1 without a rival, 0 is a guess. */
  lead?: number;
  /** Whether they are dark or bright. */
  contrast: Contrast;
  /** What is doubtful about it. */
  doubts: Doubt[];
}

/** What is known before a look. */
export interface Known {
  /** Diameter in micrograph pixels. */
  diameter?: number;
  /** Dark or bright. */
  contrast?: Contrast;
}

/** The diameter that a look found, in pixels of a micrograph. */
export function diameterSeen(
  { diameter, pixelSizeA: looked }: Look,
  pixelSizeA: number | undefined,
): number | undefined {
  if (diameter === undefined || looked === undefined || pixelSizeA === undefined) return diameter;
  return diameter * looked / pixelSizeA;
}

/** Factor from one diameter to the next. */
const STEP = Math.SQRT2;

/** Diameters that are tried: least in pixels; Å where the pixel size is known, else parts of the side. */
const RANGES: Readonly<Record<Mode, { pixels: number; parts: number[]; angstrom: number[] }>> = {
  particle: { pixels: 8, parts: [1 / 60, 1 / 6], angstrom: [50, 700] },
  vesicle: { pixels: 10, parts: [1 / 60, 1 / 3], angstrom: [150, 3000] },
  fiber: { pixels: 4, parts: [1 / 120, 1 / 12], angstrom: [40, 400] },
};

/** Network pixels seen at each diameter, in all micrographs together. */
const AREA = 512 ** 2;

/** Part of the places for particles whose strongest candidates are the answer; at least so many. */
const STRONGEST = { part: 0.1, least: 5 };

/** Diameters this far apart are rivals, as a factor. */
const RIVAL = 1.7;

/** Picks of another size score so many times what they do at the folder's. */
const UNLIKE = 1.3;

/** Part of a step by which the network's sizes may agree outside of two diameters. */
const OUTSIDE = 0.25;

/** What a sure diameter has: a lead, and more answer in the seen contrast than in its inverse. */
const SURE = { lead: 0.1, apart: 0.1 };

/**
 * Bright particles are rare and edges of holes look like them: their strongest candidates must be
 * picks, on average by a tenth above the threshold, score so many times what dark ones do at their size,
 * and more than dark ones at any.
 */
const BRIGHT = { thresholds: 1.1, times: 1.5 };

/** The answer of the micrographs at one diameter. */
interface Answer {
  diameter: number;
  /** Mean scores of the strongest candidates. */
  score: Record<Contrast, number>;
  /** Diameters as the network sees them. */
  seen: Record<Contrast, number>;
  /** Mean scores of the few strongest candidates of each micrograph. */
  each: Record<Contrast, Map<string, number>>;
}

/**
 * Finds the diameter of particles and whether they are dark, by a look at several scales.
 *
 * A network that knows particles of one size answers most where they have it: by the mean score of the
 * strongest candidates, at the summit of a parabola. Its own sizes have their say as well: at the true
 * scale they agree with it; the answer is between the two, and of fibers, which answer alike over a wide
 * range, where they agree. Noise answers as well, but as much in the image with its contrast inverted.
 *
 * @param micrographs A few of one folder; diameters are in pixels of the first.
 */
export async function lookAt(
  micrographs: readonly Micrograph[],
  detector: ImageDetector,
  model: Model,
  { diameter, contrast }: Known = {},
): Promise<Look> {
  const diameters = diameter === undefined ? diametersFor(micrographs, model.mode) : [diameter];
  const answers: Answer[] = [];
  for (const diameter of diameters) {
    answers.push(await answerAt(diameter, micrographs, detector, model));
  }
  const isBright = contrast === undefined
    ? looksBright(answers, model.threshold)
    : contrast === "bright";
  const seen = isBright ? "bright" : "dark";
  const doubts: Doubt[] = [];
  if (isBright && contrast === undefined) {
    doubts.push({ kind: "contrast", text: "contrast is inverted: bright particles were picked" });
  }
  if (diameter !== undefined) return { contrast: seen, doubts };
  const sizes = answers.map((answer): Size => ({
    diameter: answer.diameter,
    score: answer.score[seen],
    seen: answer.seen[seen],
  }));
  const best = sizes.reduce((most, _, i) => sizes[i].score > sizes[most].score ? i : most, 0);
  const isFiber = model.mode === "fiber"; // a fiber answers alike over a range of widths
  const agreed = agreement(isFiber ? sizes : sizes.slice(Math.max(0, best - 1), best + 2));
  const between = Math.sqrt(summit(sizes, best) * (agreed ?? seenAround(sizes, best)));
  const likely = isFiber ? agreed ?? between : between;
  const found = +likely.toPrecision(3); // more is not known
  const lead = leadOf(sizes, best);
  const { score } = answers[best];
  const isClear = score[seen] >= model.threshold && lead >= SURE.lead &&
    score[seen] - score[isBright ? "dark" : "bright"] >= SURE.apart;
  if (!isClear || agreed === undefined) {
    const text = `the diameter of ${found} pixels was found, but is unsure: better give it`;
    doubts.push({ kind: "diameter", text });
  }
  const unlike = unlikeIn(answers, { found, seen, threshold: model.threshold });
  if (unlike !== undefined) {
    const text = `${unlike} seems to have particles of another size: pick such micrographs apart`;
    doubts.push({ kind: "diameter", text });
  }
  const { pixelSizeA } = micrographs[0];
  return {
    diameter: found,
    ...defined({ pixelSizeA }),
    lead: +lead.toFixed(2),
    contrast: seen,
    doubts,
  };
}

/** Diameters to try, a factor √2 apart, in micrograph pixels. */
function diametersFor(micrographs: readonly Micrograph[], mode: Mode): number[] {
  const range = RANGES[mode];
  const { pixelSizeA } = micrographs[0];
  const side = Math.max(
    ...micrographs.map((one) => Math.max(one.width, one.height) * pixelRatio(one, micrographs)),
  );
  let [least, most] = range.parts.map((part) => part * side);
  if (pixelSizeA !== undefined) {
    const [low, high] = range.angstrom.map((length) => length / pixelSizeA);
    if (low < most) [least, most] = [low, Math.min(most, high)];
  }
  least = Math.max(range.pixels, least);
  const steps = Math.max(0, Math.ceil(Math.log(most / least) / Math.log(STEP) - 0.25));
  return Array.from({ length: steps + 1 }, (_, i) => Math.min(side, least * STEP ** i));
}

/** Pixels of the first micrograph that make one of another, where both sizes are known. */
function pixelRatio({ pixelSizeA }: Micrograph, [first]: readonly Micrograph[]): number {
  return pixelSizeA === undefined ? 1 : pixelSizeA / (first.pixelSizeA ?? pixelSizeA);
}

/** What the middles of the micrographs answer at a diameter, dark and bright. */
async function answerAt(
  diameter: number,
  micrographs: readonly Micrograph[],
  detector: ImageDetector,
  { mode }: Model,
): Promise<Answer> {
  const found: Record<Contrast, Candidate[]> = { dark: [], bright: [] };
  const sized: Record<Contrast, Candidate[]> = { dark: [], bright: [] };
  const each: Answer["each"] = { dark: new Map(), bright: new Map() };
  const object = NETWORK_SIZES[mode];
  let known = 0;
  for (const micrograph of micrographs) {
    const own = diameter / pixelRatio(micrograph, micrographs);
    if (diameterFault(micrograph, mode, own) !== undefined) continue; // told when it is picked
    const side = Math.ceil(Math.sqrt(AREA / micrographs.length) * own / object);
    const middle = middleOf(micrograph, side);
    if (!middle.pixels.some(Number.isFinite)) continue;
    const image = preprocess(middle, { view: "particle", mode, diameter: own });
    const { paddedHeight, paddedWidth, pixels } = image;
    known += pixels.reduce((count, grey) => grey > 0 ? count + 1 : count, 0); // black is outside
    for (const contrast of ["dark", "bright"] as const) {
      const seen = normalise(contrast === "dark" ? pixels : inverted(pixels));
      const maps = await detector.detect(seen, paddedHeight, paddedWidth);
      const all = candidatesOf(maps);
      sized[contrast].push(...all);
      const distinct = distinctObjects(all, mode, object);
      found[contrast].push(...distinct);
      each[contrast].set(micrograph.name, meanOfFew(distinct.map(({ score }) => score)));
    }
  }
  const count = Math.max(STRONGEST.least, Math.round(STRONGEST.part * known / object ** 2));
  const strongest = (some: Candidate[]) => {
    const first = some.sort((a, b) => b.score - a.score).slice(0, count);
    return first.filter(({ score }) => score >= first[0].score / 2); // where particles are few
  };
  const answer = (some: Candidate[]) => {
    const scores = strongest(some).map(({ score }) => score);
    return scores.reduce((a, b) => a + b, 0) / Math.max(STRONGEST.least, scores.length);
  };
  const size = (some: Candidate[]) => {
    return diameter * (typicalDiameter(strongest(some)) || object) / object;
  };
  return {
    diameter,
    score: { dark: answer(found.dark), bright: answer(found.bright) },
    seen: { dark: size(sized.dark), bright: size(sized.bright) },
    each,
  };
}

/** Mean of the few highest scores; what is missing counts as 0. */
function meanOfFew(scores: number[]): number {
  const few = scores.toSorted((a, b) => b - a).slice(0, STRONGEST.least);
  return few.reduce((sum, score) => sum + score, 0) / STRONGEST.least;
}

/** The name of a micrograph with picks at a rival of the diameter that was found, and weaker ones at it. */
function unlikeIn(
  answers: readonly Answer[],
  { found, seen, threshold }: { found: number; seen: Contrast; threshold: number },
): string | undefined {
  const isRival = ({ diameter }: Answer) => Math.abs(Math.log(diameter / found)) > Math.log(RIVAL);
  const most = (some: Answer[], name: string) =>
    Math.max(0, ...some.map(({ each }) => each[seen].get(name) ?? 0));
  const [rivals, near] = [answers.filter(isRival), answers.filter((one) => !isRival(one))];
  const names = new Set(answers.flatMap(({ each }) => [...each[seen].keys()]));
  return [...names].find((name) => {
    const other = most(rivals, name);
    return other >= threshold && other > UNLIKE * most(near, name);
  });
}

function looksBright(answers: readonly Answer[], threshold: number): boolean {
  const { dark, bright } = answers.map(({ score }) => score)
    .reduce((most, score) => score.bright > most.bright ? score : most);
  return bright >= BRIGHT.thresholds * threshold && bright >= BRIGHT.times * dark &&
    answers.every(({ score }) => bright > score.dark);
}

/** What was seen at a diameter, in the contrast that particles have. */
interface Size {
  diameter: number;
  score: number;
  seen: number;
}

/** How far the best answer leads the rivals, as a part of it. */
function leadOf(sizes: readonly Size[], best: number): number {
  const { diameter, score } = sizes[best];
  const rivals = sizes.filter((one) => {
    return Math.abs(Math.log(one.diameter / diameter)) > Math.log(RIVAL);
  });
  return score > 0 ? 1 - Math.max(0, ...rivals.map((one) => one.score)) / score : 0;
}

/** The diameter, between two that follow each other, at which the network sees what was tried, if any. */
function agreement(sizes: readonly Size[]): number | undefined {
  const pairs = sizes.slice(1).map((large, i) => [sizes[i], large])
    .sort(([a, b], [c, d]) => c.score + d.score - a.score - b.score);
  for (const [small, large] of pairs) {
    const [before, behind] = [small, large].map((one) => Math.log(one.seen / one.diameter));
    if (before === behind) continue; // no sizes are predicted
    const part = before / (before - behind); // of the step, where both are the same
    if (part >= -OUTSIDE && part <= 1 + OUTSIDE) return small.diameter * STEP ** part;
  }
  return undefined;
}

/** The diameter with the highest score, by the parabola through the best and its neighbours. */
function summit(sizes: readonly Size[], best: number): number {
  const [before, here, behind] = [best - 1, best, best + 1].map((i) => sizes[i]?.score ?? NaN);
  const bend = before - 2 * here + behind;
  return sizes[best].diameter * (bend < 0 ? STEP ** ((before - behind) / (2 * bend)) : 1);
}

/** The sizes that the network sees at the best diameter and its neighbours, by their scores. */
function seenAround(sizes: readonly Size[], best: number): number {
  const near = [best - 1, best, best + 1].filter((i) => i in sizes).map((i) => sizes[i]);
  const total = near.reduce((sum, { score }) => sum + score ** 2, 0);
  if (total === 0) return sizes[best].diameter;
  return Math.exp(near.reduce((sum, one) => sum + one.score ** 2 / total * Math.log(one.seen), 0));
}

/** The middle of a micrograph, at most `side` pixels wide and high. */
function middleOf(micrograph: Micrograph, side: number): Micrograph {
  const [width, height] = [Math.min(side, micrograph.width), Math.min(side, micrograph.height)];
  if (width === micrograph.width && height === micrograph.height) return micrograph;
  const left = (micrograph.width - width) >> 1;
  const top = (micrograph.height - height) >> 1;
  const pixels = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = (top + y) * micrograph.width + left;
    pixels.set(micrograph.pixels.subarray(start, start + width), y * width);
  }
  return { ...micrograph, width, height, pixels };
}
