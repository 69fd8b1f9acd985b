/**
 * Converts coordinate files: `epicker convert IN… --to FORMAT --out DIR`.
 *
 * @module
 */
import { formatTable } from "../lib/evaluation/mod.ts";
import { convertCoordinates } from "../lib/io/mod.ts";
import { command, printJson, printSkipped, printWarnings, progressBar, warn } from "./_cli.ts";
import { format, needed, number, on } from "./_flags.ts";
import { FLAG, FORMATS } from "./_shared_flags.ts";

export default command({
  inputs: "IN…",
  flags: {
    to: needed(format("--to FORMAT", FORMATS)),
    out: FLAG.out,
    from: FLAG.from,
    micrographs: FLAG.micrographs,
    pixelSizeA: FLAG.pixelSizeA,
    flipY: on("--flip-y", "mirror top to bottom; needs the height of the micrographs"),
    recentre: on("--recentre", "move picks to where RELION's refinement found the particles"),
    scale: number("--scale S", "micrograph pixels per pixel of the picked image (default: 1)"),
    averaged: on(
      "--averaged",
      "that image was averaged (IMOD, EMAN), not Fourier cropped (Topaz, RELION)",
    ),
    boxSize: number("--box-size PX", "side of the boxes (default: the diameter of each pick)"),
    joint: on("--joint", "write one file about all micrographs (star, topaz, cs)"),
    json: FLAG.json,
  },
  examples: [
    "CBOX/ --to star --out Picks",
    "J5/particles.cs --to star --out Picks --micrographs Micrographs --flip-y",
    "run_data.star --to csv --out Picks --recentre --micrographs Micrographs",
    "topaz.txt --to box --out Picks --scale 8 --box-size 180",
    "Picks/ --to cs --joint --out ForCryoSPARC --micrographs Micrographs",
  ],
  async main({ json, ...options }, inputs) {
    const bar = progressBar();
    const files = await convertCoordinates(inputs, {
      ...options,
      onProgress: bar.onProgress,
      onWarning: warn,
    });
    bar.stop();
    const written = files.flatMap(({ written }) => written);
    if (!printJson({ json }, files) && written.length > 0) {
      const rows = written.map(({ name, picks, path }) => ({ name, picks, path }));
      console.log(formatTable(rows, [{ key: "name", title: "micrograph" }, "picks", "path"]));
    }
    printWarnings(written.map(({ name, warnings }) => ({ path: name, warnings })));
    return printSkipped(files).length === 0;
  },
});
