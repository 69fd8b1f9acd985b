import { mean } from "../core/mod.ts";
import { formatTable, type TableColumn } from "../evaluation/mod.ts";
import type { BiasedModel, BiasedResult } from "./biased.ts";

/** A model's recalls in percent: means over the seeds, by the names of kinds and of species. */
export type BiasedLine = { model: string; precision: number } & Record<string, string | number>;

/** The kinds of particles of a result's test images, species by species, with their numbers. */
function kindsOf({ models: [{ kinds }] }: BiasedResult) {
  return [...kinds].sort((a, b) => a.kind < b.kind ? -1 : 1);
}

/** A line for every model. */
export function biasedLines({ models }: BiasedResult): BiasedLine[] {
  return [...Map.groupBy(models, ({ name }) => name).values()].map((runs) => {
    const percent = (value: (run: BiasedModel) => number) => 100 * mean(runs.map(value));
    const line: BiasedLine = { model: runs[0].title, precision: percent((run) => run.precision) };
    for (const { kind } of runs[0].kinds) {
      const species = kind.split(" ")[0];
      line[kind] = percent((run) => recallOf(run, (other) => other === kind));
      line[species] = percent((run) => recallOf(run, (other) => other.split(" ")[0] === species));
    }
    return line;
  });
}

/** Recall of several kinds together. */
function recallOf({ kinds }: BiasedModel, isWanted: (kind: string) => boolean): number {
  const wanted = kinds.filter(({ kind }) => isWanted(kind));
  const truth = wanted.reduce((sum, { truth }) => sum + truth, 0);
  return wanted.reduce((sum, { truth, recall }) => sum + truth * recall, 0) / truth;
}

/** Columns with the recall of every species, then of every species' views. */
export function biasedColumns(result: BiasedResult): TableColumn<BiasedLine>[] {
  const kinds = kindsOf(result);
  const species = Map.groupBy(kinds, ({ kind }) => kind.split(" ")[0]);
  return [
    { key: "model" },
    { key: "precision", digits: 1 },
    ...[...species].map(([key, views]) => ({
      key,
      title: `${key} (${views.reduce((sum, { truth }) => sum + truth, 0)})`,
      digits: 1,
    })),
    ...kinds.map(({ kind, truth }) => ({ key: kind, title: `${kind} (${truth})`, digits: 0 })),
  ];
}

/** The experiment as Markdown. */
export function biasedMarkdown(result: BiasedResult): string {
  const { plan: { base, labelled, steps }, backend, labels, models } = result;
  const { shown, particles, micrographs } = labels;
  const seeds = new Set(models.map(({ seed }) => seed)).size;
  return [
    "# Biased or unbiased picking",
    `Labels: ${shown} ${labelled.view} views of ${labelled.species} among ${particles} particles on ` +
    `${micrographs} micrographs. Base model: ${
      base.names.join(", ")
    }, ${steps.base} steps; every ` +
    `other one ${steps.added} steps. ${seeds} seed(s). ${backend}.`,
    formatTable(biasedLines(result), biasedColumns(result)),
    `Recall in percent of each species and of its views (in brackets: particles on the test ` +
    `micrographs), among the best ${
      models[0].picks
    } picks or as many as a model has; precision of ` +
    "the same picks.",
  ].join("\n\n") + "\n";
}
