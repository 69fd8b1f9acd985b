import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type PickedFile, SummaryLog } from "../../lib/picking/summary.ts";

const ABOUT = { model: "m", backend: "b", threshold: 0.5, total: 1 };

/** So many micrographs that were picked before. */
function picked(count: number): PickedFile[] {
  return Array.from({ length: count }, (_, i) => {
    return { path: `/data/m${i}.mrc`, name: `m${i}`, picks: 1, candidates: 2, seconds: 1 };
  });
}

/** How often a summary is written within so many milliseconds, asked for all the time. */
async function writesWithin(milliseconds: number, log: SummaryLog, out: string): Promise<number> {
  const times = new Set<number>();
  for (const end = performance.now() + milliseconds; performance.now() < end;) {
    await log.writeIfDue();
    times.add((await Deno.stat(join(out, "summary.json"))).mtime!.getTime());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return times.size;
}

Deno.test("a summary that takes long is written the more seldom, so that many micrographs cost no square", async () => {
  const out = await Deno.makeTempDir();
  const small = new SummaryLog(out, ABOUT);
  small.add(0, picked(1)[0]);
  assert(await writesWithin(5000, small, out) >= 2);
  const large = new SummaryLog(out, ABOUT, picked(100_000)); // a write takes tenths of a second
  const start = performance.now();
  await large.write();
  const pause = 10 * (performance.now() - start);
  assertEquals(await writesWithin(Math.min(pause, 1500), large, out), 1);
  const { files } = await large.write(); // asked for, it is
  assertEquals(files.length, 100_000);
  await Deno.remove(out, { recursive: true });
});
