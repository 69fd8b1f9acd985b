/**
 * Times other pickers beside ours on the same files, in turns in one run:
 * `deno run -A tests/time_peers.ts`.
 *
 * The files are simulated ribosomes. RELION's Laplacian of Gaussian (`relion_autopick --LoG`) takes
 * part where it is installed. What a program takes to start is told apart from what each micrograph
 * takes; medians of the rounds. Speed alone, not how well a program picks. The table of
 * `docs/benchmarks.md` is of `--json models/benchmarks/peers.json`.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { join } from "@std/path";
import { writeMicrographs } from "../lib/benchmark/micrographs.ts";
import { median, writeFileAtomic } from "../lib/core/mod.ts";
import { readMicrographHeader } from "../lib/io/mod.ts";
import { type Peers, peersTable } from "../tasks/tables/peers.ts";
import { hasProgram } from "./pipelines/_tools.ts";
import { LAUNCHER } from "./tasks/_epicker.ts";

const HELP = `Times other pickers beside ours on the same files.

Usage: deno run -A tests/time_peers.ts [--size PX] [--count N] [--rounds N] [--json FILE]

  --size PX   edge of the micrographs (default: 4096)
  --count N   micrographs (default: 8)
  --rounds N  rounds (default: 3)
  --json FILE write the figures there as well`;

/** Diameter of the particles, in Å. */
const DIAMETER_A = 290;

const args = parseArgs(Deno.args, {
  string: ["size", "count", "rounds", "json"],
  boolean: ["help"],
});
if (args.help) {
  console.log(HELP);
  Deno.exit(0);
}
const [size, count, rounds] = [args.size ?? 4096, args.count ?? 8, args.rounds ?? 3].map(Number);
const folder = await Deno.makeTempDir({ prefix: "epicker_peers_" });
try {
  const [one, many] = [await copies(1), await copies(count)];
  const { pixelSizeA = 1 } = await readMicrographHeader(join(one, "m0.mrc"));
  const measured: { title: string; one: Cost; many: Cost }[] = [];
  const there: [title: string, Program][] = [];
  for (const [title, program] of Object.entries(programsFor(pixelSizeA))) {
    if (await hasProgram(program.name, "EPICKER_REQUIRE_RELION")) there.push([title, program]);
    else console.log(`${title}: not installed`);
  }
  for (let round = 0; round < rounds; round++) {
    for (const [title, { name, args }] of there) {
      measured.push({
        title,
        one: await timed(name, args(one)),
        many: await timed(name, args(many)),
      });
    }
  }
  const programs = there.map(([program]) => {
    const own = measured.filter(({ title }) => title === program);
    const each = (unit: keyof Cost) =>
      median(own.map(({ one, many }) => (many[unit] - one[unit]) / (count - 1)));
    const start = median(own.map(({ one }) => one.seconds)) - each("seconds");
    return { program, start, seconds: each("seconds"), processor: each("processor") };
  });
  const peers: Peers = { size, count, rounds, programs };
  console.log(peersTable(peers));
  if (typeof args.json === "string") {
    await writeFileAtomic(args.json, JSON.stringify(peers, null, 2) + "\n");
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}

/** What a program took. */
interface Cost {
  seconds: number;
  processor: number;
}

/** A program and its arguments for the micrographs of a folder. */
interface Program {
  name: string;
  args(micrographs: string): string[];
}

/** All pickers, with as little said as they need. */
function programsFor(pixelSizeA: number): Record<string, Program> {
  const out = (name: string) => join(folder, name);
  return {
    "epicker pick": {
      name: LAUNCHER,
      args: (micrographs) => [
        ...["pick", micrographs, "--out", out("ours"), "--overwrite"],
        ...["--diameter-a", `${DIAMETER_A}`],
      ],
    },
    "relion_autopick --LoG": {
      name: "relion_autopick",
      args: (micrographs) => [
        ...["--i", `${micrographs}/*.mrc`, "--odir", `${out("relion")}/`, "--pickname", "autopick"],
        ...[
          "--LoG",
          "--LoG_diam_min",
          `${0.9 * DIAMETER_A}`,
          "--LoG_diam_max",
          `${1.1 * DIAMETER_A}`,
        ],
        ...["--shrink", "0", "--lowpass", "20", "--angpix", `${pixelSizeA}`],
      ],
    },
  };
}

/** A folder of copies of a simulated micrograph. */
async function copies(count: number): Promise<string> {
  const [made] = await writeMicrographs(folder, [{ width: size, height: size }]);
  const micrographs = join(folder, `${count}`);
  await Deno.mkdir(micrographs);
  for (let i = 0; i < count; i++) await Deno.copyFile(made, join(micrographs, `m${i}.mrc`));
  return micrographs;
}

/** Seconds and processor seconds of a program, as the shell tells them. */
async function timed(name: string, args: string[]): Promise<Cost> {
  const shell = ["-c", 'TIMEFORMAT="%R %U %S"; time "$0" "$@" >"$LOG" 2>&1 || cat "$LOG"'];
  const { stdout, stderr } = await new Deno.Command("bash", {
    args: [...shell, name, ...args],
    cwd: folder,
    env: { LOG: join(folder, "log"), XDG_RUNTIME_DIR: folder },
  }).output();
  const text = new TextDecoder();
  const failed = text.decode(stdout).trim();
  if (failed !== "") throw new Error(`${name}: ${failed}`);
  const [seconds, user, system] = text.decode(stderr).trim().split(" ").map(Number);
  return { seconds, processor: user + system };
}
