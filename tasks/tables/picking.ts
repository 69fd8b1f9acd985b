import { formatTable, type TableColumn } from "../../mod.ts";
import { formatInterval, type PickerScores } from "../../lib/evaluation/mod.ts";
import { boldHighest, mean, readScores, type Tables } from "./_read.ts";

/** How pickers are called. */
export const PICKERS: Record<string, string> = {
  EPicker: "EPicker for Deno, shipped model",
  crYOLO: "crYOLO, general model, published picks",
  topaz: "Topaz, published picks",
  "topaz-pretrained": "Topaz 0.3.18, pretrained nets, best scale",
  "relion-log": "RELION 3.1 LoG, true diameter given",
  deepPicker: "DeepPicker, published picks",
};

/** Pickers whose files hold all candidates: no threshold of their own is known. */
const CANDIDATES = ["topaz-pretrained", "relion-log"];

/** How datasets are called, in the order of tables. */
export const DATASETS: Record<string, string> = {
  bgal: "β-galactosidase",
  ribosome: "80S ribosome",
  trpv1: "TRPV1",
  apoferritin: "apoferritin",
};

/** The shipped model beside other pickers, and the model of the paper's view alone. */
export async function pickingTables(): Promise<Tables> {
  const scores = await readScores("models/general/scores.json");
  const labels = await readScores("models/general/ribosome-labels.json");
  const groups = Map.groupBy(scores, ({ dataset }) => dataset);
  return {
    "best-f1": bestF1Table(scores),
    "shipped-model": formatTable(shippedRows(scores), SHIPPED),
    "light-model": formatTable(shippedRows(await readScores("models/light/scores.json")), SHIPPED),
    reliability: reliabilityTable(scores),
    ...Object.fromEntries(
      Object.keys(DATASETS).flatMap((name) => [
        [`picking-${name}`, bothProtocols(groups.get(name)!)],
        [`sure-${name}`, differences(groups.get(name)!)],
      ]),
    ),
    "picking-ribosome-labels": bothProtocols(labels),
    "sure-ribosome-labels": differences(labels),
  };
}

/** What share of the picks is right, by their scores; a column for every dataset. */
function reliabilityTable(scores: PickerScores[]): string {
  const ours = scores.filter(({ picker }) => picker === "EPicker");
  const tenths = Array.from({ length: 10 }, (_, i) => i / 10);
  const rows = tenths.map((low): Record<string, string> => ({
    score: `${low.toFixed(1)} to ${(low + 0.1).toFixed(1)}`,
    ...Object.fromEntries(ours.map(({ dataset, overall }) => {
      const bin = overall.reliability.find(({ score }) =>
        Math.floor(10 * score + 1e-9) / 10 === low
      );
      return [dataset, bin ? `${Math.round(100 * bin.right)} % of ${bin.count}` : "–"];
    })),
  }));
  const error = Object.fromEntries(
    ours.map(({ dataset, overall }) => [dataset, overall.calibrationError.toFixed(3)]),
  );
  const columns = [{ key: "score" }, ...rightOf(DATASETS)];
  return formatTable([...rows, { score: "calibration error", ...error }], columns);
}

/** A line for every picker, a column of best F1 for every dataset. */
function bestF1Table(scores: PickerScores[]): string {
  const columns = Object.keys(DATASETS).map((dataset) => {
    const f1Of = (name: string) =>
      scores.find((row) => row.dataset === dataset && row.picker === name)?.overall.f1;
    return [dataset, boldHighest(Object.keys(PICKERS).map(f1Of))] as const;
  });
  const rows = Object.values(PICKERS).map((picker, i): Record<string, string> => ({
    picker,
    ...Object.fromEntries(columns.map(([dataset, cells]) => [dataset, cells[i]])),
  }));
  return formatTable(rows, [{ key: "picker", title: "best F1" }, ...rightOf(DATASETS)]);
}

function rightOf(titles: Record<string, string>): TableColumn<Record<string, string>>[] {
  return Object.entries(titles).map(([key, title]) => ({ key, title, align: "right" }));
}

/** Scores of all candidates, and of equal numbers of picks, on one dataset. */
function bothProtocols(scores: PickerScores[]): string {
  const column = (of: (row: PickerScores) => number | undefined) => boldHighest(scores.map(of));
  const ap = column(({ overall }) => overall.ap);
  const f1 = column(({ overall }) => overall.f1);
  const own = column(({ picker, overall }) =>
    CANDIDATES.includes(picker) ? undefined : overall.own.f1
  );
  const rows = scores.map(({ picker, overall, against }, i): Record<string, string> => {
    const [theirs, ours] = against ? boldHighest([against.otherAp, against.ap]) : ["–", "–"];
    const equal = { number: String(against?.picks ?? "–"), theirs, ours };
    const all = { picks: String(overall.picks), ap: ap[i] };
    return { picker: PICKERS[picker], ...all, ...equal, f1: f1[i], own: own[i] };
  });
  return formatTable(rows, [
    { key: "picker" },
    ...rightOf({
      picks: "candidates",
      ap: "AP, all of them",
      number: "equal number",
      theirs: "its AP then",
      ours: "ours",
      f1: "best F1",
      own: "F1 at own threshold",
    }),
  ]);
}

/** How sure the differences to the other pickers are. */
function differences(scores: PickerScores[]): string {
  const rows = scores.flatMap(({ picker, against }) => {
    if (against === undefined) return [];
    const [ap, f1] = [against.apDifference, against.f1Difference].map(formatInterval);
    return [{ picker: PICKERS[picker], ap, f1 }];
  });
  return formatTable(rows, [
    { key: "picker", title: "ours minus" },
    { key: "ap", title: "AP at equal number (95 %)" },
    { key: "f1", title: "best F1 (95 %)" },
  ]);
}

const SHIPPED: TableColumn<ReturnType<typeof shippedRows>[number]>[] = [
  { key: "dataset" },
  { key: "truth", title: "particles" },
  { key: "ap", title: "AP" },
  { key: "ar", title: "AR" },
  { key: "f1", title: "best F1" },
  { key: "threshold", title: "at", digits: 2 },
  { key: "precision" },
  { key: "recall" },
  { key: "own", title: "F1 at own threshold" },
];

/** Our scores on every dataset, and their mean. */
function shippedRows(scores: PickerScores[]) {
  const ours = scores.filter(({ picker }) => picker === "EPicker").map(({ dataset, overall }) => ({
    dataset: DATASETS[dataset],
    truth: overall.truth as number | undefined,
    threshold: overall.threshold as number | undefined,
    precision: overall.precision as number | undefined,
    recall: overall.recall as number | undefined,
    ...{ ap: overall.ap, ar: overall.ar, f1: overall.f1, own: overall.own.f1 },
  }));
  const meanOf = (key: "ap" | "ar" | "f1" | "own") => mean(ours.map((row) => row[key]));
  const none = { truth: undefined, threshold: undefined, precision: undefined, recall: undefined };
  return [...ours, {
    dataset: "mean",
    ...none,
    ...{ ap: meanOf("ap"), ar: meanOf("ar"), f1: meanOf("f1"), own: meanOf("own") },
  }];
}
