/**
 * Shows what the project does: `epicker demo`.
 *
 * @module
 */
import { join, resolve } from "@std/path";
import {
  averagePrecision,
  demoMicrographs,
  formatTable,
  loadPicker,
  pickFiles,
  pickPage,
  precisionRecall,
  type Simulation,
  type TableColumn,
  writeCoordinates,
  writeMrc,
} from "../mod.ts";
import { writeFileAtomic } from "../lib/core/mod.ts";
import { type PickedFile, type PickSummary } from "../lib/picking/mod.ts";
import { type PickFigure } from "../lib/plots/mod.ts";
import { command, printSkipped, progressBar } from "./_cli.ts";
import { text } from "./_flags.ts";
import { FLAG } from "./_shared_flags.ts";

/** A line of the table. */
interface Row {
  name: string;
  truth?: number;
  picks?: number;
  precision?: number;
  recall?: number;
  ap?: number;
  seconds: number;
}

const COLUMNS: TableColumn<Row>[] = [
  { key: "name", title: "micrograph" },
  { key: "truth", title: "particles" },
  { key: "picks" },
  { key: "precision", digits: 3 },
  { key: "recall", digits: 3 },
  { key: "ap", title: "AP", digits: 3 },
  { key: "seconds", digits: 2 },
];

export default command({
  flags: {
    out: text("--out DIR", "folder for data, picks and page (default: out/demo)"),
    model: FLAG.model,
    backend: FLAG.anyBackend,
  },
  examples: ["", "--out /tmp/demo --backend wasm"],
  async main({ out = "out/demo", model, backend }) {
    using picker = await loadPicker({ model, backend });
    const simulations = demoMicrographs();
    await writeDataset(join(out, "data"), simulations);
    const figures = new Map<string, PickFigure>();
    const bar = progressBar();
    const paths = simulations.map(({ micrograph }) =>
      micrographPath(join(out, "data"), micrograph)
    );
    let summary: PickSummary | undefined;
    for (const path of paths) { // one by one, for their particles are of unlike sizes
      summary = await pickFiles(picker, [path], {
        out: join(out, "picks"),
        formats: ["star", "box", "csv"],
        overwrite: true, // every page needs its images
        earlier: summary?.files,
        onProgress: bar.onProgress,
        onResult: (name, { candidates: picks, image, diameter }) => {
          const truth = simulations.find(({ micrograph }) => micrograph.name === name)?.truth ?? [];
          figures.set(name, { name, picks, truth, image, diameter });
        },
      });
    }
    const { files, backend: title, threshold } = summary!;
    bar.stop();
    const rows = files.map((file) => scoredRow(file, figures.get(file.name), threshold));
    const name = picker.model.notes.name ?? model;
    const about = `Model "${name}" on ${title}, threshold ${threshold}.`;
    const page = pickPage({
      title: "EPicker demo: simulated micrographs",
      subtitle: `${about} Scores belong to this threshold; AP takes all candidates.`,
      micrographs: files.flatMap(({ name }) => figures.get(name) ?? []),
      threshold,
      table: { rows, columns: COLUMNS },
    });
    await writeFileAtomic(join(out, "index.html"), page);
    console.log(`${formatTable(rows, COLUMNS)}\n\n${about}`);
    console.log(`Coordinates: ${resolve(out, "picks")}`);
    console.log(`Page:        ${resolve(out, "index.html")}`);
    return printSkipped(files).length === 0;
  },
});

/** Scores one micrograph: precision and recall of its picks, AP of all candidates. */
function scoredRow(
  { name, seconds }: PickedFile,
  figure: PickFigure | undefined,
  threshold: number,
): Row {
  const truth = figure?.truth?.[0] && figure.truth;
  if (!figure || !truth) return { name, seconds };
  const image = {
    name,
    truth,
    picks: figure.picks,
    diameter: truth[0].diameter ?? figure.diameter,
  };
  const picks = figure.picks.filter(({ score = 1 }) => score >= threshold);
  const [point] = precisionRecall([{ ...image, picks }]).slice(-1);
  return {
    name,
    seconds,
    truth: truth.length,
    picks: picks.length,
    precision: point?.precision ?? NaN,
    recall: point?.recall ?? 0,
    ap: averagePrecision([image]).ap,
  };
}

function micrographPath(folder: string, { name }: { name: string }): string {
  return join(folder, "micrographs", `${name}.mrc`);
}

/** Writes a dataset folder; the labels are CSV, which keeps each particle's diameter. */
async function writeDataset(folder: string, simulations: Simulation[]): Promise<void> {
  const names = simulations.map(({ micrograph }) => micrograph.name);
  for (const { micrograph, truth } of simulations) {
    await writeMrc(micrographPath(folder, micrograph), micrograph);
    await writeCoordinates(join(folder, "coordinates", `${micrograph.name}.csv`), truth);
  }
  const about = { title: "Simulated micrographs", split: { train: [], test: names } };
  await writeFileAtomic(join(folder, "dataset.json"), JSON.stringify(about, null, 2) + "\n");
}
