import { join } from "@std/path";
import { cacheFolder, EPickerError, messageOfError, writeFileAtomic } from "../core/mod.ts";
import config from "./runtime.json" with { type: "json" };
import lock from "./runtime.lock.json" with { type: "json" };

/** The part of ONNX Runtime's interface that picking needs; its own types are far larger. */
export interface OnnxRuntime {
  /** Networks ready to run. */
  InferenceSession: {
    create(file: Uint8Array, options: OnnxSessionOptions): Promise<OnnxSession>;
  };
  /** Its arrays. */
  Tensor: new (type: "float32", data: Float32Array, dims: number[]) => OnnxTensor;
  /** What it says about itself. */
  env: { versions: { node?: string } };
}

/** How a network is to be run. */
export interface OnnxSessionOptions {
  /** Threads on the CPU. */
  intraOpNumThreads?: number;
  /** What may run it, by name. */
  executionProviders?: string[];
}

/** A network in ONNX Runtime. */
export interface OnnxSession {
  /** Runs the network on named inputs and gives its named outputs. */
  run(inputs: Record<string, OnnxTensor>): Promise<Record<string, OnnxTensor>>;
  /** Frees it. */
  release(): Promise<void>;
}

/** An array of ONNX Runtime. */
export interface OnnxTensor {
  /** Its values, row-major. */
  data: Float32Array;
  /** Its shape. */
  dims: readonly number[];
}

const PACKAGE = config.imports["onnxruntime-node"].slice("npm:".length);

/**
 * Loads ONNX Runtime (`onnxruntime-node`, CPU) and installs it on the first call: 113 MB.
 *
 * It lies in a folder of its own in the user's cache, with a lock file of its own. In the
 * project's lock file Deno would download it for every command.
 *
 * @throws {EPickerError} `no-backend` where it cannot be installed or has no build for this machine.
 */
export async function loadOnnxRuntime(): Promise<OnnxRuntime> {
  let folder = "";
  try {
    folder = join(cacheFolder(), PACKAGE);
    await install(folder);
    const { createRequire } = await import("node:module"); // only now: a browser has none
    return createRequire(join(folder, "deno.json"))("onnxruntime-node");
  } catch (error) {
    const remedy = error instanceof Deno.errors.NotCapable
      ? "Run `deno task pick-onnx`, which may install it and load native code."
      : `Delete ${folder} and run again, or use \`backend\` wasm.`;
    throw new EPickerError("no-backend", {
      file: "backend",
      found: `onnx, for which ${PACKAGE} cannot be loaded (${firstLine(messageOfError(error))})`,
      expected: "Linux, Windows or macOS on Apple silicon, and the npm registry on the first run",
      remedy,
    }, { cause: error });
  }
}

/** Whether ONNX Runtime's library for CUDA lies beside it; the package comes without. */
export async function cudaIsInstalled(): Promise<boolean> {
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") return false;
  const binaries = "node_modules/onnxruntime-node/bin/napi-v6/linux/x64";
  const library = join(cacheFolder(), PACKAGE, binaries, "libonnxruntime_providers_cuda.so");
  return await Deno.stat(library).then(() => true, () => false);
}

/** Whether ONNX Runtime was installed by an earlier call. */
export async function onnxIsInstalled(): Promise<boolean> {
  const mark = join(cacheFolder(), PACKAGE, "installed");
  return await Deno.stat(mark).then(() => true, () => false);
}

/** Installs the package unless it was; a call that is cut off is repeated by the next one. */
async function install(folder: string): Promise<void> {
  const installed = join(folder, "installed");
  if (await Deno.stat(installed).then(() => true, () => false)) return;
  await writeFileAtomic(join(folder, "deno.json"), JSON.stringify(config));
  await writeFileAtomic(join(folder, "deno.lock"), JSON.stringify(lock));
  const shown = Deno.stderr.isTerminal(); // the progress of the download
  const result = await new Deno.Command("deno", {
    args: ["install", "--frozen"],
    cwd: folder,
    stdout: "null",
    stderr: shown ? "inherit" : "piped",
    env: shown ? {} : { NO_COLOR: "1" },
  }).output();
  if (!result.success) throw new Error(shown ? "see above" : errorIn(result.stderr));
  await writeFileAtomic(installed, "");
}

/** What Deno says went wrong, without the downloads that it lists before. */
function errorIn(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes).trim();
  return /^error: (.*)$/m.exec(text)?.[1] ?? text;
}

function firstLine(text: string): string {
  return text.split("\n")[0];
}
