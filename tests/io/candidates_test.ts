import { assertEquals, assertRejects } from "@std/assert";
import { EPickerError } from "../../lib/core/mod.ts";
import {
  type CandidatesFile,
  readCandidates,
  readCoordinates,
  writeCandidates,
} from "../../lib/io/mod.ts";
import { withFile, withFolder } from "./mrc_bytes.ts";

const FILE: CandidatesFile = {
  version: 1,
  micrograph: "a",
  width: 100,
  height: 80,
  pixelSizeA: 1.5,
  model: "general",
  backend: "webgpu",
  threshold: 0.3,
  candidates: [{ x: 1 / 3, y: 2, score: 0.3 }, { x: 3, y: 4, score: 0.29999, diameter: 20 }],
};

Deno.test("readCandidates() reads all that writeCandidates() wrote, to the last digit", async () => {
  await withFolder(async (folder) => {
    for (const file of [FILE, { ...FILE, candidates: [] }]) {
      await writeCandidates(`${folder}/a.json`, file);
      assertEquals(await readCandidates(`${folder}/a.json`), file);
    }
  });
});

Deno.test("readCoordinates() reads the candidates at or above the threshold", async () => {
  await withFile("a.json", JSON.stringify(FILE), async (path) => {
    assertEquals(await readCoordinates(path), [FILE.candidates[0]]);
  });
});

Deno.test("writeCandidates() refuses scores that are not finite", async () => {
  const candidates = [{ x: 1, y: 2, score: NaN }];
  const write = () => writeCandidates("/no/a.json", { ...FILE, candidates });
  const error = await assertRejects(write, EPickerError, "score");
  assertEquals(error.code, "bad-option");
});

Deno.test("readCandidates() names the value that does not fit", async () => {
  const text = JSON.stringify({ ...FILE, candidates: [{ x: 1, y: "2", score: 0 }] });
  await withFile("a.json", text, async (path) => {
    await assertRejects(() => readCandidates(path), EPickerError, "candidates.0.y: ");
  });
});
