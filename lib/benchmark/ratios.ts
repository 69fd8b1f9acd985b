import { formatTable } from "../evaluation/mod.ts";
import type { BenchmarkReport } from "./report.ts";
import type { Timing } from "./timing.ts";
import { torchMode } from "./torch.ts";
import type { TrainingCase } from "./training_speed.ts";

/** A piece of work, how long it takes here and elsewhere, and what the machine could do at best. */
interface Row {
  what: string;
  threads: number;
  ours: number;
  torch?: number;
  toTorch?: number;
  onnx?: number;
  toOnnx?: number;
  tfjs?: number;
  toTfjs?: number;
  ofPeak?: number;
}

/**
 * The networks and training steps beside other programs on the same machine, as Markdown: seconds,
 * ours / theirs, and the operations of the convolutions as a part of what PyTorch's product of large
 * matrices reaches with as many threads. Winograd's algorithm takes fewer operations than are counted.
 */
export function ratioTable(report: BenchmarkReport): string {
  const { forward, training, peers } = report;
  const rows = [
    ...forward.map(({ network, edge, threads = 1, gflop, seconds }) => {
      const isSame = (one: { network: string; edge: number }) =>
        one.network === network && one.edge === edge;
      return rowOf(report, `\`${network}\`, ${edge}²`, threads, gflop, seconds, {
        torch: peers?.torch?.modes[torchMode(threads)]?.forward.find(isSame)?.seconds,
        onnx: peers?.onnx.find((one) => isSame(one) && one.threads === threads)?.seconds,
        tfjs: peers?.tfjs?.find((one) => isSame(one) && one.threads === threads)?.seconds,
      });
    }),
    ...training.map(({ network, batch, crop, workers = 1, gflop, seconds }) => {
      const isSame = (one: TrainingCase) =>
        one.network === network && one.crop === crop && (one.workers ?? 1) === workers;
      const what = `\`${network}\`, training step, ${batch * workers} of ${crop}²`;
      return rowOf(report, what, workers, gflop, seconds, {
        torch: peers?.torch?.modes[torchMode(workers)]?.training.find(isSame)?.seconds,
      });
    }),
  ];
  if (peers === undefined || rows.length === 0) return "";
  return formatTable(rows, [
    "what",
    "threads",
    { key: "ours", title: "ours (s)" },
    { key: "torch", title: `PyTorch ${peers.torch?.torch ?? ""} (s)`.replace("  ", " ") },
    { key: "toTorch", title: "ours / PyTorch", digits: 2 },
    { key: "onnx", title: "ONNX Runtime (s)" },
    { key: "toOnnx", title: "ours / ONNX Runtime", digits: 2 },
    ...(peers.tfjs === undefined ? [] : [
      { key: "tfjs", title: "TensorFlow.js (s)" } as const,
      { key: "toTfjs", title: "ours / TensorFlow.js", digits: 2 } as const,
    ]),
    { key: "ofPeak", title: "of the peak", digits: 2 },
  ]);
}

function rowOf(
  { peers }: BenchmarkReport,
  what: string,
  threads: number,
  gflop: number,
  { median }: Timing,
  { torch, onnx, tfjs }: { torch?: Timing; onnx?: Timing; tfjs?: Timing },
): Row {
  const peak = peers?.torch?.limits[`${torchMode(threads)}, TFLOP/s`];
  return {
    ...{ what, threads, ours: median },
    ...(torch && { torch: torch.median, toTorch: median / torch.median }),
    ...(onnx && { onnx: onnx.median, toOnnx: median / onnx.median }),
    ...(tfjs && { tfjs: tfjs.median, toTfjs: median / tfjs.median }),
    ...(peak && { ofPeak: gflop / median / (1000 * peak) }),
  };
}

/** What the machine reaches at best, in a sentence; nothing where PyTorch did not measure it. */
export function limitsLine({ peers }: BenchmarkReport): string {
  const limits = Object.entries(peers?.torch?.limits ?? {});
  if (limits.length === 0) return "";
  const texts = limits.map(([name, value]) => {
    const [mode, unit] = name.split(", ");
    const [factor, shown] = unit === "TFLOP/s" ? [1000, "GFLOP/s"] : [1, unit];
    return `${(factor * value).toFixed(0)} ${shown} with ${mode}`;
  });
  return `At best, as PyTorch's product and copy of large matrices: ${texts.join(", ")}.`;
}
