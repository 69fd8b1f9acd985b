/**
 * Traces fibers through points: `deno task trace POINTS… --out DIR`.
 *
 * @module
 */
import { coordinateFormats, formatTable, traceFiles } from "../mod.ts";
import { given, printJson, printWarnings, progressBar, required, run, warn } from "./_cli.ts";

const names = coordinateFormats.map(({ name }) => name).join(", ");

await run({
  name: "trace",
  summary:
    "Traces fibers through the points of coordinate files, or through mask images (above 0 is fiber).",
  inputs: "POINTS…",
  options: {
    out: { value: "DIR", help: "folder for the results" },
    format: { value: "FORMAT", help: `${names} (default: star)` },
    from: { value: "FORMAT", help: "format of the inputs (default: by their extensions)" },
    micrographs: { value: "DIR", help: "micrographs, for their names, sizes and pixel sizes" },
    rise: {
      value: "PX",
      help: "distance of boxes along the fibers (default: only the nodes of the polylines)",
    },
    "rise-a": { value: "Å", help: "the same in Å; needs the pixel size" },
    "pixel-size-a": { value: "Å", help: "Å per pixel (default: what the files say)" },
    width: { value: "PX", help: "width of the fibers (default: the diameter of the points)" },
    threshold: { value: "T", help: "least score of a point (default: all points)" },
    reach: {
      value: "PX",
      help: "how far the next point may be (default: 100 in a micrograph 1024 wide)",
    },
    turn: { value: "RAD", help: "most that a fiber turns over one reach (default: 0.5)" },
    "min-length": { value: "PX", help: "least length of a fiber (default: half the reach)" },
    json: { help: "print what was done as JSON" },
  },
  examples: [
    "deno task trace Points/ --out Fibers --rise 12",
    "deno task trace Picks/candidates --out Fibers --threshold 0.25 --rise-a 27.5",
    "deno task trace masks/*.png --out coordinates --format csv",
    "deno task trace points.csv --out Fibers --format star-ends --micrographs Micrographs",
  ],
}, async (args) => {
  const out = required(args, "out", "trace");
  const bar = progressBar();
  const files = await traceFiles(args.inputs, {
    out,
    ...given({
      to: args.text("format"),
      from: args.text("from"),
      micrographs: args.text("micrographs"),
      rise: args.number("rise"),
      riseA: args.number("rise-a"),
      pixelSizeA: args.number("pixel-size-a"),
      width: args.number("width"),
      threshold: args.number("threshold"),
      reach: args.number("reach"),
      maxTurn: args.number("turn"),
      minLength: args.number("min-length"),
    }),
    onProgress: bar.onProgress,
    onWarning: warn,
  });
  bar.stop();
  const written = files.flatMap(({ written }) => written);
  if (!printJson(args, files) && written.length > 0) {
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
  const failed = files.filter(({ error }) => error !== undefined);
  for (const { path, error = "" } of failed) {
    console.error(error.startsWith(path) ? `skipped ${error}` : `skipped ${path}: ${error}`);
  }
  return failed.length === 0;
});
