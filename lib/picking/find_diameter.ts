import {
  candidatesOf,
  distinctObjects,
  type ImageDetector,
  typicalDiameter,
} from "../centernet/mod.ts";
import { mean, type Micrograph } from "../core/mod.ts";
import { normalise, PARTICLE_SIZE, preprocess } from "../preprocess/mod.ts";

/** What a look at several scales says of the particles' size. */
export interface DiameterScan {
  /** Most likely diameter, in micrograph pixels. */
  diameter: number;
  /** How far the best scale leads the next but one, as a share of its answer: 0 is a guess. */
  lead: number;
  /** The answer at every diameter that was tried, smallest first. */
  answers: { diameter: number; answer: number }[];
}

/** Factor from one diameter to the next. */
const STEP = Math.SQRT2;

/** Particles along the edge of the piece that is looked at: 24 of 40 pixels are 960. */
const ACROSS = 24;

/** Least and most diameters that are tried: in pixels, and as a part of the longer side. */
const LIMITS = { pixels: 8, least: 1 / 100, most: 1 / 5 };

/** Part of the candidates, the best ones, whose mean score is the answer; and how many at least. */
const STRONGEST = { part: 0.1, least: 5 };

/**
 * Finds the diameter of the particles by a look at several scales: a network that knows particles of
 * one size answers most strongly where they have it.
 *
 * The middle of each micrograph is seen at diameters a factor √2 apart; the answer is the mean score
 * of the strongest tenth of the candidates. At the best scale the network's own sizes refine it.
 *
 * @param micrographs A few of one folder, with pixels of one size.
 * @param detector A network of the view `particle`.
 */
export async function findDiameter(
  micrographs: readonly Micrograph[],
  detector: ImageDetector,
): Promise<DiameterScan> {
  const side = Math.max(...micrographs.map(({ width, height }) => Math.max(width, height)));
  const [least, most] = [Math.max(LIMITS.pixels, LIMITS.least * side), LIMITS.most * side];
  const count = Math.max(0, Math.floor(Math.log(most / least) / Math.log(STEP))) + 1;
  const answers: (DiameterScan["answers"][number] & { refined: number })[] = [];
  for (let i = 0; i < count; i++) {
    const diameter = least * STEP ** i;
    const looks = [];
    for (const micrograph of micrographs) looks.push(await look(micrograph, diameter, detector));
    answers.push({
      diameter,
      answer: mean(looks.map(({ answer }) => answer)),
      refined: mean(looks.map(({ refined }) => refined)),
    });
  }
  const best = answers.reduce((a, b) => b.answer > a.answer ? b : a);
  const others = answers.filter(({ diameter }) =>
    Math.abs(Math.log(diameter / best.diameter)) > 0.5
  );
  const next = Math.max(0, ...others.map(({ answer }) => answer));
  return {
    diameter: best.refined,
    lead: best.answer > 0 ? 1 - next / best.answer : 0,
    answers: answers.map(({ diameter, answer }) => ({ diameter, answer })),
  };
}

/** The answer of one micrograph's middle at one diameter, and the size that the network sees. */
async function look(micrograph: Micrograph, diameter: number, detector: ImageDetector) {
  const image = preprocess(middleOf(micrograph, Math.ceil(ACROSS * diameter)), {
    view: "particle",
    diameter,
  });
  const { paddedHeight, paddedWidth, pixels } = image;
  const maps = await detector.detect(normalise(pixels), paddedHeight, paddedWidth);
  const seen = distinctObjects(candidatesOf(maps), "particle", PARTICLE_SIZE);
  const strongest = seen.slice(0, Math.max(STRONGEST.least, STRONGEST.part * seen.length));
  const own = typicalDiameter(candidatesOf(maps)) || PARTICLE_SIZE;
  return {
    answer: mean(strongest.map(({ score }) => score)) || 0, // none is no answer
    refined: diameter * own / PARTICLE_SIZE,
  };
}

/** The middle of a micrograph, at most `side` pixels wide and high. */
function middleOf(micrograph: Micrograph, side: number): Micrograph {
  const [width, height] = [Math.min(side, micrograph.width), Math.min(side, micrograph.height)];
  const left = (micrograph.width - width) >> 1;
  const top = (micrograph.height - height) >> 1;
  const pixels = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = (top + y) * micrograph.width + left;
    pixels.set(micrograph.pixels.subarray(start, start + width), y * width);
  }
  return { ...micrograph, width, height, pixels };
}
