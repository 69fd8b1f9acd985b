import { formatTable } from "../../mod.ts";
import { readJson, type Tables } from "./_read.ts";

/** What `tests/time_peers.ts --json` writes. */
export interface Peers {
  /** Edge of the micrographs in pixels. */
  size: number;
  /** Micrographs of the longer runs. */
  count: number;
  /** Rounds, of which the figures are medians. */
  rounds: number;
  /** Pickers: seconds to start, seconds and processor seconds a micrograph. */
  programs: { program: string; start: number; seconds: number; processor: number }[];
}

/** Pickers beside each other, and on what. */
export function peersTable({ size, count, rounds, programs }: Peers): string {
  const table = formatTable(programs, [
    "program",
    { key: "start", title: "start (s)", digits: 2 },
    { key: "seconds", title: "s a micrograph", digits: 2 },
    { key: "processor", title: "processor s a micrograph", digits: 2 },
  ]);
  return `${count} micrographs of ${size} × ${size}, medians of ${rounds} rounds:\n\n${table}`;
}

/** Other pickers' speed beside ours. */
export async function peerTables(): Promise<Tables> {
  return { peers: peersTable(await readJson<Peers>("models/benchmarks/peers.json")) };
}
