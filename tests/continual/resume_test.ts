import { assertRejects } from "@std/assert";
import { learn, type Memory, mergeMemories, STRATEGIES } from "../../lib/continual/mod.ts";
import { EPickerError } from "../../lib/core/mod.ts";
import { tinyImage } from "../training/_tiny.ts";
import { TINY_RECIPE, tinyModel } from "./_tiny.ts";

Deno.test("a lesson resumes only with the same strategy and the same store of exemplars", async () => {
  const out = await Deno.makeTempDir();
  const fresh = { train: [tinyImage(7, "new")], validation: [], warnings: [] };
  const memory: Memory = { exemplars: [tinyImage(1, "old", 64)], vectors: {} };
  const given = { fresh, old: tinyModel(), memory };
  const options = {
    recipe: { ...TINY_RECIPE, steps: 1 },
    out,
    backend: "wasm",
    workers: 1,
  } as const;
  await learn(STRATEGIES.replay, given, options);
  const resume = { ...options, resume: true };
  const others: [keyof typeof STRATEGIES, Memory, string][] = [
    ["der", memory, "given other `strategy`;"],
    ["fine-tune", memory, "given other `strategy`;"],
    [
      "replay",
      mergeMemories(memory, { exemplars: [], vectors: { v: Float32Array.of(1) } }),
      "given other `exemplars`;",
    ],
    ["replay", { ...memory, exemplars: [tinyImage(2, "old", 64)] }, "given other `exemplars`;"],
  ];
  for (const [name, store, message] of others) {
    const lesson = { ...given, memory: store };
    await assertRejects(() => learn(STRATEGIES[name], lesson, resume), EPickerError, message);
  }
  await learn(STRATEGIES.replay, given, resume);
  await Deno.remove(out, { recursive: true });
});
