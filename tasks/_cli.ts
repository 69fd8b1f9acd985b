import { parseArgs } from "@std/cli/parse-args";
import cliProgress from "cli-progress";
import { EPickerError, type OnProgress, readDataset } from "../mod.ts";
import { messageOfError, printable, type Split } from "../lib/core/mod.ts";
import { type LoadedDataset } from "../lib/io/mod.ts";

/** One option of a command. */
export interface Option {
  /** Text after the name in the help, e.g. `DIR`; absent for a switch. */
  value?: string;
  /** What it does, and its default. */
  help: string;
}

/** What a command is told. */
export interface Command {
  /** Name of the task. */
  name: string;
  /** What it does, in a sentence. */
  summary: string;
  /** How plain arguments are called in the help, e.g. `IN…`; absent where there are none. */
  inputs?: string;
  /** Its options by name, without dashes. */
  options: Record<string, Option>;
  /** Complete command lines. */
  examples: string[];
}

/** The parsed command line: texts of options, switches, plain arguments. */
export interface Arguments {
  /** Plain arguments. */
  inputs: string[];
  /** The text of an option, the last one where it is repeated. */
  text(name: string): string | undefined;
  /** All texts of an option; `--data A B` and `--data A --data B` are the same. */
  texts(name: string): string[];
  /** The number of an option. */
  number(name: string): number | undefined;
  /** The number of an option that counts: whole, from 1 to a million. */
  count(name: string): number | undefined;
  /** The text of an option that is one of some. */
  choice<T extends string>(name: string, names: readonly T[]): T | undefined;
  /** Whether a switch is on. */
  on(name: string): boolean;
}

/**
 * Runs a command: prints its help where asked, turns mistakes into one line and an exit code.
 *
 * Exit codes: 0 done, 1 some inputs failed (`main` returns false), 2 the command could not run, 130
 * {@linkcode interruptSignal} has stopped it; any other number that `main` returns.
 */
export async function run(
  command: Command,
  main: (args: Arguments) => Promise<boolean | number | void>,
): Promise<never> {
  keepOutputPrintable();
  if (Deno.args.some((arg) => arg === "--help" || arg === "-h")) {
    console.log(helpOf(command));
    Deno.exit(0);
  }
  try {
    const result = await main(parse(command, Deno.args));
    Deno.exit(typeof result === "number" ? result : result === false ? 1 : 0);
  } catch (error) {
    if (isInterrupt(error)) {
      console.error(`${command.name}: stopped; the same command goes on where it was`);
      Deno.exit(INTERRUPTED);
    }
    console.error(`${command.name}: ${messageOfError(error)}`);
    if (!(error instanceof EPickerError)) console.error((error as Error).stack);
    Deno.exit(2);
  }
}

/** Whether an error is the reason of a signal that was raised. */
function isInterrupt(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** Takes control characters, as in names of files, out of whatever is printed from here on. */
function keepOutputPrintable(): void {
  for (const name of ["log", "error"] as const) {
    const print = console[name].bind(console);
    console[name] = (...values: unknown[]) => {
      print(...values.map((value) => typeof value === "string" ? printable(value) : value));
    };
  }
}

/** Exit code of a command that Ctrl-C has stopped, as shells have it. */
export const INTERRUPTED = 130;

/**
 * A signal that Ctrl-C raises, for a command that ends cleanly; a second Ctrl-C ends it at once.
 *
 * `deno task` passes the terminal's signal on, so that one Ctrl-C arrives twice.
 */
export function interruptSignal(): AbortSignal {
  const stop = new AbortController();
  let first = Infinity;
  Deno.addSignalListener("SIGINT", () => {
    if (performance.now() - first > 300) Deno.exit(INTERRUPTED);
    first = Math.min(first, performance.now());
    stop.abort();
  });
  return stop.signal;
}

/** A progress bar with the remaining time on standard error; silent when that is no terminal. */
export function progressBar(): { onProgress: OnProgress; stop(): void } {
  const bar = new cliProgress.SingleBar({
    format: "{stage} {bar} {value}/{total} | {eta_formatted} left | {note}",
    hideCursor: true,
  }, cliProgress.Presets.shades_classic);
  const visible = Deno.stderr.isTerminal();
  let stage = "";
  return {
    onProgress(event) {
      if (!visible) return;
      const payload = { stage: event.stage, note: printable(event.note ?? "") };
      if (event.stage !== stage) {
        if (stage !== "") bar.stop();
        bar.start(event.total, event.done, payload);
        stage = event.stage;
      }
      bar.update(event.done, payload);
    },
    stop: () => bar.stop(),
  };
}

function parse({ name, options, inputs }: Command, argv: string[]): Arguments {
  const isSwitch = (option: string) => options[option].value === undefined;
  const names = Object.keys(options);
  const args = parseArgs(spreadLists(argv, options), {
    boolean: names.filter(isSwitch),
    string: ["_", ...names.filter((option) => !isSwitch(option))],
    collect: names.filter((option) => !isSwitch(option)),
    unknown: (argument, key) => {
      if (key === undefined && inputs !== undefined) return true;
      throw new EPickerError("bad-option", {
        file: name,
        found: `"${argument}"`,
        expected: names.map((option) => `--${option}`).join(", "),
        remedy: `See deno task ${name} --help.`,
      });
    },
  });
  const texts = (option: string) => (args[option] as string[] | undefined) ?? [];
  return {
    inputs: args._.map(String),
    texts,
    text: (option) => texts(option).at(-1),
    number: (option) => numberOf(`--${option}`, texts(option).at(-1)),
    count: (option) => countOf(`--${option}`, texts(option).at(-1)),
    choice: (option, names) => choiceOf(`--${option}`, texts(option).at(-1), names),
    on: (option) => Boolean(args[option]),
  };
}

/**
 * Options named `DIR…` take all words up to the next option; a negative number belongs to the option
 * before it.
 */
function spreadLists(argv: string[], options: Record<string, Option>): string[] {
  const spread: string[] = [];
  let list: string | undefined;
  for (const word of argv) {
    if (word.startsWith("--")) {
      list = options[word.slice(2)]?.value?.endsWith("…") ? word : undefined;
      if (list === undefined) spread.push(word);
    } else if (/^-[\d.]/.test(word) && options[spread.at(-1)?.slice(2) ?? ""]?.value) {
      spread.push(`${spread.pop()}=${word}`);
    } else spread.push(...(list === undefined ? [word] : [list, word]));
  }
  return spread;
}

function numberOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new EPickerError("bad-option", { file: option, found: `"${text}"`, expected: "a number" });
}

