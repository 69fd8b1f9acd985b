import * as z from "zod";
import { EPickerError } from "./errors.ts";

/** What the options of a type must be, those that need a look; all of them may be left out. */
export type OptionChecks<T> = { [K in keyof T]?: z.ZodType };

/** Checks of single values, to build {@linkcode OptionChecks} of; their messages say what fits. */
export const option = {
  /** A number between `low` and `high`, ends included. */
  between: (low: number, high: number, what = "a number"): z.ZodType<number> =>
    numberThat((value) => value >= low && value <= high, `${what} between ${low} and ${high}`),
  /** A number above `low`, and at most `high`. */
  above: (low: number, high = Number.MAX_VALUE, what = "a number"): z.ZodType<number> =>
    numberThat(
      (value) => value > low && value <= high,
      `${what} above ${low}` + (high < Number.MAX_VALUE ? ` and at most ${high}` : ""),
    ),
  /** A number of `low` or more. */
  from: (low: number): z.ZodType<number> =>
    numberThat((value) => value >= low && Number.isFinite(value), `a number of ${low} or more`),
  /** A whole number from `low`, and at most `high`; any by default. */
  whole: (low = Number.MIN_SAFE_INTEGER, high = Number.MAX_SAFE_INTEGER): z.ZodType<number> =>
    numberThat(
      (value) => Number.isSafeInteger(value) && value >= low && value <= high,
      "a whole number" + (low > Number.MIN_SAFE_INTEGER ? ` from ${low}` : "") +
        (high < Number.MAX_SAFE_INTEGER ? ` to ${high}` : ""),
    ),
  /** A whole number from `step` to `high` that `step` divides. */
  multipleOf: (step: number, high: number): z.ZodType<number> =>
    numberThat(
      (value) => value >= step && value <= high && value % step === 0,
      `a multiple of ${step}, at most ${high}`,
    ),
  /** One of some texts. */
  oneOf: <T extends string>(names: readonly T[]): z.ZodType<T> =>
    z.custom<T>((value) => names.some((name) => name === value), names.join(", ")),
};

function numberThat(fits: (value: number) => boolean, expected: string): z.ZodType<number> {
  return z.custom<number>((value) => typeof value === "number" && fits(value), expected);
}

/**
 * Refuses options that do not fit, before anything is done with them.
 *
 * @param options What a function was given.
 * @param checks What they must be.
 * @throws {EPickerError} `bad-option` that names the first that does not fit, and how many more.
 *
 * @example
 * ```ts
 * import { checkOptions, option } from "@epicker/epicker/core";
 * import { EPickerError } from "@epicker/epicker";
 * import { assertThrows } from "@std/assert";
 *
 * const checks = { steps: option.whole(1) };
 * checkOptions({ steps: 3 }, checks);
 * assertThrows(
 *   () => checkOptions({ steps: -5 }, checks),
 *   EPickerError,
 *   "steps: found -5; expected a whole number from 1.",
 * );
 * ```
 */
export function checkOptions<T extends object>(options: T, checks: OptionChecks<T>): void {
  const optional = Object.entries<z.ZodType | undefined>(checks).map(([name, check]) => {
    return [name, check?.optional()];
  });
  checkArgument(options, z.object(Object.fromEntries(optional), "an object of options"));
}

/**
 * Refuses an argument that does not fit a schema.
 *
 * @param name What the argument is called in messages; options are called by their own names.
 * @throws {EPickerError} `bad-option` that names the first value that does not fit, and how many more.
 */
export function checkArgument(value: unknown, schema: z.ZodType, name?: string): void {
  const checked = schema.safeParse(value);
  if (checked.success) return;
  const { path, message } = checked.error.issues[0];
  const found = path.reduce<unknown>((part, key) => Object(part)[key], value);
  throw new EPickerError("bad-option", {
    file: [...(name === undefined ? [] : [name]), ...path].join(".") || "options",
    found: shown(found) + andMore(checked.error),
    expected: message,
  }, { cause: checked.error });
}

/** The first thing that a schema does not allow, and how many more: what messages say of it. */
export function mistakeIn(error: z.ZodError): string {
  const { path, message } = error.issues[0];
  return `${path.join(".") || "the whole"}: ${message}${andMore(error)}`;
}

function andMore({ issues }: z.ZodError): string {
  return issues.length > 1 ? ` (and ${issues.length - 1} more that do not fit)` : "";
}

/** A value in a few words. */
function shown(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "string") {
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  }
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === "object"
    ? "an object"
    : typeof value === "function"
    ? "a function"
    : String(value);
}
