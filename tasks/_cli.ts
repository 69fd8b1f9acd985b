import cliProgress from "cli-progress";
import { EPickerError, messageOfError, type OnProgress, printable } from "../lib/core/mod.ts";
import { type LoadedDataset, readDataset } from "../lib/io/mod.ts";
import { type Flags, nameOf, parseFlags, typed, type Values } from "./_flags.ts";

/** A command: how it is told what to do, and what it does. */
export interface Command<F extends Flags = Flags> {
  /** How plain arguments are called in the help, e.g. `IN…`; absent where there are none. */
  inputs?: string;
  /** Its flags by the names of the library's options. */
  flags: F;
  /** Complete command lines, without the program's name. */
  examples: string[];
  /** Does it; the exit code, or whether all inputs went well. */
  main(flags: Values<F>, inputs: string[]): Promise<boolean | number | void>;
}

/** A command as it is, with the types of its flags. */
export function command<F extends Flags>(command: Command<F>): Command<F> {
  return command;
}

/** How a command is called, and what it does in a sentence. */
export interface About {
  /** What is typed before its arguments, e.g. `epicker pick`. */
  name: string;
  /** What it does. */
  summary: string;
}

/**
 * Runs a command: prints its help where asked, turns mistakes into one line and an exit code.
 *
 * Exit codes: 0 done, 1 some inputs failed (`main` returns false), 2 the command could not run, 130
 * {@linkcode interruptSignal} has stopped it; any other number that `main` returns.
 */
export async function run<F extends Flags>(
  { flags, inputs, main, examples }: Command<F>,
  { name, summary }: About,
  argv: string[],
): Promise<never> {
  keepOutputPrintable(flags);
  if (argv.some((arg) => arg === "--help" || arg === "-h")) {
    console.log(helpOf({ flags, inputs, examples }, { name, summary }));
    Deno.exit(0);
  }
  try {
    const args = parseFlags(flags, argv, inputs !== undefined);
    const result = await main(args.values, args.inputs);
    Deno.exit(typeof result === "number" ? result : result === false ? 1 : 0);
  } catch (error) {
    if (isInterrupt(error)) {
      console.error(`${name}: stopped; the same command goes on where it was`);
      Deno.exit(INTERRUPTED);
    }
    console.error(`${name}: ${messageIn(error, flags)}`);
    if (!(error instanceof EPickerError)) console.error((error as Error).stack);
    Deno.exit(2);
  }
}

/** Whether an error is the reason of a signal that was raised. */
function isInterrupt(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** The message of an error, which may be about one of the library's options. */
function messageIn(error: unknown, flags: Flags): string {
  const option = error instanceof EPickerError ? error.details.file ?? "" : "";
  const message = messageOfError(error);
  return Object.hasOwn(flags, option)
    ? nameOf(flags[option]) + message.slice(option.length)
    : message;
}

/**
 * Whatever is printed from here on has no control characters, as in names of files, and in messages
 * the library's options have the dashes with which they are typed.
 */
function keepOutputPrintable(flags: Flags): void {
  const [print, complain] = [console.log.bind(console), console.error.bind(console)];
  console.log = (text: string) => print(printable(text));
  console.error = (text: string) => complain(printable(typed(text, flags)));
}

/** Exit code of a command that Ctrl-C has stopped, as shells have it. */
export const INTERRUPTED = 130;

/**
 * A signal that Ctrl-C raises, for a command that ends cleanly; a second Ctrl-C ends it at once.
 * SIGTERM, by which a cluster asks a job to end, does the same.
 *
 * `deno task` passes the terminal's signal on, so that one Ctrl-C arrives twice.
 */
export function interruptSignal(): AbortSignal {
  const stop = new AbortController();
  let first = Infinity;
  const onSignal = () => {
    if (performance.now() - first > 300) Deno.exit(INTERRUPTED);
    first = Math.min(first, performance.now());
    stop.abort();
  };
  Deno.addSignalListener("SIGINT", onSignal);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", onSignal);
  return stop.signal;
}

/** Waits until a signal is raised. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((done) => signal.addEventListener("abort", () => done()));
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

function helpOf({ flags, inputs, examples }: Omit<Command, "main">, about: About): string {
  const { name, summary } = about;
  const all = [...Object.values(flags), { usage: "--help", help: "print this help" }];
  const width = Math.max(...all.map(({ usage }) => usage.length)) + 2;
  return [
    summary,
    "",
    `Usage: ${name}${inputs ? ` ${inputs}` : ""} [options]`,
    "",
    ...all.map(({ usage, help }) => `  ${usage.padEnd(width)}${help}`),
    "",
    "Examples:",
    ...examples.map((example) => `  ${name} ${example}`.trimEnd()),
  ].join("\n");
}

/** Prints an object as JSON where `--json` is on; returns whether it did. */
export function printJson({ json }: { json: boolean }, value: unknown): boolean {
  if (json) console.log(JSON.stringify(value, null, 2));
  return json;
}

/** Prints doubts about files to standard error, each text once. */
export function printWarnings(files: readonly { path: string; warnings?: string[] }[]) {
  const doubts = files.flatMap(({ path, warnings = [] }) => {
    return warnings.map((text) => ({ path, text }));
  });
  for (const [text, [{ path }, ...more]] of Map.groupBy(doubts, ({ text }) => text)) {
    console.error(`warning: ${path}${more.length > 0 ? ` and ${more.length} more` : ""}: ${text}`);
  }
}

/** Prints to standard error what failed, each file named once, and gives it. */
export function printSkipped<T extends { path: string; error?: string }>(files: readonly T[]): T[] {
  const failed = files.filter(({ error }) => error !== undefined);
  for (const { path, error = "" } of failed) {
    console.error(error.startsWith(path) ? `skipped ${error}` : `skipped ${path}: ${error}`);
  }
  return failed;
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