function countOf(option: string, text: string | undefined): number | undefined {
  const value = numberOf(option, text);
  if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= 1e6)) return value;
  throw new EPickerError("bad-option", {
    file: option,
    found: `"${text}"`,
    expected: "a whole number from 1 to 1000000",
  });
}

function choiceOf<T extends string>(
  option: string,
  text: string | undefined,
  names: readonly T[],
): T | undefined {
  if (text === undefined) return undefined;
  const choice = names.find((name) => name === text);
  if (choice !== undefined) return choice;
  throw new EPickerError("bad-option", {
    file: option,
    found: `"${text}"`,
    expected: names.join(", "),
  });
}

function helpOf({ name, summary, inputs, options, examples }: Command): string {
  const rows = Object.entries({ ...options, help: { help: "print this help" } as Option }).map(
    ([option, { value, help }]) => [`  --${option}${value ? ` ${value}` : ""}`, help],
  );
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return [
    summary,
    "",
    `Usage: deno task ${name}${inputs ? ` ${inputs}` : ""} [options]`,
    "",
    ...rows.map(([left, help]) => left.padEnd(width) + help),
    "",
    "Examples:",
    ...examples.map((example) => `  ${example}`),
  ].join("\n");
}

/** An option's text, which must be there. */
export function required(args: Arguments, name: string, command: string): string {
  const text = args.text(name);
  if (text !== undefined && text !== "") return text;
  throw new EPickerError("bad-option", {
    file: command,
    found: `no --${name}`,
    expected: "it",
    remedy: `See deno task ${command} --help.`,
  });
}

/** Prints an object as JSON where `--json` is on; returns whether it did. */
export function printJson(args: Arguments, value: unknown): boolean {
  if (args.on("json")) console.log(JSON.stringify(value, null, 2));
  return args.on("json");
}

/** Prints doubts about files to standard error, each text once. */
export function printWarnings(files: readonly { path: string; warnings?: string[] | undefined }[]) {
  const doubts = files.flatMap(({ path, warnings = [] }) => {
    return warnings.map((text) => ({ path, text }));
  });
  for (const [text, [{ path }, ...more]] of Map.groupBy(doubts, ({ text }) => text)) {
    console.error(`warning: ${path}${more.length > 0 ? ` and ${more.length} more` : ""}: ${text}`);
  }
}

/** The seeds 1 to N of the option `seeds`. */
export function seedsOf(args: Arguments): number[] {
  return Array.from({ length: args.count("seeds") ?? 1 }, (_, i) => i + 1);
}

/** Prints a doubt to standard error. */
export function warn(text: string): void {
  console.error(`warning: ${text}`);
}

/** Reads dataset folders and prints what is odd about them. */
export async function readDatasets(folders: string[]): Promise<LoadedDataset[]> {
  const datasets = await Promise.all(folders.map(readDataset));
  printWarnings(datasets.map(({ folder: path, warnings }) => ({ path, warnings })));
  return datasets;
}

/** A part of a dataset by its name. */
export function splitOf(text: string): Split {
  if (text === "train" || text === "test" || text === "all") return text;
  throw new EPickerError("bad-option", {
    file: "--split",
    found: `"${text}"`,
    expected: "train, test or all",
  });
}

/** The fields that are there. */
export function given<T extends Record<string, unknown>>(
  fields: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
