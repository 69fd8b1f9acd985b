import { dirname, isAbsolute, join } from "@std/path";
import {
  type DatasetEntry,
  EPickerError,
  logit,
  readFile,
  writeError,
  writeFileAtomic,
} from "../core/mod.ts";
import { type LoadedDataset, readMicrograph, readPickGroups, writeCoordinates } from "../io/mod.ts";
import type { Contrast, Picker } from "../picking/mod.ts";

/** What {@linkcode extractTopaz} may be told. */
export interface TopazExtractOptions {
  /** Least log-odds of a pick; those of the model's threshold by default. */
  threshold?: number;
  /** Radius of the particles in pixels of the images; found by default. */
  radius?: number;
  /** Factor from coordinates in the images to those that are written. @default {1} */
  scale?: number;
  /** Whether particles are dark or bright. @default {"dark"} */
  contrast?: Contrast;
}

/**
 * Picks images as `topaz extract` does, when RELION calls it as its Topaz executable.
 *
 * Writes a table of `image_name`, `x_coord`, `y_coord` (whole pixels, times the scale) and `score`, the
 * log-odds ln(p / (1 − p)) of a pick, best first; also where nothing is found, since RELION wants
 * the header.
 *
 * @throws {EPickerError} As `readMicrograph` and `picker.pick`, and `write-failed`.
 */
export async function extractTopaz(
  picker: Picker,
  images: readonly string[],
  output: string,
  { threshold, radius, scale = 1, contrast = "dark" }: TopazExtractOptions = {},
): Promise<void> {
  const least = threshold ?? logit(picker.model.threshold);
  const rows: (string | number)[][] = [["image_name", "x_coord", "y_coord", "score"]];
  for (const image of images) {
    const micrograph = await readMicrograph(image);
    const options = radius === undefined
      ? { contrast }
      : { contrast, diameterPx: 2 * radius, look: { contrast, doubts: [] } };
    const { candidates } = await picker.pick(micrograph, options);
    for (const { x, y, score } of candidates) {
      const odds = logit(score);
      if (odds < least) continue;
      rows.push([micrograph.name, Math.round(x * scale), Math.round(y * scale), odds.toFixed(4)]);
    }
  }
  await writeFileAtomic(output, rows.map((cells) => cells.join("\t") + "\n").join(""));
}

/** RELION trains with a quarter of the particles' radius: their diameter, in such radii. */
export const DIAMETER_IN_TRAINING_RADII = 8;

/**
 * Reads what `topaz train` is given, a table of images (`image_name`, `path`) and one of picks in their
 * pixels, as a dataset.
 *
 * @param about Name of the dataset; folder for the labels; the particles' diameter in pixels of the images.
 * @throws {EPickerError} `bad-file` for a table of other columns, and as `readPickGroups`.
 */
export async function readTopazDataset(
  images: string,
  targets: string,
  { name, out, diameterPx }: { name: string; out: string; diameterPx: number },
): Promise<LoadedDataset> {
  const groups = new Map(
    (await readPickGroups(targets)).map(({ micrograph = "", picks }) => [micrograph, picks]),
  );
  const entries: DatasetEntry[] = [];
  for (const [name, path] of await imagesOf(images)) {
    const coordinatesPath = join(out, `${name}.csv`);
    const picks = groups.get(name) ?? [];
    await writeCoordinates(coordinatesPath, picks.map(({ x, y }) => ({ x, y })));
    const micrographPath = isAbsolute(path) ? path : join(dirname(images), path);
    entries.push({ name, micrographPath, coordinatesPath });
  }
  const split = { train: entries.map(({ name }) => name), test: [] };
  return { name, title: images, folder: images, diameterPx, entries, split, warnings: [] };
}

async function imagesOf(path: string): Promise<[name: string, path: string][]> {
  const [header, ...rows] = new TextDecoder().decode(await readFile(path)).split(/\r?\n/)
    .filter((line) => line !== "").map((line) => line.split("\t"));
  const [name, place] = ["image_name", "path"].map((column) => header?.indexOf(column) ?? -1);
  if (name >= 0 && place >= 0 && rows.every((row) => row[name] && row[place])) {
    return rows.map((row) => [row[name], row[place]]);
  }
  throw new EPickerError("bad-file", {
    file: path,
    found: `the columns ${(header ?? []).join(", ")}`,
    expected: "a table of image_name and path",
  });
}

/** Seconds after the last request at which a resident helper ends. */
const IDLE = 60;

/**
 * Does the same work again and again for processes that have no time to begin, until none has asked for a
 * minute or the socket is removed.
 *
 * Every connection is a request; it is answered by what `work` gives, as JSON.
 *
 * @param socket Path of a Unix socket, in a folder of which others keep out.
 * @throws {EPickerError} `write-failed` where it cannot be made.
 */
export async function serveAgain(socket: string, work: () => Promise<unknown>): Promise<void> {
  let listener: Deno.Listener;
  try {
    listener = Deno.listen({ transport: "unix", path: socket });
  } catch (error) {
    throw writeError(socket, error);
  }
  let last = performance.now();
  const timer = setInterval(() => {
    if (isThere(socket) && performance.now() - last < IDLE * 1000) return;
    clearInterval(timer);
    listener.close();
  }, 1000);
  for await (const connection of listener) {
    try {
      last = Infinity; // at work
      const answer = JSON.stringify(await work());
      await new Blob([answer]).stream().pipeTo(connection.writable); // closes it
    } catch { /* who asked is gone */ }
    last = performance.now();
  }
  await Deno.remove(socket).catch(() => {});
}

function isThere(path: string): boolean {
  try {
    return Deno.lstatSync(path) !== undefined;
  } catch {
    return false;
  }
}
