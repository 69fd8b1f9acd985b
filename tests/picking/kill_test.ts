import { assertEquals, assertLess, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { writeModel } from "../../lib/centernet/mod.ts";
import { noiseFolder, resultsIn } from "./_batch.ts";
import { freshModel } from "./_model.ts";

/** Starts `pick` on the micrographs of a folder. */
function startPick(folder: string, out: string): Deno.ChildProcess {
  const inputs = [join(folder, "micrographs"), "--model", join(folder, "model.safetensors")];
  const options = ["--out", out, "--workers", "2", "--backend", "wasm", "--format", "star,box"];
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "tasks/epicker.ts", "pick", ...inputs, ...options],
    stdout: "null",
    stderr: "piped",
  }).spawn();
}

/** Names of the micrographs whose results are on the record. */
async function recorded(out: string): Promise<string[]> {
  const folder = join(out, "candidates");
  if (!await Deno.stat(folder).then(() => true, () => false)) return [];
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  return names.filter((name) => !name.startsWith(".")).sort();
}

/** Sends a signal to a run once so many micrographs are on the record; gives code and stderr. */
async function stopAt(run: Deno.ChildProcess, signal: Deno.Signal, out: string, count: number) {
  while ((await recorded(out)).length < count) await new Promise((r) => setTimeout(r, 5));
  run.kill(signal);
  const { code, stderr } = await run.output();
  return { code, err: new TextDecoder().decode(stderr) };
}

async function fileOutcomes(out: string) {
  const { files } = JSON.parse(await Deno.readTextFile(join(out, "summary.json")));
  return files as { name: string; skipped?: string; error?: string }[];
}

Deno.test("a batch that is killed again and again ends as one that ran through", async () => {
  const folder = await noiseFolder(14);
  await writeModel(join(folder, "model.safetensors"), freshModel());
  const [whole, killed] = [join(folder, "whole"), join(folder, "killed")];
  assertEquals((await startPick(folder, whole).output()).code, 0);
  const expected = await resultsIn(whole);
  for (const count of [1, 5, 10]) {
    await stopAt(startPick(folder, killed), "SIGKILL", killed, count);
    const results = await resultsIn(killed);
    for (const name of await recorded(killed)) {
      const base = name.replace(/\.json$/, "");
      for (const path of [join("candidates", name), `${base}.star`, `${base}.box`]) {
        assertEquals(results.get(path), expected.get(path));
      }
    }
  }
  const done = await recorded(killed);
  assertEquals((await startPick(folder, killed).output()).code, 0);
  const skipped = (await fileOutcomes(killed)).filter(({ skipped }) => skipped !== undefined);
  assertEquals(skipped.map(({ name }) => `${name}.json`).sort(), done);
  assertEquals(await resultsIn(killed), expected);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("Ctrl-C ends a batch cleanly, with its own exit code", async () => {
  const folder = await noiseFolder(30);
  await writeModel(join(folder, "model.safetensors"), freshModel());
  const out = join(folder, "out");
  const { code, err } = await stopAt(startPick(folder, out), "SIGINT", out, 1);
  assertEquals(code, 130);
  assertMatch(err, /^stopped after \d+ of 30 micrographs\n$/);
  const outcomes = await fileOutcomes(out);
  assertLess(outcomes.length, 30);
  assertEquals(outcomes.map(({ name }) => `${name}.json`).sort(), await recorded(out));
  await Deno.remove(folder, { recursive: true });
});
