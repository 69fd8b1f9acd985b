import { assertEquals, assertThrows } from "@std/assert";
import * as z from "zod";
import {
  checkArgument,
  checkOptions,
  EPickerError,
  mistakeIn,
  option,
  type OptionChecks,
} from "../../lib/core/mod.ts";

const CHECKS: OptionChecks<Record<string, unknown>> = {
  threshold: option.between(0, 1, "a score"),
  rate: option.above(0, 1),
  length: option.from(0),
  steps: option.whole(1),
  seed: option.whole(),
  crop: option.multipleOf(32, 1024),
  mode: option.oneOf(["particle", "fiber"]),
};

function mistakeOf(options: unknown): string {
  return assertThrows(() => checkOptions(options as object, CHECKS), EPickerError).message;
}

Deno.test("options within their ranges, left out or unknown are let through", () => {
  checkOptions({}, CHECKS);
  checkOptions({ threshold: undefined, other: "x" }, CHECKS);
  checkOptions({ threshold: 0, rate: 1, length: 0, steps: 1, seed: -3, crop: 32 }, CHECKS);
  checkOptions({ threshold: 1, rate: 1e-9, steps: 1e9, crop: 1024, mode: "fiber" }, CHECKS);
});

Deno.test("the first option out of its range is named, with what was found and what fits", () => {
  assertEquals(
    mistakeOf({ threshold: 5 }),
    "threshold: found 5; expected a score between 0 and 1.",
  );
  assertEquals(
    mistakeOf({ rate: 0 }),
    "rate: found 0; expected a number above 0 and at most 1.",
  );
  assertEquals(mistakeOf({ length: -1 }), "length: found -1; expected a number of 0 or more.");
  assertEquals(mistakeOf({ steps: 1.5 }), "steps: found 1.5; expected a whole number from 1.");
  assertEquals(mistakeOf({ seed: NaN }), "seed: found NaN; expected a whole number.");
  assertEquals(
    mistakeOf({ crop: 100 }),
    "crop: found 100; expected a multiple of 32, at most 1024.",
  );
  assertEquals(mistakeOf({ mode: "disc" }), 'mode: found "disc"; expected particle, fiber.');
  assertEquals(
    mistakeOf({ steps: "3", crop: [], mode: {} }),
    'steps: found "3" (and 2 more that do not fit); expected a whole number from 1.',
  );
});

Deno.test("what is no object of options is told", () => {
  for (const [given, found] of [[3, "3"], ["a.mrc", '"a.mrc"'], [null, "nothing"]]) {
    assertEquals(
      mistakeOf(given),
      `options: found ${found}; expected an object of options.`,
    );
  }
});

Deno.test("an argument's mistake is named by its place", () => {
  const schema = z.object({ shapes: z.array(z.object({ side: option.above(0) })) });
  const shapes = [{ side: 1 }, { side: 0 }, { side: -1 }];
  const error = assertThrows(() => checkArgument({ shapes }, schema, "figure"), EPickerError);
  assertEquals(
    error.message,
    "figure.shapes.1.side: found 0 (and 1 more that do not fit); expected a number above 0.",
  );
  assertEquals(error.code, "bad-option");
});

Deno.test("of many mistakes in a file the first and their number are told", () => {
  const schema = z.object({ picks: z.array(z.object({ score: z.number() })) });
  const { error } = schema.safeParse({ picks: Array.from({ length: 100 }, () => ({})) });
  assertEquals(
    mistakeIn(error!),
    "picks.0.score: Invalid input: expected number, received undefined (and 99 more that do not fit)",
  );
});
