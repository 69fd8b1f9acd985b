/**
 * Runs notebooks without a browser: `epicker notebooks [NAME…]`.
 *
 * @module
 */
import { basename, dirname, fromFileUrl, join } from "@std/path";
import { EPickerError } from "../mod.ts";
import { command, progressBar } from "./_cli.ts";
import { type CellRun, findPython, isError, runCells } from "./_deno_kernel.ts";
import { count, on, text, texts } from "./_flags.ts";
import {
  type Notebook,
  parameterNames,
  type Parameters,
  readNotebook,
  sourceOf,
  withParameters,
  writeNotebook,
} from "./_notebook.ts";

/** Where the notebooks of this project are. */
const FOLDER = fromFileUrl(new URL("../notebooks", import.meta.url));

/** Seconds that a cell may take by default. */
const TIMEOUT = 3600;

export default command({
  inputs: "NAME…",
  flags: {
    param: texts("--param KEY=VALUE…", "parameters of the notebooks that have them"),
    out: text("--out DIR", "folder for the executed notebooks (default: out/notebooks)"),
    save: on("--save", "write the outputs into the notebooks themselves"),
    timeout: count("--timeout S", `seconds that a cell may take (default: ${TIMEOUT})`),
  },
  examples: ["", "03_training --param steps=300 seed=2", "01 02 --save"],
  async main({ param, out = "out/notebooks", save, timeout = TIMEOUT }, inputs) {
    const python = await findPython();
    const paths = await pathsOf(inputs);
    const notebooks = await Promise.all(paths.map(readNotebook));
    const parameters = parametersOf(param);
    assertKnown(parameters, notebooks);
    if (save && param.length > 0) throw savedWithParameters();
    let failed = 0;
    for (const [i, path] of paths.entries()) {
      const name = basename(path, ".ipynb");
      const notebook = withParameters(notebooks[i], ownOf(parameters, notebooks[i]));
      const started = performance.now();
      const { executed, complaint } = await execute(notebook, name, { python, path, timeout });
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      await writeNotebook(save ? path : join(out, basename(path)), executed);
      console.log(`${complaint === undefined ? "ok" : "FAILED"} ${name} (${seconds} s)`);
      if (complaint === undefined) continue;
      console.log(complaint);
      failed++;
    }
    console.log(`\nnotebooks: ${paths.length - failed} passed, ${failed} failed`);
    return failed === 0;
  },
});

/** Runs the code cells; the outputs of cells that were not reached are empty. */
async function execute(
  notebook: Notebook,
  name: string,
  { python, path, timeout }: { python: string; path: string; timeout: number },
): Promise<{ executed: Notebook; complaint?: string | undefined }> {
  const bar = progressBar();
  const code = notebook.cells.filter((cell) => cell.cell_type === "code");
  const total = code.length;
  bar.onProgress({ stage: name, done: 0, total });
  const ran = await runCells(code.map(sourceOf), {
    python,
    folder: dirname(path),
    timeout,
    onCell: (done) => bar.onProgress({ stage: name, done, total }),
  });
  bar.stop();
  const results = new Map(code.map((cell, i) => [cell, ran.results[i]]));
  const cells = notebook.cells.map((cell) => {
    if (cell.cell_type !== "code") return cell;
    return { ...cell, ...(results.get(cell) ?? { outputs: [], execution_count: null }) };
  });
  return { executed: { ...notebook, cells }, complaint: complaintOf(notebook, ran) };
}

/** Which cell failed and how; undefined where none did. */
function complaintOf({ cells }: Notebook, { results, broken }: CellRun): string | undefined {
  const code = cells.filter((cell) => cell.cell_type === "code");
  const error = results.at(-1)?.outputs.find(isError);
  if (error === undefined && broken === null) return undefined;
  const number = error ? results.length : results.length + 1;
  const what = error ? `${error.ename}: ${error.evalue}` : broken;
  const place = cells.indexOf(code[number - 1]) + 1;
  const source = sourceOf(code[number - 1]).replaceAll(/^/gm, "  | ");
  return `cell ${place}, [${number}]: ${what}\n${source}`;
}

/** Notebooks by name or by the beginning of it, or by path; all of them by default. */
async function pathsOf(names: string[]): Promise<string[]> {
  const own = await ownNotebooks();
  if (names.length === 0 && own.length > 0) return own.map((name) => join(FOLDER, name));
  if (names.length === 0) {
    const [found, expected] = ["no notebooks in this package", "the path of a notebook"];
    throw new EPickerError("bad-option", { found, expected });
  }
  return await Promise.all(names.map(async (name) => {
    const matches = own.filter((file) => file.startsWith(name));
    if (matches.length === 1) return join(FOLDER, matches[0]);
    if (name.endsWith(".ipynb") && await isThere(name)) return Deno.realPathSync(name);
    throw new EPickerError("bad-option", {
      file: name,
      found: `${matches.length} notebooks of this name`,
      expected: `one of ${own.join(", ")}, or the path of a notebook`,
    });
  }));
}

/** Names of this project's notebooks; the npm package has none. */
async function ownNotebooks(): Promise<string[]> {
  if (!await Deno.stat(FOLDER).then(() => true, () => false)) return [];
  return [...Deno.readDirSync(FOLDER)].map(({ name }) => name)
    .filter((name) => name.endsWith(".ipynb")).sort();
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isFile }) => isFile, () => false);
}

/** `key=value` pairs; a value is JSON where it can be read so, else text. */
function parametersOf(pairs: string[]): Parameters {
  return Object.fromEntries(pairs.map((pair) => {
    const [, key, value] = /^(\w+)=(.*)$/s.exec(pair) ?? [];
    if (key !== undefined) return [key, valueOf(value)];
    throw new EPickerError("bad-option", {
      file: "--param",
      found: `"${pair}"`,
      expected: "key=value",
    });
  }));
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The parameters that a notebook has. */
function ownOf(parameters: Parameters, notebook: Notebook): Parameters {
  const names = parameterNames(notebook);
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => names.includes(name)));
}

function assertKnown(parameters: Parameters, notebooks: Notebook[]): void {
  const known = new Set(notebooks.flatMap(parameterNames));
  for (const name of Object.keys(parameters)) {
    if (known.has(name)) continue;
    throw new EPickerError("bad-option", {
      file: "--param",
      found: `"${name}", which no chosen notebook has`,
      expected: [...known].sort().join(", ") || "none",
    });
  }
}

function savedWithParameters(): EPickerError {
  return new EPickerError("bad-option", {
    file: "--save",
    found: "other parameters (--param)",
    expected: "the notebooks' own",
    remedy: "Leave one of the two out.",
  });
}
