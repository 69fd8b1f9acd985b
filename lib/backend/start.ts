import * as tf from "@tensorflow/tfjs";
import { EPickerError } from "../core/mod.ts";
import { registerBatchNorm } from "./batch_norm.ts";
import { type BackendName, chooseBackend } from "./choose.ts";
import { registerWasmKernels } from "./wasm/register.ts";
import { startWasm } from "./wasm/tfjs.ts";
import { adapterName, describeAdapter, registerWebgpuKernels, vulkanAdvice } from "./webgpu/mod.ts";

/** The backend that runs. */
export interface Backend {
  /** Which one. */
  name: Exclude<BackendName, "auto">;
  /** For people: the name and, on WebGPU, the GPU. */
  title: string;
}

/** What `auto` tries one after another. */
const FALLBACKS: Backend["name"][] = ["webgpu", "wasm", "cpu"];

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
  const first = await chooseBackend(name);
  tf.enableProdMode(); // else it prints an advertisement
  for (const choice of name === "auto" ? FALLBACKS.slice(FALLBACKS.indexOf(first)) : [first]) {
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

async function tryStart(name: Backend["name"]): Promise<string | undefined> {
  try {
    return await STARTERS[name]();
  } catch {
    return undefined;
  }
}
