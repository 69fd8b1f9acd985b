import { EPickerError } from "../mod.ts";
import { messageOfError, writeFileAtomic } from "../lib/core/mod.ts";

/** A notebook file of format 4, as far as it is looked at here. */
export interface Notebook {
  /** Its cells in order. */
  cells: Cell[];
  /** Kernel and language. */
  metadata: Record<string, unknown>;
  /** Version of the format. */
  nbformat: number;
  /** Minor version of the format. */
  nbformat_minor: number;
}

/** A cell; code cells have outputs. */
export interface Cell {
  /** `code`, `markdown` or `raw`. */
  cell_type: string;
  /** Name of the cell, unique in its notebook. */
  id?: string;
  /** Tags among other things. */
  metadata: { tags?: string[] };
  /** Its text, whole or by lines. */
  source: string | string[];
  /** What it showed. */
  outputs?: Output[];
  /** Number of the execution. */
  execution_count?: number | null;
}

/** Something that a cell showed: text of a stream, data by MIME type, or an error. */
export interface Output extends Record<string, unknown> {
  /** `stream`, `display_data`, `execute_result` or `error`. */
  output_type: string;
}

/** Values of parameters by name. */
export type Parameters = Record<string, unknown>;

/** Tag of the cell that declares `const params = { … }`. */
const DECLARED = "parameters";

/** Tag of the cell that sets other values, as papermill has it. */
const INJECTED = "injected-parameters";

/**
 * Reads a notebook.
 *
 * @throws {EPickerError} `missing-file`; `bad-file` for anything but a notebook of format 4.
 */
export async function readNotebook(path: string): Promise<Notebook> {
  const text = await Deno.readTextFile(path).catch((error) => {
    throw new EPickerError("missing-file", {
      file: path,
      found: `that it cannot be read (${messageOfError(error)})`,
      expected: "a notebook",
    });
  });
  try {
    const notebook = JSON.parse(text);
    if (notebook.nbformat === 4 && Array.isArray(notebook.cells)) return notebook;
  } catch { /* no JSON */ }
  throw new EPickerError("bad-file", {
    file: path,
    found: "something else",
    expected: "a Jupyter notebook of format 4",
    remedy: "Open it in JupyterLab and save it again.",
  });
}

/** The text of a cell. */
export function sourceOf({ source }: Cell): string {
  return typeof source === "string" ? source : source.join("");
}

/** Names of the parameters that a notebook declares. */
export function parameterNames({ cells }: Notebook): string[] {
  const declared = cells.filter((cell) => hasTag(cell, DECLARED)).map(sourceOf).join("\n");
  return [...declared.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
}

/** The notebook with a cell that sets parameters after the one that declares them. */
export function withParameters(notebook: Notebook, parameters: Parameters): Notebook {
  const cells = notebook.cells.filter((cell) => !hasTag(cell, INJECTED));
  const at = cells.findIndex((cell) => hasTag(cell, DECLARED));
  if (at >= 0 && Object.keys(parameters).length > 0) {
    cells.splice(at + 1, 0, {
      cell_type: "code",
      id: INJECTED,
      metadata: { tags: [INJECTED] },
      source: `void Object.assign(params, ${JSON.stringify(parameters)});`,
      outputs: [],
      execution_count: null,
    });
  }
  return { ...notebook, cells };
}

/** Writes a notebook as Jupyter does, but data that are no text on one line each. */
export async function writeNotebook(path: string, notebook: Notebook): Promise<void> {
  const compact: string[] = [];
  const text = JSON.stringify(
    notebook,
    (key, value) => {
      if (key === "source" || key === "text" || key.startsWith("text/") || key.endsWith("xml")) {
        return linesOf(value);
      }
      if (!key.endsWith("json")) return value;
      compact.push(JSON.stringify(value));
      return `\0${compact.length - 1}\0`;
    },
    1,
  );
  const whole = text.replaceAll(/"\\u0000(\d+)\\u0000"/g, (_, index) => compact[index]);
  await writeFileAtomic(path, whole + "\n");
}

function hasTag({ metadata }: Cell, tag: string): boolean {
  return metadata.tags?.includes(tag) ?? false;
}

/** A text as a list of lines with their line feeds. */
function linesOf(text: string | string[]): string[] {
  return typeof text === "string" ? text.split(/(?<=\n)/) : text;
}
