import { formatTable, type TableColumn } from "../evaluation/mod.ts";
import { PASSES } from "./convolution_speed.ts";
import { convolutionRows } from "./convolution_rows.ts";
import { ratioTable } from "./ratios.ts";
import type { BenchmarkReport } from "./report.ts";
import type { Timing } from "./timing.ts";

/** Machine, backend, versions and date in a sentence. */
export function benchmarkTitle({ machine, software, backend, date }: BenchmarkReport): string {
  const versions = Object.entries(software).map(([name, version]) => `${name} ${version}`);
  return `${backend.title} on ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ` +
    `${machine.os}; ${versions.join(", ")}; ${date.slice(0, 10)}.`;
}

/** Every part of a benchmark as a Markdown table below its title. */
export function benchmarkTables(report: BenchmarkReport): string {
  const tables: [title: string, table: string][] = [
    ["Picking, seconds per micrograph", pickingTable(report)],
    ["Picking a folder", throughputTable(report)],
    ["The network alone", forwardTable(report)],
    ["Training step", trainingTable(report)],
    ["Beside other programs on this machine", ratioTable(report)],
    ["Simulation, on one core", simulationTable(report)],
    ["Convolutions and their gradients, GFLOP/s, ours and stock TensorFlow.js", kernels(report)],
  ];
  return tables.filter(([, table]) => table !== "")
    .map(([title, table]) => `${title}:\n\n${table}`).join("\n\n");
}

/** A table, or nothing where there are no rows. */
function tableOf<Row extends object>(
  rows: Row[],
  columns: ((keyof Row & string) | TableColumn<Row>)[],
): string {
  return rows.length === 0 ? "" : formatTable(rows, columns);
}

function pickingTable({ picking }: BenchmarkReport): string {
  const rows = picking.map(({ network, model, width, height, seconds, warmUp, ...rest }) => ({
    ...rest,
    ...seconds,
    name: nameOf(network, model),
    size: sizeOf(width, height),
    first: warmUp.total,
  }));
  return tableOf(rows, [
    { key: "name", title: "model" },
    { key: "size", title: "micrograph" },
    { key: "candidates" },
    ...(["read", "preprocess", "network", "decode", "write", "total"] as const),
    { key: "first", title: "first call" },
    { key: "peakMiB", title: "peak MiB" },
  ]);
}

function throughputTable({ throughput }: BenchmarkReport): string {
  return tableOf(throughput, [
    { key: "network", title: "model" },
    { key: "file", title: "micrograph" },
    "copies",
    "workers",
    { key: "seconds", digits: 2 },
    { key: "perMinute", title: "per minute", digits: 1 },
    { key: "peakMiB", title: "peak MiB" },
  ]);
}

function forwardTable({ forward }: BenchmarkReport): string {
  const rows = forward.map(({ network, edge, threads, gflop, seconds, peakMiB }) => ({
    ...{ network, image: sizeOf(edge, edge), threads: threads ?? "–", peakMiB },
    ...timed(gflop, seconds),
  }));
  return tableOf(rows, ["network", "image", "threads", ...TIMED]);
}

function trainingTable({ training }: BenchmarkReport): string {
  const rows = training.map(({ network, batch, crop, workers = 1, gflop, seconds, peakMiB }) => ({
    ...{ network, crops: `${workers * batch} of ${sizeOf(crop, crop)}`, workers, peakMiB },
    ...timed(gflop, seconds),
  }));
  return tableOf(rows, ["network", "crops", "workers", ...TIMED]);
}

function simulationTable({ simulation }: BenchmarkReport): string {
  const rows = simulation.map(({ edge, particles, seconds: { median, warmUp } }) => ({
    ...{ micrograph: sizeOf(edge, edge), particles, seconds: median, first: warmUp },
  }));
  return tableOf(rows, [
    "micrograph",
    "particles",
    "seconds",
    { key: "first", title: "first call" },
  ]);
}

/** Columns of a piece of work with known operations. */
const TIMED = [
  "seconds",
  { key: "first", title: "first call" },
  "gflop",
  { key: "rate", title: "GFLOP/s", digits: 1 },
  { key: "peakMiB", title: "peak MiB" },
] as const;

function timed(gflop: number, { median, warmUp }: Timing) {
  return { seconds: median, first: warmUp, gflop, rate: gflop / median };
}

function kernels(report: BenchmarkReport): string {
  return tableOf(convolutionRows(report.convolutions), [
    "network",
    "convolution",
    { key: "gflop", title: "GFLOP", digits: 2 },
    ...PASSES.flatMap((pass) => [
      { key: pass, title: TITLES[pass], digits: 2 },
      { key: `${pass}Stock` as const, title: "stock", digits: 2 },
    ]),
  ]);
}

const TITLES = {
  forward: "forward",
  inputGradient: "input gradient",
  filterGradient: "filter gradient",
};

/** The network, and its weights where they are not those that ship under the same name. */
function nameOf(network: string, model: string): string {
  return model === network ? network : `${network}, ${model}`;
}

function sizeOf(width: number, height: number): string {
  return `${width} × ${height}`;
}
