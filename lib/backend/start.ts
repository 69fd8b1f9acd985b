import * as tf from "@tensorflow/tfjs";
import { EPickerError } from "../core/mod.ts";
import { registerBatchNorm } from "./batch_norm.ts";
import { registerWasmKernels } from "./wasm/register.ts";
import { startWasm } from "./wasm/tfjs.ts";
import {
  adapterName,
  describeAdapter,
  isSoftwareAdapter,
  registerWebgpuKernels,
  vulkanAdvice,
} from "./webgpu/mod.ts";

/** A backend by name; `auto` takes a real GPU, else WASM, else plain CPU. */
export type BackendName = "auto" | "webgpu" | "wasm" | "cpu";

/** The names that a user may ask for. */
export const BACKEND_NAMES: readonly BackendName[] = ["auto", "webgpu", "wasm", "cpu"];

/** The backend that runs. */
export interface Backend {
  /** Which one. */
  name: Exclude<BackendName, "auto">;
  /** For people: the name and, on WebGPU, the GPU. */
  title: string;
}

const STARTERS = {
  webgpu: async () => {
    const adapter = await describeAdapter();
    if (adapter === undefined) return undefined;
    if (!await tf.setBackend("webgpu") || tf.getBackend() !== "webgpu") return undefined;
    registerWebgpuKernels();
    return `WebGPU (${await adapterName(adapter)})`;
  },
  wasm: async () => {
    if (!await startWasm() || tf.getBackend() !== "wasm") return undefined;
    registerWasmKernels();
    return "WASM";
  },
  cpu: async () => await tf.setBackend("cpu") ? "plain CPU" : undefined,
};

/**
 * Starts a backend with our kernels; later calls may switch to another.
 *
 * @throws {EPickerError} `no-backend` when the one asked for is not there; `bad-option` for a name
 * that is none.
 */
export async function startBackend(name: BackendName = "auto"): Promise<Backend> {
  if (!BACKEND_NAMES.includes(name)) {
    throw new EPickerError("bad-option", {
      file: "backend",
      found: `"${name}"`,
      expected: BACKEND_NAMES.join(", "),
      remedy: "There is also onnx, which picks and does not train.",
    });
  }
  tf.enableProdMode(); // else it prints an advertisement
  for (const choice of await choicesFor(name)) {
    const title = await tryStart(choice);
    if (title === undefined) continue;
    await tf.ready();
    registerBatchNorm(choice);
    return { name: choice, title };
  }
  const advice = name === "webgpu" ? await vulkanAdvice() : undefined;
  throw new EPickerError("no-backend", {
    file: "backend",
    found: `${name}, which does not start on this machine`,
    expected: name === "webgpu" ? "a GPU with a Vulkan, Metal or DirectX 12 driver" : "WebAssembly",
    remedy: [advice, "Leave the choice to `backend` auto."].filter(Boolean).join(" "),
  });
}

async function choicesFor(name: BackendName): Promise<Backend["name"][]> {
  if (name !== "auto") return [name];
  const adapter = await describeAdapter();
  const software = adapter === undefined || await isSoftwareAdapter(adapter);
  return software ? ["wasm", "cpu"] : ["webgpu", "wasm", "cpu"];
}

async function tryStart(name: Backend["name"]): Promise<string | undefined> {
  try {
    return await STARTERS[name]();
  } catch {
    return undefined;
  }
}
