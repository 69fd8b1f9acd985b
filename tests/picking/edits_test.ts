import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { readCoordinates, writeCandidates, writeEdits } from "../../lib/io/mod.ts";
import { changeThreshold, editsPath, recordPath } from "../../lib/picking/mod.ts";

Deno.test("coordinates hold what a person has corrected, at every threshold", async () => {
  const out = await Deno.makeTempDir();
  const place = { out, name: "a" };
  const candidates = [0.9, 0.6, 0.3].map((score, i) => ({ x: 100 * i, y: 5, score, diameter: 20 }));
  const image = { micrograph: "a.mrc", width: 300, height: 300, threshold: 0.5 };
  await writeCandidates(recordPath(place), { version: 1, ...image, candidates });
  const edits = {
    b: { kind: "rejected", x: 0, y: 5 },
    c: { kind: "pick", x: 50, y: 50, diameter: 20, classNumber: 2 },
  } as const;
  await writeEdits(editsPath(place), { version: 1, micrograph: "a", edits });
  const xs = async () => (await readCoordinates(join(out, "a.star"))).map(({ x }) => x);
  await changeThreshold(out, 0.5);
  assertEquals(await xs(), [100, 50]);
  await changeThreshold(out, 0.2);
  assertEquals(await xs(), [100, 200, 50]);
  await Deno.remove(editsPath(place));
  await changeThreshold(out, 0.5);
  assertEquals(await xs(), [0, 100]);
  await Deno.remove(out, { recursive: true });
});
