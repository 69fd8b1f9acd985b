/**
 * Damages valid files of every format and reads them: `deno task fuzz`.
 *
 * Each case must end in a valid result or an `EPickerError`, within ten seconds of work and without growing
 * the memory of the process beyond a gigabyte; the first one that does not is told with its seed.
 * A case that never ends shows as a format that is begun and not ended.
 *
 * @module
 */
import process from "node:process";
import { parseArgs } from "@std/cli/parse-args";
import { attempt, type FuzzTarget, fuzzTargets } from "./_fuzz.ts";

const HELP = `Damages valid files of every format and reads them.

Usage: deno task fuzz [--cases N] [--format NAME] [--seed S]

  --cases N      cases of each format (default: 1000)
  --format NAME  one of ${fuzzTargets.map(({ name }) => name).join(", ")} (default: all)
  --seed S       number of the first case (default: 0)`;

/** Longest time of the processor for a case, in microseconds. */
const MAX_CPU = 10e6;

/** Most memory of the process, in bytes. */
const MAX_BYTES = 2 ** 30;

/** Cases after which garbage is collected, so that what is left does not count as a case's. */
const GC_CASES = 1000;

const args = parseArgs(Deno.args, { string: ["cases", "format", "seed"], boolean: ["help"] });
const [cases, first] = [Number(args.cases ?? 1000), Number(args.seed ?? 0)];
const targets = fuzzTargets.filter(({ name }) => args.format === undefined || name === args.format);
if (args.help || targets.length === 0 || !(cases > 0) || !Number.isInteger(first)) {
  console.log(HELP);
  Deno.exit(args.help ? 0 : 2);
}

let failures = 0;
const folder = await Deno.makeTempDir({ prefix: "epicker_fuzz_" });
for (const target of targets) {
  await Deno.stdout.write(new TextEncoder().encode(`${target.name}: `));
  const { read, refused, failed } = await fuzz(target);
  if (failed) failures++;
  console.log(`${read} read, ${refused} refused${failed ? `, FAILED: ${failed}` : ""}`);
}
await Deno.remove(folder, { recursive: true });
Deno.exit(failures > 0 ? 1 : 0);

/** Runs all cases of a format, up to the first that fails. */
async function fuzz(
  target: FuzzTarget,
): Promise<{ read: number; refused: number; failed?: string }> {
  const files = await target.files();
  const counts = { read: 0, refused: 0 };
  for (let seed = first; seed < first + cases; seed++) {
    const start = process.cpuUsage();
    try {
      counts[await attempt(target, files[seed % files.length], seed, folder)]++;
    } catch (error) {
      return { ...counts, failed: String(error) };
    }
    const { rss } = Deno.memoryUsage();
    if (seed % GC_CASES === 0) (globalThis as { gc?: () => void }).gc?.();
    const { user, system } = process.cpuUsage(start);
    if (user + system > MAX_CPU) return { ...counts, failed: `seed ${seed} is slow` };
    if (rss > MAX_BYTES) return { ...counts, failed: `seed ${seed} takes ${rss} bytes` };
  }
  return counts;
}
