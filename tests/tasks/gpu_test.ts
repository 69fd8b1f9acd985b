import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { describeAdapter } from "../../lib/backend/webgpu/mod.ts";
import { findAdapter } from "../../tasks/gpu/_adapter.ts";
import { stateOf, testsIn } from "../../tasks/gpu/_parts.ts";
import { runJob } from "../../tasks/_run.ts";
import { epicker } from "./_epicker.ts";

const ignore = Deno.build.os === "windows";

/** A process of the shell. */
const shell = (script: string) => ({ program: "sh", args: ["-c", script] });

Deno.test({
  name: "a process gives its lines, what it complained of and its exit code",
  ignore,
  async fn() {
    const lines: string[] = [];
    const run = await runJob(shell("echo a; printf b; echo c >&2; exit 3"), 60, (line) => {
      lines.push(line);
    });
    assertEquals(lines, ["a", "b"]);
    assertEquals([run.code, run.late, run.text, stateOf(run)], [3, false, "c", "failed"]);
    assertEquals(stateOf(await runJob(shell("exit 0"), 60)), "done");
  },
});

Deno.test({
  name: "a process whose time is up is ended, and what it gave stays",
  ignore,
  async fn() {
    const lines: string[] = [];
    const run = await runJob(shell("echo found; exec sleep 600"), 2, (line) => lines.push(line));
    assertEquals([lines, run.late, stateOf(run)], [["found"], true, "out of time"]);
    assert(run.seconds < 300);
  },
});

Deno.test("a program that is not there is a failure with its name", async () => {
  const run = await runJob({ program: "no-such-program-here", args: [] }, 60);
  assertEquals([run.code, stateOf(run)], [undefined, "failed"]);
  assertStringIncludes(run.text, "no-such-program-here");
});

/** A probe that finds adapters by the variable `WAY`. */
function probe(found: Record<string, string>) {
  const cases = Object.entries(found).map(([way, name]) =>
    `${way}) echo '{"vendor":"","architecture":"","device":"","description":"${name}",` +
    `"isFallbackAdapter":false,"features":[],"limits":{}}' ;;`
  );
  return shell(`case "$WAY" in ${cases.join(" ")} *) echo null; echo "no driver" >&2 ;; esac`);
}

Deno.test({
  name: "the first way to a real GPU is taken, else one to a software GPU",
  ignore,
  async fn() {
    const ways = [{ WAY: "one" }, { WAY: "two" }, { WAY: "three" }];
    const taken = async (found: Record<string, string>) => {
      const tries = await findAdapter(ways, probe(found));
      return [tries.length, tries.at(-1)!.env.WAY, tries.at(-1)!.adapter?.description];
    };
    assertEquals(await taken({ one: "NVIDIA H100", two: "NVIDIA H100" }), [
      1,
      "one",
      "NVIDIA H100",
    ]);
    assertEquals(await taken({ one: "llvmpipe", two: "NVIDIA H100" }), [2, "two", "NVIDIA H100"]);
    assertEquals(await taken({ two: "llvmpipe" }), [3, "two", "llvmpipe"]);
    const [first, , last] = await findAdapter(ways, probe({}));
    assertEquals([last.adapter, first.error], [undefined, "no adapter: no driver"]);
  },
});

Deno.test("the lines of a test run are counted, also of one that was cut off", () => {
  const lines = [
    "a ... ok (5ms)",
    "b, two ... FAILED (1s)",
    "c ... ignored (0ms)",
    "d ... ok (1ms)",
  ];
  assertEquals(testsIn(lines), { passed: 2, failed: 1, text: lines.join("\n") });
  assertEquals(testsIn(lines.filter((line) => !line.includes("FAILED"))).text, "");
});

Deno.test("the adapter that is looked for is the one that WebGPU takes", async () => {
  const [{ adapter }] = await findAdapter([{}]);
  const expected = await describeAdapter();
  assertEquals(adapter?.description, expected?.description);
  assertEquals(adapter?.isFallbackAdapter, expected?.isFallbackAdapter);
});

Deno.test("an unknown part is refused with those that are", async () => {
  const { code, err } = await epicker(["gpu", "--part", "everything"]);
  assertEquals(code, 2);
  assertStringIncludes(err, 'found "everything"; expected kernels, steps');
});
