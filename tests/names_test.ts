/** Names that every object has are no names of ours, wherever one is looked up. */
import { assertRejects, assertThrows } from "@std/assert";
import {
  EPickerError,
  experimentNamed,
  phantomNamed,
  presetNamed,
  startBackend,
  strategyOf,
  writeCoordinates,
} from "../mod.ts";
import { type BackendName } from "../lib/backend/mod.ts";
import { modeOf } from "../lib/core/mod.ts";

const NAMES = ["constructor", "__proto__", "toString", "hasOwnProperty"];

Deno.test("names that every object has are refused like any unknown name", async () => {
  for (const name of NAMES) {
    for (const find of [strategyOf, presetNamed, phantomNamed, modeOf, experimentNamed]) {
      assertThrows(() => find(name), EPickerError, `"${name}"`);
    }
    await assertRejects(() => startBackend(name as BackendName), EPickerError, `"${name}"`);
    const write = () => writeCoordinates("/nowhere/a.star", [], { format: name });
    await assertRejects(write, EPickerError, `'${name}'`);
  }
});
