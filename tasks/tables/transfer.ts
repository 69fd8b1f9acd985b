import { formatTable } from "../../mod.ts";
import { type PickerScores } from "../../lib/evaluation/mod.ts";
import { DATASETS } from "./picking.ts";
import { mean, readScores, type Tables } from "./_read.ts";

/** Trainings of `models/simulated`, and what they are. */
const RUNS: Record<string, string> = {
  simulated: "simulated alone",
  real: "real alone",
  both: "both",
  short: "real alone, 400 steps",
  first: "simulated first, then real, 400 steps",
};

/** Pickers of `models/light` beside them. */
const BESIDE: Record<string, string> = {
  EPicker: "real alone, `models/light` (longer)",
  "topaz-pretrained": "Topaz 0.3.18, pretrained, best scale",
  "relion-log": "RELION 3.1 LoG, true diameter given",
};

/** AP and best F1 of models that learned from simulated data; ribosomes by the labels alone. */
export async function transferTables(): Promise<Tables> {
  const runs = await Promise.all(
    Object.entries(RUNS).map(async ([name, title]) =>
      rowOf(title, await readScores(`models/simulated/${name}.json`), "EPicker")
    ),
  );
  const light = [
    ...(await readScores("models/light/scores.json")).filter(({ dataset }) =>
      dataset !== "ribosome"
    ),
    ...await readScores("models/light/ribosome-labels.json"),
  ];
  const beside = Object.entries(BESIDE).map(([picker, title]) => rowOf(title, light, picker));
  return {
    transfer: formatTable([...runs, ...beside], [
      { key: "run", title: "AP / best F1" },
      ...Object.entries(DATASETS).map(([key, title]) => ({ key, title, align: "right" as const })),
      { key: "mean", align: "right" },
    ]),
  };
}

function rowOf(run: string, scores: PickerScores[], picker: string): Record<string, string> {
  const ofPicker = Object.keys(DATASETS).map((dataset) => {
    const { overall } = scores.find((row) => row.dataset === dataset && row.picker === picker)!;
    return [dataset, overall] as const;
  });
  const text = (ap: number, f1: number) => `${ap.toFixed(3)} / ${f1.toFixed(3)}`;
  const meanOf = (key: "ap" | "f1") => mean(ofPicker.map(([, overall]) => overall[key]));
  return {
    run,
    ...Object.fromEntries(ofPicker.map(([dataset, { ap, f1 }]) => [dataset, text(ap, f1)])),
    mean: text(meanOf("ap"), meanOf("f1")),
  };
}
