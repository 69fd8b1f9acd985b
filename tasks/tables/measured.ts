import { chartFigure, formatTable } from "../../mod.ts";
import { DATASETS } from "./picking.ts";
import { readJson, type Tables } from "./_read.ts";

/** Scores as `tests/measure_model.ts` writes them. */
interface Scores {
  ap: number;
  bestF1: number;
  f1?: number;
  found?: number;
}

/** What `tests/measure_model.ts` has measured. */
interface Measured {
  diameter: Record<string, { given: Scores; found: Scores }>;
  noise: { sigma: number; model: Scores; differenceOfGaussians: Scores }[];
  empty: Record<string, { given: number[]; found: number }>;
  thresholds: {
    threshold: number;
    mean: number;
    most: number;
    recall: number;
    precision: number;
  }[];
}

const readMeasured = () => readJson<Measured>("models/general/measured.json");

/** Recall of the weakest kind against picks where nothing is, by the threshold, as SVG. */
export async function emptyPicksFigure(): Promise<string> {
  const { thresholds } = await readMeasured();
  const most = Math.max(...thresholds.map(({ mean }) => mean));
  return chartFigure("What a threshold costs", {
    title: "Thresholds from 0.9, left, to 0.3",
    x: "picks on a micrograph with nothing to pick, mean",
    y: "recall of TRPV1",
    yRange: [0, 1],
    xRange: [0, 1.05 * most],
    series: [{ name: "general", points: thresholds.map(({ mean, recall }) => [mean, recall]) }],
  }).svg;
}

/** What the shipped model does where nothing is, in noise, and without a diameter. */
export async function measuredTables(): Promise<Tables> {
  const { diameter, noise, empty, thresholds } = await readMeasured();
  const right = <K extends string>(key: K, title: string = key) => ({
    ...{ key, title },
    align: "right" as const,
  });
  const text = ({ ap, bestF1, f1 }: Scores) =>
    [ap, bestF1, f1].map((value) => value?.toFixed(3) ?? "–").join(" / ");
  return {
    "empty-picks": formatTable(
      Object.entries(empty).map(([name, { given, found }]) => ({
        name,
        given: given.join(", "),
        found: String(found),
      })),
      [{ key: "name", title: "picks on" }, right("given", "diameters given"), right("found")],
    ),
    "empty-thresholds": formatTable(
      thresholds.map(({ threshold, mean, most, recall, precision }) => ({
        threshold: threshold.toFixed(1),
        mean: mean.toFixed(1),
        most: String(most),
        recall: recall.toFixed(2),
        precision: precision.toFixed(2),
      })),
      [
        right("threshold"),
        right("mean", "picks on an empty one"),
        right("most"),
        right("recall", "recall of TRPV1"),
        right("precision"),
      ],
    ),
    "added-noise": formatTable(
      noise.map(({ sigma, model, differenceOfGaussians }) => ({
        sigma: String(sigma),
        model: text(model),
        blob: text(differenceOfGaussians),
      })),
      [
        right("sigma", "σ"),
        right("model", "AP / best F1 / F1 of the model"),
        right("blob", "of a difference of Gaussians"),
      ],
    ),
    "diameter-found": formatTable(
      Object.entries(diameter).map(([name, { given, found }]) => ({
        dataset: DATASETS[name],
        given: text(given),
        found: text(found),
        part: `${Math.round(100 * found.found!)} %`,
      })),
      [
        { key: "dataset" },
        right("given", "AP / best F1 / F1, given"),
        right("found"),
        right("part", "diameter found, of the true one"),
      ],
    ),
  };
}
