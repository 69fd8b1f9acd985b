/**
 * Takes picks anew by another threshold: `deno task threshold PICKS T`.
 *
 * @module
 */
import { changeThreshold, EPickerError } from "../mod.ts";
import { interruptSignal, progressBar, run } from "./_cli.ts";
import { printPicked } from "./_print_picked.ts";

await run({
  name: "threshold",
  summary: "Rewrites the coordinates of a folder that pick has written by another threshold.",
  inputs: "PICKS T",
  options: {
    format: { value: "LIST", help: "write these, too: star, box, cbox, csv, cs, …" },
    json: { help: "print the summary as JSON" },
  },
  examples: [
    "deno task threshold Picks 0.45",
    "deno task threshold Picks 0.45 --format box,csv",
  ],
}, async (args) => {
  const [folder, threshold] = folderAndThreshold(args.inputs);
  const bar = progressBar();
  const summary = await changeThreshold(folder, threshold, {
    formats: args.text("format")?.split(",") ?? [],
    signal: interruptSignal(),
    onProgress: bar.onProgress,
  });
  bar.stop();
  return printPicked(args, summary, folder);
});

function folderAndThreshold(inputs: string[]): [string, number] {
  const [folder, text = "", ...more] = inputs;
  if (text.trim() !== "" && more.length === 0) return [folder, Number(text)];
  throw new EPickerError("bad-option", {
    file: "threshold",
    found: inputs.length === 0 ? "nothing" : inputs.join(" "),
    expected: "a folder that pick has written and a threshold",
    remedy: "For example: deno task threshold Picks 0.45",
  });
}
