import { assertEquals, assertRejects } from "@std/assert";
import { type OnnxProvider, startSession } from "../../lib/onnx/providers.ts";
import type { OnnxSession } from "../../lib/onnx/runtime.ts";

const SESSION: OnnxSession = { run: () => Promise.resolve({}), release: () => Promise.resolve() };

/** A runtime that starts on some providers, and what it was asked. */
function runtime(starts: OnnxProvider[]) {
  const asked: string[][] = [];
  const InferenceSession = {
    create(_file: Uint8Array, { executionProviders = [] }: { executionProviders?: string[] }) {
      asked.push(executionProviders);
      return starts.some((one) => executionProviders.includes(one))
        ? Promise.resolve(SESSION)
        : Promise.reject(new Error("/src/context.cc:1 f() x == y was false. No device\nat f"));
    },
  };
  return { asked, InferenceSession };
}

const FILE = new Uint8Array();
const ALL: OnnxProvider[] = ["cuda", "webgpu", "cpu"];
const nothingLacks = () => Promise.resolve(undefined);

Deno.test("the first provider that starts is taken, and named", async () => {
  for (const [starts, title] of [[ALL, "CUDA"], [["webgpu"], "WebGPU; CUDA: No device"]] as const) {
    const made = runtime([...starts]);
    const plan = { file: FILE, providers: ALL };
    const started = await startSession(made, plan, nothingLacks);
    assertEquals([started.provider, started.title], [starts[0], title]);
    assertEquals(made.asked.length, title.split(";").length);
  }
});

Deno.test("a provider that lacks something is not tried, and the title says what", async () => {
  const made = runtime(ALL);
  const lacks = (one: OnnxProvider) =>
    Promise.resolve(one === "cpu" ? undefined : `no ${one} here`);
  const { provider, title } = await startSession(made, { file: FILE, providers: ALL }, lacks);
  assertEquals([provider, title], ["cpu", "CPU; CUDA: no cuda here; WebGPU: no webgpu here"]);
  assertEquals(made.asked, [["cpu"]]);
});

Deno.test("where none starts, the error has the reasons of all", async () => {
  const lacks = (one: OnnxProvider) => Promise.resolve(one === "cuda" ? "not there" : undefined);
  const start = () => startSession(runtime([]), { file: FILE, providers: ALL }, lacks);
  const { message } = await assertRejects(start, Error);
  assertEquals(message, "CUDA: not there; WebGPU: No device; CPU: No device");
});
