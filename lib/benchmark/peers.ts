import type { NetworkConfig } from "../centernet/mod.ts";
import { messageOfError, WorkerThread } from "../core/mod.ts";
import type { ForwardSpeed } from "./forward_speed.ts";
import { onnxIsInstalled } from "../onnx/mod.ts";
import { freshModel } from "./models.ts";
import { measureOnnx, type OnnxSpeed } from "./onnx_speed.ts";
import type { StockFunctions } from "./stock_worker.ts";
import type { TimingOptions } from "./timing.ts";
import type { TorchReport } from "./torch.ts";

/** What other programs take for the same work. */
export interface Peers {
  /** ONNX Runtime on the CPU, with the networks alone. */
  onnx: OnnxSpeed[];
  /** TensorFlow.js as it ships, on WASM, with the networks alone. */
  tfjs?: ForwardSpeed[];
  /** PyTorch. */
  torch?: TorchReport;
  /** Why one of them is missing. */
  problems: string[];
}

/** Times the networks in TensorFlow.js without kernels of ours, on WASM, where it has one thread. */
export async function measureStockPeer(
  { networks, edge }: { networks: Record<string, NetworkConfig>; edge: number },
  options: TimingOptions,
): Promise<ForwardSpeed[]> {
  const stock = new URL("./stock_worker.ts", import.meta.url).href;
  using worker = new WorkerThread<StockFunctions>(stock);
  const found: ForwardSpeed[] = [];
  for (const [network, config] of Object.entries(networks)) {
    found.push(await worker.call("forward", network, config, edge, options));
  }
  return found;
}

/** Times the networks in ONNX Runtime with one thread and with all, where it is installed. */
export async function measureOnnxPeers(
  { networks, edge }: { networks: Record<string, NetworkConfig>; edge: number },
  options: TimingOptions,
): Promise<Pick<Peers, "onnx" | "problems">> {
  const found: Pick<Peers, "onnx" | "problems"> = { onnx: [], problems: [] };
  if (!await onnxIsInstalled()) return { ...found, problems: ["ONNX Runtime is not installed"] };
  for (const [network, config] of Object.entries(networks)) {
    for (const threads of new Set([1, navigator.hardwareConcurrency])) {
      const model = freshModel(config);
      await measureOnnx(network, model, edge, { threads }, options).then(
        (speed) => found.onnx.push(speed),
        (error) => found.problems.push(`ONNX Runtime, ${network}: ${messageOfError(error)}`),
      );
    }
  }
  return found;
}
