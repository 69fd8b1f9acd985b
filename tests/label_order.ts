/**
 * How many labels the page's order "to label next" saves:
 * `deno run -A tests/label_order.ts DATA… --from MODEL --out DIR > FILE.json`.
 *
 * Goes on from a model that has not learned the datasets, on the first micrographs of each in that
 * order and in random ones, and tells how many labelled particles it takes to reach 95 % of the
 * average precision that all labels give. Every training is kept in --out: the same command goes on
 * where it was stopped.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { basename, join, resolve } from "@std/path";
import { uncertainty } from "../lib/app/page/label_next.ts";
import { random, writeFileAtomic } from "../lib/core/mod.ts";
import { entriesOf, readCandidates, readCoordinates, readDataset } from "../lib/io/mod.ts";
import { epicker } from "./tasks/_epicker.ts";

const HELP = `How many labels the order "to label next" saves.

Usage: deno run -A tests/label_order.ts DATA… --from MODEL --out DIR [--steps N] [--orders N]

  --from MODEL  a model that has not learned the datasets
  --out DIR     where trainings are kept
  --steps N     training steps of each (default: 150)
  --orders N    random orders to compare with (default: 5)`;

/** Numbers of micrographs that are learned, besides all. */
const COUNTS = [1, 2, 3, 5, 7];

/** Share of the average precision of all labels that is to be reached. */
const ENOUGH = 0.95;

/** What some micrographs teach. */
interface Learned {
  micrographs: number;
  /** Particles labelled in them. */
  labels: number;
  /** Average precision on the test part after learning them. */
  ap: number;
}

const args = parseArgs(Deno.args, {
  string: ["from", "out", "steps", "orders"],
  boolean: ["help"],
});
if (args.help || !args.from || !args.out || args._.length === 0) {
  console.log(HELP);
  Deno.exit(args.help ? 0 : 2);
}
const [from, out] = [String(args.from), String(args.out)];
const [steps, orders] = [Number(args.steps ?? 150), Number(args.orders ?? 5)];
const results = [];
for (const data of args._.map(String)) results.push(await compare(data));
console.log(JSON.stringify({ steps, enough: ENOUGH, datasets: results }, null, 1));

/** Compares the orders on a dataset. */
async function compare(data: string) {
  const { diameterA, ...info } = JSON.parse(await Deno.readTextFile(join(data, "dataset.json")));
  const set: Set = { data, info: { ...info, diameterA }, size: ["--diameter-a", `${diameterA}`] };
  const entries = entriesOf(await readDataset(data), "train");
  const names = entries.map(({ name }) => name);
  const labels = new Map<string, number>();
  for (const { name, coordinatesPath: path } of entries) {
    labels.set(name, path === undefined ? 0 : (await readCoordinates(path)).length);
  }
  const after = async (some: string[]): Promise<Learned> => {
    const count = some.reduce((sum, name) => sum + labels.get(name)!, 0);
    return { micrographs: some.length, labels: count, ap: await scoreOf(set, some) };
  };
  const [none, all] = [await after([]), await after(names)];
  const lists: Record<string, string[]> = {
    "to label next": await byWorth(set, entries.map(({ micrographPath }) => micrographPath), names),
  };
  for (let i = 1; i <= orders; i++) lists[`random ${i}`] = random(i).shuffle(names);
  const compared = [];
  for (const [order, list] of Object.entries(lists)) {
    const learned: Learned[] = [];
    for (const size of COUNTS.filter((size) => size < list.length)) {
      learned.push(await after(list.slice(0, size)));
      if (learned.at(-1)!.ap >= ENOUGH * all.ap) break;
    }
    const enough = learned.find(({ ap }) => ap >= ENOUGH * all.ap) ?? all;
    compared.push({ order, learned, needed: enough.labels });
    console.error(`${basename(data)}, ${order}: ${enough.labels} of ${all.labels} labels`);
  }
  return { name: basename(data), none, all, orders: compared };
}

/** A dataset folder, what its dataset.json says, and the size of its particles for the command line. */
interface Set {
  data: string;
  info: { split: object };
  size: string[];
}

/** Names in the order of the page, by the picks of the model to go on from. */
async function byWorth({ data, size }: Set, paths: string[], names: string[]): Promise<string[]> {
  const picks = join(out, basename(data), "picks");
  await run(["pick", ...paths, "--model", from, "--out", picks, ...size]);
  const worth = new Map<string, number>();
  for (const name of names) {
    const { candidates, threshold } = await readCandidates(
      join(picks, "candidates", `${name}.json`),
    );
    const scores = candidates.map(({ score }) => 1e4 * score).sort((a, b) => a - b);
    worth.set(name, uncertainty(scores, threshold));
  }
  return names.toSorted((a, b) => worth.get(b)! - worth.get(a)!);
}

/** Average precision on the test part after learning some micrographs, or none. */
async function scoreOf({ data, info, size }: Set, learned: string[]): Promise<number> {
  const folder = join(out, basename(data), learned.toSorted().join("+").slice(0, 200) || "none");
  const scores = join(folder, "scores.json");
  const known = await Deno.readTextFile(scores).catch(() => undefined);
  if (known === undefined) {
    const part = join(folder, "data");
    await Deno.mkdir(part, { recursive: true });
    for (const name of ["micrographs", "coordinates"]) {
      await Deno.remove(join(part, name)).catch(() => {});
      await Deno.symlink(resolve(data, name), join(part, name));
    }
    const split = { ...info.split, train: learned };
    await writeFileAtomic(join(part, "dataset.json"), JSON.stringify({ ...info, split }));
    const [model, picks] = [join(folder, "run"), join(folder, "picks")];
    const goOn = ["--from", from, "--out", model, "--steps", String(steps)];
    if (learned.length > 0) await run(["train", "--data", part, ...goOn]);
    const tests = entriesOf(await readDataset(part), "test").map(({ micrographPath }) =>
      micrographPath
    );
    const trained = learned.length > 0 ? join(model, "model.safetensors") : from;
    await run(["pick", ...tests, "--model", trained, "--out", picks, ...size]);
    await run(["evaluate", "--picks", picks, "--data", part, "--json", scores]);
  }
  return JSON.parse(await Deno.readTextFile(scores))[0].overall.ap;
}

async function run(args: string[]): Promise<void> {
  const { code, err } = await epicker(args);
  if (code !== 0) throw new Error(`epicker ${args[0]}: ${err}`);
}
