import { hasWebgpu, isSoftwareAdapter } from "../backend/webgpu/mod.ts";
import { messageOfError } from "../core/mod.ts";
import { cudaIsInstalled, type OnnxRuntime, type OnnxSession } from "./runtime.ts";

/** What ONNX Runtime may compute on, in the order in which it is tried. */
export const ONNX_PROVIDERS = ["cuda", "webgpu", "cpu"] as const;

/** One of {@linkcode ONNX_PROVIDERS}. */
export type OnnxProvider = typeof ONNX_PROVIDERS[number];

/** A network that is ready to run. */
export interface StartedSession {
  /** It. */
  session: OnnxSession;
  /** What it runs on. */
  provider: OnnxProvider;
  /** For people: what it runs on, and why on nothing that was tried before. */
  title: string;
}

/** A network to be started. */
export interface SessionPlan {
  /** The network, an ONNX file. */
  file: Uint8Array;
  /** What may run it; the first that starts does. */
  providers: readonly OnnxProvider[];
  /** Threads on the CPU; the number of cores by default. */
  threads?: number;
}

const TITLES: Record<OnnxProvider, string> = { cuda: "CUDA", webgpu: "WebGPU", cpu: "CPU" };

/**
 * Starts a network on the first provider that takes it.
 *
 * A GPU's provider that lacks what it needs is not tried: ONNX Runtime would write to standard error.
 *
 * @throws {Error} where none starts, with the reasons of all.
 */
export async function startSession(
  { InferenceSession }: Pick<OnnxRuntime, "InferenceSession">,
  { file, providers, threads }: SessionPlan,
  lacks: (provider: OnnxProvider) => Promise<string | undefined> = whatLacks,
): Promise<StartedSession> {
  const refusals: string[] = [];
  for (const provider of providers) {
    try {
      const lacking = await lacks(provider);
      if (lacking !== undefined) throw new Error(lacking);
      const options = threads === undefined ? {} : { intraOpNumThreads: threads };
      const executionProviders = [provider];
      const session = await InferenceSession.create(file, { ...options, executionProviders });
      return { session, provider, title: [TITLES[provider], ...refusals].join("; ") };
    } catch (error) {
      refusals.push(`${TITLES[provider]}: ${shortened(messageOfError(error))}`);
    }
  }
  throw new Error(refusals.join("; "));
}

/** What a provider needs and this machine lacks. */
async function whatLacks(provider: OnnxProvider): Promise<string | undefined> {
  if (provider === "cuda") return await cudaIsInstalled() ? undefined : "not installed";
  if (provider === "cpu") return undefined;
  if (!await hasWebgpu()) return "no GPU";
  return await isSoftwareAdapter() ? "only a software GPU" : undefined;
}

/** The first line of a message, without the places in ONNX Runtime's own source. */
function shortened(message: string): string {
  return message.split("\n")[0].replace(/^\/\S+ .*? was false\. /, "");
}
