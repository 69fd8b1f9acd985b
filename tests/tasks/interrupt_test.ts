import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { smallDataset } from "./_small_dataset.ts";

/** Starts a program whose output is read. */
function start(...args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", ...args],
    ...{ stdout: "piped", stderr: "piped", env: { NO_COLOR: "1" } },
  }).spawn();
}

async function outputOf(run: Deno.ChildProcess) {
  const { code, stdout, stderr } = await run.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

const pause = (milliseconds: number) => new Promise((r) => setTimeout(r, milliseconds));

/** Waits for a file. */
async function untilThere(path: string): Promise<void> {
  while (!await Deno.stat(path).then(() => true, () => false)) await pause(5);
}

Deno.test("Ctrl-C ends training after the step in work with exit code 130, and --resume goes on", async () => {
  const folder = await smallDataset();
  const out = join(folder, "run");
  const options = ["--data", folder, "--out", out, "--width", "0.125", "--crop", "64"];
  const backend = ["--backend", "wasm", "--workers", "1", "--steps"];
  const train = (...args: string[]) =>
    start("tasks/epicker.ts", "train", ...options, ...backend, ...args);
  const checkpoint = join(out, "checkpoint.safetensors");
  for (const resume of [[], ["--resume"]]) {
    const before = await Deno.stat(checkpoint).then(({ mtime }) => Number(mtime), () => 0);
    const run = train("2000", ...resume);
    while (await Deno.stat(checkpoint).then(({ mtime }) => Number(mtime), () => 0) === before) {
      await pause(5);
    }
    run.kill("SIGINT");
    const { code, out: text, err } = await outputOf(run);
    assertEquals(code, 130, err);
    assertStringIncludes(text, "Go on with --resume.");
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a second Ctrl-C ends at once what the first would end in time", async () => {
  const folder = await Deno.makeTempDir();
  const program = join(folder, "slow.ts");
  const cli = new URL("../../tasks/_cli.ts", import.meta.url);
  await Deno.writeTextFile(
    program,
    `
    import { interruptSignal } from "${cli}";
    const signal = interruptSignal();
    signal.addEventListener("abort", () => Deno.writeTextFileSync("${folder}/first", ""));
    Deno.writeTextFileSync("${folder}/ready", "");
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  `,
  );
  const run = start("--config", "deno.json", program);
  await untilThere(join(folder, "ready"));
  run.kill("SIGINT");
  await untilThere(join(folder, "first"));
  await pause(400); // sooner, it would be taken for the same one, passed on by deno task
  run.kill("SIGINT");
  assertEquals((await outputOf(run)).code, 130);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a command that is stopped says so, with exit code 130 and no stack trace", async () => {
  const folder = await Deno.makeTempDir();
  const program = join(folder, "stopped.ts");
  const cli = new URL("../../tasks/_cli.ts", import.meta.url);
  await Deno.writeTextFile(
    program,
    `
    import { interruptSignal, run } from "${cli}";
    await run({ flags: {}, examples: [], main }, { name: "slow", summary: "" }, []);
    async function main() {
      const signal = interruptSignal();
      Deno.kill(Deno.pid, "SIGINT");
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      signal.throwIfAborted();
    }
  `,
  );
  const { code, err } = await outputOf(start("--config", "deno.json", program));
  assertEquals([code, err], [130, "slow: stopped; the same command goes on where it was\n"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("no command has a handler of its own, and those that take long stop in time", async () => {
  const listening: string[] = [];
  for await (const { name } of Deno.readDir("tasks")) {
    if (!name.endsWith(".ts")) continue;
    const source = await Deno.readTextFile(join("tasks", name));
    if (source.includes("addSignalListener")) listening.push(name);
    const isLong = [
      "pickFiles(picker, inputs",
      "changeThreshold(",
      "runExperiment(",
      "runBiased(",
      "await learn(",
    ]
      .some((call) => source.includes(call));
    if (isLong) assertMatch(source, /signal(:| =) interruptSignal\(\)/, name);
  }
  assertEquals(listening, ["_cli.ts"]);
});
