import { formatTable } from "../../mod.ts";
import type { BenchmarkReport } from "../../lib/benchmark/mod.ts";
import { layoutOf, lengthOf, networkOf } from "../../lib/centernet/mod.ts";
import type { FolderEvaluation } from "../../lib/evaluation/mod.ts";
import { readJson, readJsonIfThere, type Tables } from "./_read.ts";

/** Widths of the network that were tried. */
const WIDTHS = [0.25, 0.375, 0.5];

/** Edge of the micrograph whose time is told. */
const EDGE = 4096;

/** What a wider network finds of a kind that it has not seen, and what it takes. */
export async function widthTables(): Promise<Tables> {
  const rows = await Promise.all(WIDTHS.map(async (width) => {
    const file = `models/experiments/width/${width}`;
    const [{ overall }] = await readJson<FolderEvaluation[]>(`${file}.json`);
    const speed = await readJsonIfThere<BenchmarkReport>(`${file}.speed.json`);
    const picking = speed?.picking.find((one) => one.width === EDGE && one.height === EDGE);
    return {
      width: String(width),
      parameters: lengthOf(layoutOf(networkOf(width)).parameters).toLocaleString("en"),
      ap: overall.ap,
      best: overall.f1,
      own: overall.own?.f1,
      seconds: picking?.seconds.total.toFixed(2) ?? "not run",
    };
  }));
  return {
    width: formatTable(rows, [
      { key: "width", align: "right" },
      { key: "parameters", align: "right" },
      { key: "ap", title: "AP", digits: 3, align: "right" },
      { key: "best", title: "best F1", digits: 3, align: "right" },
      { key: "own", title: "F1 at own threshold", digits: 3, align: "right" },
      { key: "seconds", title: "seconds, 4096 × 4096", align: "right" },
    ]),
  };
}
