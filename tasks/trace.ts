/**
 * Traces fibers through points: `epicker trace POINTS… --out DIR`.
 *
 * @module
 */
import { formatTable } from "../lib/evaluation/mod.ts";
import { traceFiles } from "../lib/tracing/mod.ts";
import { command, printJson, printSkipped, printWarnings, progressBar, warn } from "./_cli.ts";
import { format, number } from "./_flags.ts";
import { FLAG, FORMATS } from "./_shared_flags.ts";

export default command({
  inputs: "POINTS…",
  flags: {
    out: FLAG.out,
    to: format("--format FORMAT", `${FORMATS} (default: star)`),
    from: FLAG.from,
    micrographs: FLAG.micrographs,
    rise: FLAG.rise,
    riseA: FLAG.riseA,
    pixelSizeA: FLAG.pixelSizeA,
    width: number("--width PX", "width of the fibers (default: the diameter of the points)"),
    threshold: number("--threshold T", "least score of a point (default: all points)"),
    reach: number(
      "--reach PX",
      "how far the next point may be (default: 100 in a micrograph 1024 wide)",
    ),
    maxTurn: number("--turn RAD", "most that a fiber turns over one reach (default: 0.5)"),
    minLength: number("--min-length PX", "least length of a fiber (default: half the reach)"),
    json: FLAG.json,
  },
  examples: [
    "Points/ --out Fibers --rise 12",
    "Picks/candidates --out Fibers --threshold 0.25 --rise-a 27.5",
    "masks/*.png --out coordinates --format csv",
    "points.csv --out Fibers --format star-ends --micrographs Micrographs",
  ],
  async main({ json, ...options }, inputs) {
    const bar = progressBar();
    const files = await traceFiles(inputs, {
      ...options,
      onProgress: bar.onProgress,
      onWarning: warn,
    });
    bar.stop();
    const written = files.flatMap(({ written }) => written);
    if (!printJson({ json }, files) && written.length > 0) {
      const rows = written.map(({ name, fibers = 0, picks, path }) => ({
        name,
        fibers,
        picks,
        path,
      }));
      console.log(
        formatTable(rows, [{ key: "name", title: "micrograph" }, "fibers", "picks", "path"]),
      );
    }
    printWarnings(written.map(({ name, warnings }) => ({ path: name, warnings })));
    return printSkipped(files).length === 0;
  },
});
