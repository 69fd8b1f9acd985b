/**
 * Picks many tiny micrographs by `epicker pick`, and once more: `deno run -A tests/many.ts`.
 *
 * Tells the resident memory of the process and its processor seconds as the folder is worked off,
 * and what a rerun costs that finds all done. On Linux alone, where /proc tells.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { fromFileUrl, join } from "@std/path";
import { random } from "../lib/core/mod.ts";
import { writeMrc } from "../lib/io/mod.ts";
import { demoMicrographs } from "../lib/simulation/mod.ts";

/** Clock ticks of /proc/PID/stat in a second: 100 on all Linux. */
const TICKS = 100;

const HELP = `Picks many tiny micrographs, and once more.

Usage: deno run -A tests/many.ts [--count N] [--size PX] [--model FILE] [--workers N]

  --count N     micrographs (default: 10000)
  --size PX     their edge (default: 160)
  --model FILE  model (default: the shipped one)
  --workers N   workers of pick (default: 1)`;

const args = parseArgs(Deno.args, {
  string: ["count", "size", "model", "workers"],
  boolean: ["help"],
});
if (args.help) {
  console.log(HELP);
  Deno.exit(0);
}
const [count, size] = [Number(args.count ?? 10_000), Number(args.size ?? 160)];
const folder = await Deno.makeTempDir({ prefix: "epicker_many_" });
const [inputs, out] = [join(folder, "micrographs"), join(folder, "picks")];
try {
  await writeCrops(inputs);
  const options = ["--out", out, "--workers", String(args.workers ?? 1), "--diameter-a", "130"];
  if (args.model) options.push("--model", String(args.model));
  console.log(`${count} micrographs of ${size}²\n\ndone    MiB   processor s`);
  const first = await picked(options);
  for (const { done, mib, seconds } of first.samples) console.log(rowOf(done, mib, seconds));
  const flat = first.samples.filter(({ done }) => done >= Math.min(500, count / 2));
  const [low, high] = [Math.min, Math.max].map((pick) => pick(...flat.map(({ mib }) => mib)));
  const growth = 100 * (flat.at(-1)!.mib / flat[0].mib - 1);
  console.log(
    `\nfrom the ${flat[0].done}th on ${low.toFixed(0)} to ${high.toFixed(0)} MiB, last to first ` +
      `${growth.toFixed(1)} %; exit code ${first.code}, ${first.wall.toFixed(0)} s by the clock`,
  );
  const again = await picked(options);
  const { seconds, mib } = again.samples.at(-1)!;
  console.log(
    `rerun: exit code ${again.code}, ${again.wall.toFixed(1)} s by the clock, ` +
      `${seconds.toFixed(1)} processor s, ${mib.toFixed(0)} MiB`,
  );
} finally {
  await Deno.remove(folder, { recursive: true });
}

/** Crops of a simulated micrograph at random places, each with another noise on it. */
async function writeCrops(to: string): Promise<void> {
  const { micrograph: { width, height, pixels, pixelSizeA } } = demoMicrographs()[0];
  const stream = random(1);
  for (let i = 0; i < count; i++) {
    const [left, top] = [width, height].map((edge) => Math.floor(stream.uniform() * (edge - size)));
    const crop = Float32Array.from({ length: size * size }, (_, at) => {
      const [x, y] = [left + at % size, top + Math.floor(at / size)];
      return pixels[y * width + x] * (1 + 0.01 * stream.uniform());
    });
    const path = join(to, `many${String(i).padStart(6, "0")}.mrc`);
    await writeMrc(path, { width: size, height: size, pixels: crop, pixelSizeA });
  }
}

/** What a process held when so many micrographs were done. */
interface Sample {
  done: number;
  mib: number;
  seconds: number;
}

/** Runs `epicker pick` and looks at its process as it goes on. */
async function picked(options: string[]) {
  const start = performance.now();
  const log = await Deno.open(join(folder, "log"), { create: true, write: true, truncate: true });
  const command = fromFileUrl(new URL("../tasks/epicker.ts", import.meta.url));
  const child = new Deno.Command("deno", {
    args: ["run", "--quiet", "-A", command, "pick", inputs, ...options],
    ...{ stdin: "null", stdout: "piped", stderr: "piped" },
  }).spawn();
  const output = Promise.all([
    child.stdout.pipeTo(log.writable),
    child.stderr.pipeTo(Deno.stderr.writable, { preventClose: true }),
  ]);
  const samples: Sample[] = [];
  const look = async () => {
    const sample = await sampleOf(child.pid).catch(() => undefined); // it has ended
    if (sample !== undefined) samples.push(sample);
  };
  const timer = setInterval(look, Math.max(200, count / 2));
  const { code } = await child.status;
  clearInterval(timer);
  await output;
  return { code, samples, wall: (performance.now() - start) / 1000 };
}

async function sampleOf(pid: number): Promise<Sample> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const mib = Number(status.match(/^VmRSS:\s+(\d+) kB/m)![1]) / 1024;
  const [user, system] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13).map(Number);
  const records = await Array.fromAsync(Deno.readDir(join(out, "candidates"))).catch(() => []);
  return { done: records.length, mib, seconds: (user + system) / TICKS };
}

function rowOf(done: number, mib: number, seconds: number): string {
  return `${String(done).padEnd(6)} ${mib.toFixed(0).padStart(4)} ${
    seconds.toFixed(1).padStart(8)
  }`;
}
