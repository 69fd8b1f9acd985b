import { assert, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { BACKEND_NAMES, type BackendName, startBackend } from "../../lib/backend/mod.ts";
import { adapterName, hasWebgpu, isSoftwareAdapter } from "../../lib/backend/webgpu/mod.ts";
import { EPickerError } from "../../lib/core/mod.ts";
import { BACKENDS } from "../_backends.ts";

const webgpu = await hasWebgpu();

Deno.test("a backend that is there starts under its name", async () => {
  assertEquals(BACKEND_NAMES, ["auto", "webgpu", "wasm", "cpu"]);
  for (const name of BACKENDS) {
    const backend = await startBackend(name);
    assertEquals([backend.name, tf.getBackend()], [name, name]);
    const title = { cpu: "plain CPU", wasm: "WASM", webgpu: `WebGPU (${await adapterName()})` };
    assertEquals(backend.title, title[name]);
  }
});

Deno.test("every backend computes after the others were started", async () => {
  for (const name of [...BACKENDS, ...BACKENDS]) {
    await startBackend(name);
    const sum = tf.tidy(() => tf.sum(tf.mul(tf.tensor1d([1, 2, 3]), 2)));
    assertEquals([...await sum.data()], [12]);
    sum.dispose();
  }
});

Deno.test("a name that is none is refused with the names that are", async () => {
  for (const name of ["gpu", "", "WASM", "toString", "onnx"]) {
    const error = await assertRejects(() => startBackend(name as BackendName), EPickerError);
    assertEquals(error.code, "bad-option");
    assertEquals(
      error.message,
      `backend: found "${name}"; expected auto, webgpu, wasm, cpu. ` +
        "There is also onnx, which picks and does not train.",
    );
  }
});

Deno.test({
  name: "without an adapter, WebGPU is refused with the way out",
  ignore: webgpu,
  fn: async () => {
    const error = await assertRejects(() => startBackend("webgpu"), EPickerError);
    assertEquals(error.code, "no-backend");
    assert(error.message.endsWith("Leave the choice to `backend` auto."));
  },
});

Deno.test({
  name: "auto takes WASM where there is no GPU or only a software one",
  ignore: webgpu && !await isSoftwareAdapter(),
  fn: async () => {
    assertEquals(await startBackend("auto"), { name: "wasm", title: "WASM" });
    assertEquals((await startBackend()).name, "wasm");
  },
});

Deno.test({
  name: "auto takes WebGPU where there is a real GPU",
  ignore: !webgpu || await isSoftwareAdapter(),
  fn: async () => assertEquals((await startBackend("auto")).name, "webgpu"),
});
