/**
 * Converts coordinate files: `deno task convert IN… --to FORMAT --out DIR`.
 *
 * @module
 */
import { convertCoordinates, coordinateFormats, formatTable } from "../mod.ts";
import { printJson, printWarnings, progressBar, required, run, warn } from "./_cli.ts";

const names = coordinateFormats.map(({ name }) => name).join(", ");

await run({
  name: "convert",
  summary: "Converts coordinate files; files about many micrographs are split.",
  inputs: "IN…",
  options: {
    to: { value: "FORMAT", help: names },
    out: { value: "DIR", help: "folder for the results" },
    from: { value: "FORMAT", help: "format of the inputs (default: by their extensions)" },
    micrographs: { value: "DIR", help: "micrographs, for their names, sizes and pixel sizes" },
    "pixel-size-a": {
      value: "Å",
      help: "Å per pixel of the micrographs (default: what the files say)",
    },
    "flip-y": { help: "mirror top to bottom; needs the height of the micrographs" },
    recentre: { help: "move picks to where RELION's refinement found the particles" },
    scale: { value: "S", help: "micrograph pixels per pixel of the picked image (default: 1)" },
    averaged: { help: "that image was averaged (IMOD, EMAN), not Fourier cropped (Topaz, RELION)" },
    "box-size": { value: "PX", help: "side of the boxes (default: the diameter of each pick)" },
    joint: { help: "write one file about all micrographs (star, topaz, cs)" },
    json: { help: "print what was done as JSON" },
  },
  examples: [
    "deno task convert CBOX/ --to star --out Picks",
    "deno task convert J5/particles.cs --to star --out Picks --micrographs Micrographs --flip-y",
    "deno task convert run_data.star --to csv --out Picks --recentre --micrographs Micrographs",
    "deno task convert topaz.txt --to box --out Picks --scale 8 --box-size 180",
    "deno task convert Picks/ --to cs --joint --out ForCryoSPARC --micrographs Micrographs",
  ],
}, async (args) => {
  const [to, out] = [required(args, "to", "convert"), required(args, "out", "convert")];
  const [from, micrographs] = [args.text("from"), args.text("micrographs")];
  const [scale, boxSize] = [args.number("scale"), args.number("box-size")];
  const pixelSizeA = args.number("pixel-size-a");
  const bar = progressBar();
  const files = await convertCoordinates(args.inputs, {
    to,
    out,
    flipY: args.on("flip-y"),
    recentre: args.on("recentre"),
    averaged: args.on("averaged"),
    joint: args.on("joint"),
    onProgress: bar.onProgress,
    onWarning: warn,
    ...(from !== undefined && { from }),
    ...(micrographs !== undefined && { micrographs }),
    ...(scale !== undefined && { scale }),
    ...(boxSize !== undefined && { boxSize }),
    ...(pixelSizeA !== undefined && { pixelSizeA }),
  });
  bar.stop();
  const written = files.flatMap(({ written }) => written);
  if (!printJson(args, files) && written.length > 0) {
    const rows = written.map(({ name, picks, path }) => ({ name, picks, path }));
    console.log(formatTable(rows, [{ key: "name", title: "micrograph" }, "picks", "path"]));
  }
  printWarnings(written.map(({ name, warnings }) => ({ path: name, warnings })));
  const failed = files.filter(({ error }) => error !== undefined);
  for (const { path, error = "" } of failed) {
    console.error(error.startsWith(path) ? `skipped ${error}` : `skipped ${path}: ${error}`);
  }
  return failed.length === 0;
});
