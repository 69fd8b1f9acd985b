import { fromFileUrl } from "@std/path";
import { EPickerError } from "../mod.ts";
import type { Output } from "./_notebook.ts";

/** What a cell gave. */
export interface CellResult {
  /** What it showed, an error last where it failed. */
  outputs: Output[];
  /** Number of the execution. */
  execution_count: number | null;
}

/** What all cells of a notebook gave. */
export interface CellRun {
  /** A result for every cell up to the first that failed. */
  results: CellResult[];
  /** Why the cell after the results did not end, or why nothing could start; else null. */
  broken: string | null;
}

/** What {@linkcode runCells} may be told. */
export interface RunCellsOptions {
  /** The Python that {@linkcode findPython} found. */
  python: string;
  /** Folder that relative imports and paths start from. */
  folder: string;
  /** Seconds that a cell may take. */
  timeout: number;
  /** Told the number of cells done. */
  onCell?: (done: number) => void;
}

/** The driver of the kernel. */
const SCRIPT = fromFileUrl(new URL("./run_cells.py", import.meta.url));

/** Pythons that may have Debian's packages: the one in the path may be another. */
const PYTHONS = ["python3", "/usr/bin/python3"];

/**
 * A Python with jupyter_client: `EPICKER_PYTHON`, the one in the path, or the system's.
 *
 * @throws {EPickerError} `missing-file` that says what to install.
 */
export async function findPython(): Promise<string> {
  const wanted = Deno.env.get("EPICKER_PYTHON");
  const candidates = wanted === undefined ? PYTHONS : [wanted];
  for (const python of candidates) {
    const options: Deno.CommandOptions = { args: ["-c", "import jupyter_client"], stderr: "null" };
    const { success } = await new Deno.Command(python, options).output()
      .catch(() => ({ success: false }));
    if (success) return python;
  }
  throw new EPickerError("missing-file", {
    file: candidates.join(", "),
    found: "no Python with jupyter_client",
    expected: "it, to talk to the kernel",
    remedy: "apt-get install python3-jupyter-client; EPICKER_PYTHON names another Python.",
  });
}

/** Runs cells on a fresh kernel of this Deno, up to the first that fails. */
export async function runCells(
  cells: readonly string[],
  { python, folder, timeout, onCell }: RunCellsOptions,
): Promise<CellRun> {
  const child = new Deno.Command(python, {
    args: [SCRIPT],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(child.stderr).text();
  const task = JSON.stringify({ deno: Deno.execPath(), folder, timeout, cells });
  await new Response(task).body!.pipeTo(child.stdin);
  let run: CellRun | undefined;
  for await (const line of linesOf(child.stdout)) {
    const message = JSON.parse(line);
    if ("results" in message) run = message;
    else onCell?.(message.done);
  }
  const trace = (await errors).trim();
  await child.status;
  return run ?? { results: [], broken: `the kernel did not run:\n${trace}` };
}

/** Whether an output is an error. */
export function isError({ output_type }: Output): boolean {
  return output_type === "error";
}

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}
