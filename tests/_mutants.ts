import { dirname, join } from "@std/path";

/** A wrong program: one place of the source changed, and who must notice. */
export interface Mutant {
  /** What is wrong, in a few words. */
  name: string;
  /** The file, from the root of the checkout. */
  file: string;
  /** Text that occurs in it exactly once. */
  find: string;
  /** What stands there instead. */
  replace: string;
  /** Test files, from the root, of which at least one must fail. */
  tests: string[];
}

/** What came of a mutant. */
export interface Verdict {
  /** Its name. */
  name: string;
  /** Why it counts against the tests or the list; absent where a test failed, as it should. */
  fault?: string;
  /** Seconds that its tests took. */
  seconds: number;
}

/** How {@linkcode runMutants} works. */
export interface MutantOptions {
  /** Tests that run side by side, each in its own copy of the checkout. */
  jobs: number;
  /** Longest time of a mutant's tests, in seconds. @default {600} */
  limit?: number;
  /** Is told every verdict as soon as it is there. */
  onVerdict?: (verdict: Verdict) => void;
}

/** What is no source: it is not copied. */
const LEFT_OUT = new Set([".git", ".gpu", "out", "node_modules"]);

/**
 * Applies mutants one at a time to copies of a checkout and runs their tests there.
 *
 * A mutant's tests must pass without it and fail with it. Types are not checked, so that no
 * mutant falls by a type error; a mutant with which a test file does not even load is a fault. The
 * checkout itself is not touched; `../shared`, where there is one, is reached from the copies.
 *
 * @param root The checkout.
 */
export async function runMutants(
  root: string,
  mutants: readonly Mutant[],
  { jobs, limit = 600, onVerdict }: MutantOptions,
): Promise<Verdict[]> {
  const folder = await Deno.makeTempDir({ prefix: "epicker_mutants_" });
  try {
    const copies = Array.from({ length: jobs }, (_, i) => join(folder, `${i}`, "checkout"));
    for (const copy of copies) await copyCheckout(root, copy);
    const unsound = new Map<string, string>();
    await sideBySide(copies, testsOf(mutants), async (copy, test) => {
      const { outcome } = await runTests(copy, [test], limit);
      if (outcome !== "passed") unsound.set(test, `${test} ${outcome} without it`);
    });
    const verdicts = new Array<Verdict>(mutants.length);
    await sideBySide(copies, mutants.entries().toArray(), async (copy, [i, mutant]) => {
      const fault = await staleness(copy, mutant) ??
        mutant.tests.map((t) => unsound.get(t)).find(Boolean);
      const name = mutant.name;
      verdicts[i] = fault ? { name, fault, seconds: 0 } : await judge(copy, mutant, limit);
      onVerdict?.(verdicts[i]);
    });
    return verdicts;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Why a mutant cannot be applied to a checkout; undefined where it can. */
export async function staleness(
  root: string,
  { file, find, replace, tests }: Mutant,
): Promise<string | undefined> {
  const text = await Deno.readTextFile(join(root, file)).catch(() => "");
  const count = text.split(find).length - 1;
  if (count !== 1) return `its text occurs ${count} times in ${file}, not once`;
  if (find === replace) return "it changes nothing";
  if (tests.length === 0) return "it names no test";
  for (const test of tests) {
    if (!await Deno.stat(join(root, test)).then(() => true, () => false)) return `no ${test}`;
  }
}

/** Runs the tests of a mutant with its change in place, which is then taken back. */
async function judge(copy: string, mutant: Mutant, limit: number): Promise<Verdict> {
  const path = join(copy, mutant.file);
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, text.replace(mutant.find, () => mutant.replace));
  const { outcome, seconds } = await runTests(copy, mutant.tests, limit);
  await Deno.writeTextFile(path, text);
  const verdict = { name: mutant.name, seconds };
  if (outcome === "fails") return verdict;
  const fault = outcome === "passed" ? "survives" : outcome;
  return { ...verdict, fault: `${fault}: ${mutant.file} with ${mutant.tests.join(", ")}` };
}

type Outcome = "passed" | "fails" | "does not load" | "takes too long";

async function runTests(
  copy: string,
  tests: readonly string[],
  limit: number,
): Promise<{ outcome: Outcome; seconds: number }> {
  const started = performance.now();
  const tmp = join(dirname(copy), "tmp");
  await Deno.mkdir(tmp);
  const signal = AbortSignal.timeout(1000 * limit);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--no-check", "--quiet", "--fail-fast", ...tests],
    cwd: copy,
    env: { NO_COLOR: "1", TMPDIR: tmp },
    signal,
  }).output();
  await Deno.remove(tmp, { recursive: true });
  const seconds = (performance.now() - started) / 1000;
  const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("\n");
  if (signal.aborted) return { outcome: "takes too long", seconds };
  if (code === 0) return { outcome: "passed", seconds };
  const isRun = / \| \d+ failed/.test(said) && !said.includes("(uncaught error)");
  return { outcome: isRun ? "fails" : "does not load", seconds };
}

/** Does all tasks, each copy one after another. */
async function sideBySide<T>(
  copies: readonly string[],
  tasks: readonly T[],
  work: (copy: string, task: T) => Promise<void>,
): Promise<void> {
  const left = tasks.values();
  await Promise.all(copies.map(async (copy) => {
    for (const task of left) await work(copy, task);
  }));
}

function testsOf(mutants: readonly Mutant[]): string[] {
  return [...new Set(mutants.flatMap(({ tests }) => tests))];
}

async function copyCheckout(root: string, copy: string): Promise<void> {
  await copyFolder(root, copy);
  const shared = await Deno.realPath(join(root, "..", "shared")).catch(() => undefined);
  if (shared !== undefined) await Deno.symlink(shared, join(copy, "..", "shared"));
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory, isFile } of Deno.readDir(from)) {
    if (LEFT_OUT.has(name)) continue;
    if (isDirectory) await copyFolder(join(from, name), join(to, name));
    else if (isFile) await Deno.copyFile(join(from, name), join(to, name));
  }
}
