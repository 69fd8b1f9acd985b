import {
  type Candidate,
  candidatesOf,
  distinctObjects,
  type ImageDetector,
  type Model,
  typicalDiameter,
} from "../centernet/mod.ts";
import type { Micrograph, Mode } from "../core/mod.ts";
import type { Doubt } from "../io/mod.ts";
import { inverted, NETWORK_SIZES, normalise, preprocess } from "../preprocess/mod.ts";

/** Whether particles are darker than what is around them, as in most micrographs, or brighter. */
export type Contrast = "dark" | "bright";

/** What a look at some micrographs says of the particles in all of their folder. */
export interface Look {
  /** Most likely diameter in micrograph pixels, where none was given. */
  diameter?: number;
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

/** Factor from one diameter to the next. */
const STEP = Math.SQRT2;

/** Diameters that are tried: least in pixels, parts of the longer side, and Å where the size is known. */
const RANGES: Readonly<Record<Mode, { pixels: number; parts: number[]; angstrom: number[] }>> = {
  particle: { pixels: 8, parts: [1 / 60, 1 / 6], angstrom: [50, 700] },
  vesicle: { pixels: 8, parts: [1 / 60, 1 / 3], angstrom: [150, 3000] },
  fiber: { pixels: 4, parts: [1 / 120, 1 / 12], angstrom: [40, 400] },
};

/** Network pixels seen at each diameter, in all micrographs together. */
const AREA = 512 ** 2;

/** Part of the places for particles whose strongest candidates are the answer; at least so many. */
const STRONGEST = { part: 0.1, least: 5 };

/** Diameters this far apart are rivals, as a factor. */
const RIVAL = 1.7;

/** A lead or an answer below these is a guess. */
const SURE = { lead: 0.3, answer: 0.06 };

/** Bright particles must answer this much more than dark ones, and so many times. */
const BRIGHT = { answer: 0.08, times: 1.5 };

/** The answer of the micrographs at one diameter. */
interface Answer {
  diameter: number;
  /** How much more dark objects score than bright ones, on average. */
  dark: number;
  /** Diameters as the network sees them. */
  seen: { dark: number; bright: number };
}

/**
 * Finds the diameter of particles and whether they are dark, by a look at several scales.
 *
 * A network that knows particles of one size answers most where they have it. Noise answers as
 * well, but as much in the inverted image; so the answer is the mean score of the strongest
 * candidates minus that in the image with its contrast inverted. The network's own sizes around the
 * best scale refine it.
 *
 * @param micrographs A few of one folder, with pixels of one size.
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
  const isBright = contrast === undefined ? looksBright(answers) : contrast === "bright";
  const strengths = answers.map(({ dark }) => Math.max(0, isBright ? -dark : dark));
  const best = strengths.indexOf(Math.max(...strengths));
  const seen = isBright ? "bright" : "dark";
  const doubts: Doubt[] = [];
  if (isBright && contrast === undefined) {
    doubts.push({ kind: "contrast", text: "contrast is inverted: bright particles were picked" });
  }
  if (diameter !== undefined) return { contrast: seen, doubts };
  const lead = leadOf(answers, strengths, best);
  const found = +refined(answers, strengths, best, seen).toPrecision(3); // more is not known
  if (lead < SURE.lead || strengths[best] < SURE.answer) {
    const text = `the diameter of ${found} pixels was found, but is unsure: better give it`;
    doubts.push({ kind: "diameter", text });
  }
  return { diameter: found, lead: +lead.toFixed(2), contrast: seen, doubts };
}

/** Diameters to try, a factor √2 apart, in micrograph pixels. */
function diametersFor(micrographs: readonly Micrograph[], mode: Mode): number[] {
  const range = RANGES[mode];
  const side = Math.max(...micrographs.map(({ width, height }) => Math.max(width, height)));
  const pixelSizeA = micrographs.find((one) => one.pixelSizeA !== undefined)?.pixelSizeA;
  let [least, most] = range.parts.map((part) => part * side);
  if (pixelSizeA !== undefined) {
    const [low, high] = range.angstrom.map((length) => length / pixelSizeA);
    if (low < most && high > least) [least, most] = [Math.max(least, low), Math.min(most, high)];
  }
  least = Math.max(range.pixels, least);
  const steps = Math.max(0, Math.ceil(Math.log(most / least) / Math.log(STEP) - 0.25));
  return Array.from({ length: steps + 1 }, (_, i) => Math.min(side, least * STEP ** i));
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
  const object = NETWORK_SIZES[mode];
  let places = 0;
  const side = Math.ceil(Math.sqrt(AREA / micrographs.length) * diameter / object);
  for (const micrograph of micrographs) {
    const middle = middleOf(micrograph, side);
    if (!middle.pixels.some(Number.isFinite)) continue;
    const image = preprocess(middle, { view: "particle", mode, diameter });
    const { paddedHeight, paddedWidth, pixels, width, height } = image;
    places += width * height / object ** 2;
    for (const contrast of ["dark", "bright"] as const) {
      const seen = normalise(contrast === "dark" ? pixels : inverted(pixels));
      const maps = await detector.detect(seen, paddedHeight, paddedWidth);
      const all = candidatesOf(maps);
      sized[contrast].push(...all);
      found[contrast].push(...distinctObjects(all, mode, object));
    }
  }
  const count = Math.max(STRONGEST.least, Math.round(STRONGEST.part * places));
  const strongest = (some: Candidate[]) => {
    return some.sort((a, b) => b.score - a.score).slice(0, count); // fewer count as 0
  };
  const answer = (some: Candidate[]) => {
    return strongest(some).reduce((sum, { score }) => sum + score, 0) / count;
  };
  const size = (some: Candidate[]) => {
    return diameter * (typicalDiameter(strongest(some)) || object) / object;
  };
  return {
    diameter,
    dark: answer(found.dark) - answer(found.bright),
    seen: { dark: size(sized.dark), bright: size(sized.bright) },
  };
}

function looksBright(answers: readonly Answer[]): boolean {
  const dark = Math.max(0, ...answers.map(({ dark }) => dark));
  const bright = Math.max(0, ...answers.map(({ dark }) => -dark));
  return bright >= BRIGHT.answer && bright >= BRIGHT.times * dark;
}

/** How far the best answer leads the rivals, as a part of it. */
function leadOf(answers: readonly Answer[], strengths: readonly number[], best: number): number {
  const rivals = strengths.filter((_, i) => {
    return Math.abs(Math.log(answers[i].diameter / answers[best].diameter)) > Math.log(RIVAL);
  });
  return strengths[best] > 0 ? 1 - Math.max(0, ...rivals) / strengths[best] : 0;
}

/** The sizes that the network sees at the best diameter and its neighbours, by their answers. */
function refined(
  answers: readonly Answer[],
  strengths: readonly number[],
  best: number,
  contrast: Contrast,
): number {
  const near = [best - 1, best, best + 1].filter((i) => i in answers);
  const weights = near.map((i) => strengths[i] ** 2);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return answers[best].diameter;
  const sum = near.reduce((sum, i, k) => sum + weights[k] * Math.log(answers[i].seen[contrast]), 0);
  return Math.exp(sum / total);
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
