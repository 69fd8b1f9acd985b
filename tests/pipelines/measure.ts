/**
 * Measures what RELION's native job and shares cost beside `pick`:
 * `deno run -A tests/pipelines/measure.ts`. On Linux alone, where /proc tells.
 *
 * Times are processor seconds, so that other work on the machine counts little.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { fromFileUrl, join } from "@std/path";
import { mean } from "../../lib/core/mod.ts";
import { writeNoise } from "../picking/_batch.ts";
import { LAUNCHER } from "../tasks/_epicker.ts";

const HELP = `Measures what RELION's native job and shares cost beside pick.

Usage: deno run -A tests/pipelines/measure.ts [topaz] [shares] [--size PX] [--count N]

  --size PX   edge of the micrographs of topaz (default: 4096; half of it for shares)
  --count N   calls of topaz (default: 6; twice as many micrographs for shares)`;

const TOPAZ = fromFileUrl(new URL("../../tasks/launch/epicker-topaz", import.meta.url));

/** Diameter of the particles, in pixels. */
const DIAMETER = 100;

/** Clock ticks of /proc/PID/stat in a second: 100 on all Linux. */
const TICKS = 100;

const args = parseArgs(Deno.args, { string: ["size", "count"], boolean: ["help"] });
if (args.help) {
  console.log(HELP);
  Deno.exit(0);
}
const [size, count] = [Number(args.size ?? 4096), Number(args.count ?? 6)];
const folder = await Deno.makeTempDir({ prefix: "epicker_measure_" });
const pick = ["--diameter-px", `${DIAMETER}`, "--contrast", "dark", "--backend", "wasm"];
try {
  const parts = { topaz: measureTopaz, shares: measureShares };
  for (const [name, measure] of Object.entries(parts)) {
    if (args._.length === 0 || args._.includes(name)) await measure();
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}

/** Calls as RELION makes them, one for each micrograph, beside one batch of `pick`. */
async function measureTopaz(): Promise<void> {
  const micrographs = await noise("large", count, size);
  const batch = async (some: number) => {
    const out = join(folder, `batch${some}`);
    const options = ["--workers", "1", "--out", out, ...pick];
    return await processorSeconds(LAUNCHER, "pick", ...micrographs.slice(0, some), ...options);
  };
  const each = (await batch(count) - await batch(1)) / (count - 1);
  const calls: number[] = [];
  for (const path of micrographs) {
    await Deno.copyFile(path, join(folder, "rank0.mrc")); // RELION's calls differ in nothing
    const before = await helpers();
    const radius = ["-r", `${DIAMETER / 2}`, "-x", "1", "-d", "-1"];
    const own = await processorSeconds(TOPAZ, "extract", ...radius, "-o", "rank0.txt", "rank0.mrc");
    calls.push(own + await helpers() - before);
  }
  const [first, ...later] = calls;
  console.log(`topaz extract beside pick, ${size}², processor s a micrograph:
  pick, in a batch  ${each.toFixed(2)}
  first call        ${first.toFixed(2)}
  later calls       ${mean(later).toFixed(2)}, ${
    (mean(later) / each).toFixed(2)
  } × that of pick\n`);
}

/** The same micrographs by `pick`, and in shares on this machine. */
async function measureShares(): Promise<void> {
  const micrographs = await noise("small", 2 * count, size / 2);
  console.log(`shares, ${micrographs.length} micrographs of ${size / 2}², processor s in all:`);
  const run = async (title: string, ...command: string[]) => {
    const out = ["--out", join(folder, title), "--workers", "1", ...pick];
    const seconds = await processorSeconds(LAUNCHER, ...command, ...micrographs, ...out);
    console.log(`  ${title.padEnd(17)} ${seconds.toFixed(2)}`);
  };
  await run("pick", "pick");
  for (const tasks of [1, 2]) await run(`slurm --local ${tasks}`, "slurm", "--local", `${tasks}`);
}

async function noise(name: string, count: number, edge: number): Promise<string[]> {
  const paths = Array.from({ length: count }, (_, i) => join(folder, name, `m${i}.mrc`));
  for (const [i, path] of paths.entries()) await writeNoise(path, i, { width: edge, height: edge });
  return paths;
}

/** Processor seconds of a program and all that it waits for, as the shell tells them. */
async function processorSeconds(program: string, ...args: string[]): Promise<number> {
  const timed = ["-c", 'TIMEFORMAT="%U %S"; time "$0" "$@" >/dev/null 2>&1', program, ...args];
  const env = { XDG_RUNTIME_DIR: folder };
  const { stderr } = await new Deno.Command("bash", { args: timed, cwd: folder, env }).output();
  const text = new TextDecoder().decode(stderr);
  return text.trim().split(" ").reduce((sum, seconds) => sum + Number(seconds), 0);
}

/** Processor seconds of helpers so far, which nobody waits for. */
async function helpers(): Promise<number> {
  let ticks = 0;
  for await (const { name: pid } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const command = await Deno.readTextFile(`/proc/${pid}/cmdline`).catch(() => "");
    if (!command.includes(`--resident\0${folder}`)) continue;
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
    const cells = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    ticks += Number(cells[11]) + Number(cells[12]);
  }
  return ticks / TICKS;
}
