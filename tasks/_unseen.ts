import { join } from "@std/path";
import { EPickerError, formatTable } from "../mod.ts";
import { writeFileAtomic } from "../lib/core/mod.ts";
import {
  calibrationOf,
  checkUnseen,
  FEW,
  FEW_COLUMNS,
  fewLines,
  fewMarkdown,
  loadUnseenData,
  runFew,
  runUnseen,
  UNSEEN,
  UNSEEN_COLUMNS,
  unseenLines,
  unseenMarkdown,
  type UnseenOptions,
  type UnseenPlan,
} from "../lib/experiments/mod.ts";
import type { NetworkView } from "../lib/preprocess/mod.ts";
import { interruptSignal, printJson, progressBar, warn } from "./_cli.ts";

/** The presets that leave kinds out. */
export const LEAVING_OUT = ["unseen", "few"];

/** What the command line says of them. */
interface Given extends UnseenOptions {
  preset: string;
  data?: string;
  steps?: number;
  view?: NetworkView;
  json: boolean;
}

/** Runs `unseen` or `few`, and writes and prints what was found. */
export async function leaveOut({ preset, data: folder, steps, view, json, ...given }: Given) {
  const { out } = given;
  const changed = <P extends UnseenPlan>(plan: P): P => ({
    ...plan,
    ...(steps !== undefined && { steps }),
    ...(view === "paper" && { view, sources: ["real"] }),
  });
  const [unseen, few] = [changed(UNSEEN), changed(FEW)];
  checkUnseen(preset === "few" ? few : unseen, given);
  const bar = progressBar();
  const data = await loadUnseenData(unseen, folder ?? "../shared/data", bar.onProgress, warn);
  const options = { ...given, signal: interruptSignal(), onProgress: bar.onProgress };
  if (preset === "few") {
    const report = await runFew(few, data, options);
    bar.stop();
    await writeFileAtomic(join(out, "few.md"), fewMarkdown(report));
    const lines = fewLines(report);
    if (!printJson({ json }, lines)) console.log(formatTable(lines, FEW_COLUMNS));
    return;
  }
  const report = await runUnseen(unseen, data, {
    ...options,
    onCell: ({ kind, source, seed }) =>
      console.error(`\nfinished ${kind}, ${source}, seed ${seed}`),
  });
  bar.stop();
  await writeFileAtomic(join(out, "unseen.md"), unseenMarkdown(report));
  const calibration = calibrationOf(report.cells.filter(({ source }) => source === "both"));
  if (calibration !== undefined) {
    const text = JSON.stringify(calibration, null, 1) + "\n";
    await writeFileAtomic(join(out, "calibration.json"), text);
  }
  const lines = unseenLines(report);
  if (!printJson({ json }, lines)) console.log(formatTable(lines, UNSEEN_COLUMNS));
}

/** Refuses flags that a preset does not know. @throws {EPickerError} `bad-option`. */
export function refuseFlags(preset: string, flags: Record<string, unknown>): void {
  const flag = Object.keys(flags).find((name) => flags[name]);
  if (flag === undefined) return;
  throw new EPickerError("bad-option", {
    file: flag,
    found: `an option that the preset ${preset} does not know`,
    expected: "the options of this preset",
    remedy: "Leave it out.",
  });
}
