import { parseArgs } from "@std/cli/parse-args";
import { EPickerError } from "../lib/core/mod.ts";
import { nearest } from "./_nearest.ts";

/** An option of a command line, and how its texts become a value. */
export interface Flag<T> {
  /** As it is typed: `--out DIR`; `--data DIR…` takes several words, `--json` alone is a switch. */
  usage: string;
  /** What it does, and its default. */
  help: string;
  /** The value of the texts that were given, none where it was not. */
  parse(texts: string[]): T;
}

/** The flags of a command by the names that the library gives its options. */
export type Flags = Record<string, Flag<unknown>>;

/** What flags were given; those left out have no key, or the value of none. */
export type Values<F extends Flags> = {
  [K in keyof F]: F[K] extends Flag<infer T> ? T : never;
};

/** A flag of one text. */
export function text(usage: string, help: string): Flag<string | undefined> {
  return last(usage, help, (text) => text);
}

/** A flag of several words. */
export function texts(usage: string, help: string): Flag<string[]> {
  return { usage, help, parse: (texts) => texts };
}

/** A flag of names with commas between them. */
export function names(usage: string, help: string): Flag<string[] | undefined> {
  return last(usage, help, (text) => text.split(","));
}

/** A flag of a number. */
export function number(usage: string, help: string): Flag<number | undefined> {
  return last(usage, help, (text, fail) => {
    const value = Number(text);
    return text.trim() !== "" && Number.isFinite(value) ? value : fail("a number");
  });
}

/** A flag of a least score, or `auto`. */
export function score(usage: string, help: string): Flag<number | "auto" | undefined> {
  return last(usage, help, (text, fail) => {
    if (text === "auto") return text;
    const value = Number(text);
    return text.trim() !== "" && Number.isFinite(value) ? value : fail("a number or auto");
  });
}

/** A flag that counts: a whole number from 1 to a million. */
export function count(usage: string, help: string): Flag<number | undefined> {
  return last(usage, help, (text, fail) => {
    const value = text.trim() === "" ? NaN : Number(text);
    const fits = Number.isInteger(value) && value >= 1 && value <= 1e6;
    return fits ? value : fail("a whole number from 1 to 1000000");
  });
}

/** A flag that is one of some names. */
export function choice<T extends string>(
  usage: string,
  help: string,
  names: readonly T[],
): Flag<T | undefined> {
  return last(usage, help, (text, fail) => {
    return names.find((name) => name === text) ?? fail(names.join(", "));
  });
}

/** A switch. */
export function on(usage: string, help: string): Flag<boolean> {
  return { usage, help, parse: (texts) => texts.length > 0 };
}

/** A flag that must be given. */
export function needed<T>(flag: Flag<T>): Flag<Exclude<T, undefined>> {
  return {
    ...flag,
    parse(texts) {
      if (texts.length === 0 || texts.includes("")) throw missing(flag);
      return flag.parse(texts) as Exclude<T, undefined>;
    },
  };
}

/** The error where a flag must be given and is not. */
export function missing(flag: Flag<unknown>): EPickerError {
  const expected = `${flag.usage}: ${flag.help}`;
  return new EPickerError("bad-option", { found: `no ${nameOf(flag)}`, expected });
}

/** A flag of a coordinate format, in any case. */
export function format(usage: string, help: string): Flag<string | undefined> {
  return last(usage, help, (text) => text.toLowerCase());
}

/** A flag of coordinate formats with commas between them, in any case. */
export function formats(usage: string, help: string): Flag<string[] | undefined> {
  return last(usage, help, (text) => text.toLowerCase().split(","));
}

/** A flag of the seeds 1 to N. */
export function seeds(usage: string, help: string): Flag<number[]> {
  const { parse } = count(usage, help);
  return {
    ...{ usage, help },
    parse: (texts) => Array.from({ length: parse(texts) ?? 1 }, (_, i) => i + 1),
  };
}

/** A flag of which the last text counts. */
function last<T>(
  usage: string,
  help: string,
  read: (text: string, fail: (expected: string) => never) => T,
): Flag<T | undefined> {
  return {
    ...{ usage, help },
    parse(texts) {
      const text = texts.at(-1);
      if (text === undefined) return undefined;
      return read(text, (expected) => {
        const [file, found] = [nameOf({ usage }), `"${text}"`];
        throw new EPickerError("bad-option", { file, found, expected });
      });
    },
  };
}

/** A flag as it is typed, without its value: `--out`. */
export function nameOf({ usage }: { usage: string }): string {
  return usage.split(" ")[0];
}

/**
 * The values of a command line, and its plain arguments.
 *
 * @throws {EPickerError} `bad-option` for what no flag takes.
 */
export function parseFlags<F extends Flags>(
  flags: F,
  argv: string[],
  takesInputs: boolean,
): { values: Values<F>; inputs: string[] } {
  const byName = new Map(Object.values(flags).map((flag) => [nameOf(flag).slice(2), flag]));
  const isSwitch = (name: string) => !byName.get(name)!.usage.includes(" ");
  const options = [...byName.keys()].filter((name) => !isSwitch(name));
  const args = parseArgs(spreadLists(argv, byName), {
    boolean: [...byName.keys()].filter(isSwitch),
    string: ["_", ...options],
    collect: options,
    unknown: (argument, key) => (key === undefined && takesInputs) || refuse(argument, byName),
  });
  const values = Object.entries(flags).map(([option, flag]) => {
    const given = args[nameOf(flag).slice(2)] ?? [];
    return [option, flag.parse(Array.isArray(given) ? given : given ? [""] : [])];
  }).filter(([, value]) => value !== undefined);
  return { values: Object.fromEntries(values), inputs: args._.map(String) };
}

/**
 * Options named `DIR…` take all words up to the next option; a negative number belongs to the option
 * before it.
 */
function spreadLists(argv: string[], flags: Map<string, Flag<unknown>>): string[] {
  const usageOf = (word = "") => flags.get(word.slice(2))?.usage ?? "";
  const spread: string[] = [];
  let list: string | undefined;
  for (const word of argv) {
    if (word.startsWith("--")) {
      list = usageOf(word).endsWith("…") ? word : undefined;
      if (list === undefined) spread.push(word);
    } else if (/^-[\d.]/.test(word) && usageOf(spread.at(-1)).includes(" ")) {
      spread.push(`${spread.pop()}=${word}`);
    } else spread.push(...(list === undefined ? [word] : [list, word]));
  }
  return spread;
}

function refuse(argument: string, flags: Map<string, unknown>): never {
  const names = [...flags.keys()].map((name) => `--${name}`);
  const near = argument.startsWith("-") ? nearest(argument.split("=")[0], names) : undefined;
  throw new EPickerError("bad-option", {
    found: `"${argument}"`,
    ...(near ? { remedy: `Did you mean ${near}?` } : { expected: names.join(", ") }),
  });
}

/** A message of the library as it fits a command line: its `options` as they are typed. */
export function typed(message: string, flags: Flags): string {
  return message.replaceAll(/(?<!found )['`](\w+)['`]/g, (found, option) => {
    return Object.hasOwn(flags, option) ? nameOf(flags[option]) : found;
  });
}
