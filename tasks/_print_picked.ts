import { formatTable } from "../lib/evaluation/mod.ts";
import {
  doubtTitles,
  formatLook,
  OF_PICKS,
  type PickedFile,
  type PickSummary,
} from "../lib/picking/mod.ts";
import { INTERRUPTED, printJson, printSkipped, printWarnings } from "./_cli.ts";

/** Prints what became of a batch of micrographs; returns the exit code. */
export function printPicked(
  args: { json: boolean },
  summary: PickSummary,
  out: string,
): boolean | number {
  const { files, total } = summary;
  if (!printJson(args, summary)) printResults(summary, out);
  const failed = printTroubles(files);
  if (files.length === total) return failed.length === 0;
  console.error(`stopped after ${files.length} of ${total} micrographs`);
  return INTERRUPTED;
}

/** Prints to standard error what is odd about files, and which failed and why; gives the latter. */
export function printTroubles(files: readonly PickedFile[]): PickedFile[] {
  printWarnings(files.map(({ path, doubts = [] }) => {
    return {
      path,
      warnings: doubts.filter(({ kind }) => !OF_PICKS.includes(kind)).map(({ text }) => text),
    };
  }));
  return printSkipped(files);
}

function printResults({ files, total, backend, threshold, look }: PickSummary, out: string): void {
  const good = files.filter(({ error }) => error === undefined);
  const again = good.filter(({ from }) => from !== undefined);
  const done = good.filter(({ skipped }) => skipped !== undefined);
  console.log(formatTable(good.map(rowOf), [
    { key: "name", title: "micrograph" },
    "picks",
    "candidates",
    ...(good.some(({ fibers }) => fibers !== undefined) ? ["fibers" as const] : []),
    { key: "diameter", title: "diameter (px)", digits: 1 },
    { key: "seconds", digits: 2, align: "right" },
    ...(good.some(({ doubts }) => doubts) ? ["doubts" as const] : []),
  ]));
  if (look?.diameter !== undefined) console.log(`\n${formatLook(look)}`);
  console.log(
    `\n${good.length} of ${total} micrographs on ${backend}, threshold ${threshold}. ` +
      (again.length > 0 ? `Taken from candidates that were there: ${again.length}. ` : "") +
      (done.length > 0 ? `Done already: ${done.length} (--overwrite picks them again). ` : "") +
      `Results in ${out}; all candidates in ${out}/candidates.`,
  );
}

/** Files that were done already took no time that is worth a figure; doubts in few words. */
function rowOf({ doubts, ...file }: PickedFile) {
  const seconds = file.skipped === undefined ? file.seconds : undefined;
  return { ...file, seconds, doubts: doubtTitles(doubts ?? []) };
}
