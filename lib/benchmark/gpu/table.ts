import { formatTable } from "../../evaluation/mod.ts";
import type { Timing } from "../timing.ts";
import { gpuSettings } from "./parts.ts";
import type { TorchFigures } from "../torch.ts";
import type { GpuReport } from "./report.ts";

/** PyTorch's modes on a card, as `tasks/benchmark_torch.py` calls them. */
const MODES = ["float32", "TF32", "channels-last", "compiled"] as const;

/** What stands where there is no figure. */
const NONE = "not measured";

/** A line: what was done, and by whom how fast. */
type Row = Record<"what" | "ours" | "onnx" | typeof MODES[number], string>;

/**
 * Our figures on a GPU beside those of PyTorch and ONNX Runtime on the same one, as Markdown.
 *
 * @param report None where nothing was measured; the table then says so.
 */
export function gpuTable(report?: GpuReport): string {
  return formatTable([...networkRows(report), ...pickingRows(report), checksRow(report)], [
    "what",
    { key: "ours", title: "ours", align: "right" },
    ...MODES.map((key) => ({ key, title: `PyTorch, ${key}`, align: "right" } as const)),
    { key: "onnx", title: "ONNX Runtime", align: "right" },
  ]);
}

/** The networks alone, and training steps. */
function networkRows(report?: GpuReport): Row[] {
  const { networks, edge, trainingCases } = report ?? gpuSettings(false);
  const forward = Object.keys(networks).map((network) => {
    const of = (figures?: Pick<TorchFigures, "forward">) =>
      figures?.forward.find((one) => one.network === network)?.seconds;
    const onnx = report?.gpu.onnx.filter((one) => one.network === network) ?? [];
    const fastest = onnx.filter(({ provider }) => provider !== "cpu")
      .sort((a, b) => a.seconds.median - b.seconds.median).at(0);
    return {
      what: `\`${network}\`, the network alone, ${edge}²`,
      ours: timed(of(report)),
      ...torchTimes(report, of),
      onnx: fastest ? `${timed(fastest.seconds)} (${fastest.provider})` : NONE,
    };
  });
  const training = trainingCases.map(({ network, batch, crop }) => {
    const of = (figures?: Pick<TorchFigures, "training">) =>
      figures?.training.find((one) => one.network === network && one.crop === crop)?.seconds;
    return {
      what: `\`${network}\`, training step, ${batch} of ${crop}²`,
      ours: timed(of(report)),
      ...torchTimes(report, of),
      onnx: "–",
    };
  });
  return [...forward, ...training];
}

/** Micrographs from file to files, one by one and a folder. */
function pickingRows(report?: GpuReport): Row[] {
  const { micrographs, networks } = gpuSettings(report?.gpu.small ?? false);
  const names = [...new Set([...Object.keys(networks), "general"])];
  return names.flatMap((network) => [
    ...micrographs.map(({ width, height }) => {
      const found = report?.picking.find((one) =>
        one.network === network && one.width === width && one.height === height
      );
      return own(
        `\`${network}\`, ${width} × ${height}, file to files`,
        found && seconds(found.seconds.total),
      );
    }),
    own(
      `\`${network}\`, a folder, micrographs a minute`,
      report?.throughput.find((one) => one.network === network)?.perMinute.toFixed(0),
    ),
  ]);
}

/** How many checks were passed. */
function checksRow(report?: GpuReport): Row {
  const checks = report?.gpu.checks ?? [];
  const passed = checks.filter(({ passed }) => passed).length;
  const text = checks.length > 0 ? `${passed} of ${checks.length}` : undefined;
  return own("results within rounding of plain code and WASM", text);
}

/** A line that is only ours. */
function own(what: string, ours = NONE): Row {
  return { what, ours, ...torchTimes(undefined, () => undefined, "–"), onnx: "–" };
}

function torchTimes(
  report: GpuReport | undefined,
  of: (figures?: TorchFigures) => Timing | undefined,
  none = NONE,
): Record<typeof MODES[number], string> {
  const modes = report?.gpu.torch.at(0)?.modes ?? {};
  const times = MODES.map((mode) => [mode, timed(of(modes[mode]), none)]);
  return Object.fromEntries(times);
}

function timed(timing: Timing | undefined, none = NONE): string {
  return timing === undefined ? none : seconds(timing.median);
}

/** A time with three digits. */
function seconds(value: number): string {
  return value < 1 ? `${Number((value * 1000).toPrecision(3))} ms` : `${value.toPrecision(3)} s`;
}
