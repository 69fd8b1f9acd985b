import { dirname, join } from "@std/path";
import { formatStarTable, writeMrc } from "../../lib/io/mod.ts";

/** An image of a project. */
export interface ProjectImage {
  /** Path from the project's folder; `.tif` or `.mrc`. */
  path: string;
  width: number;
  height: number;
  pixels: Float32Array<ArrayBuffer>;
}

/** The list of a project's micrographs. */
export const LIST = "CtfFind/job003/micrographs_ctf.star";

/** A RELION project with micrographs, their list and the pipeline file of a version. */
export async function relionProject(
  images: ProjectImage[],
  { pixelSizeA = 4, pipeline = "\n# version 50001\n\ndata_pipeline_general\n" } = {},
): Promise<string> {
  const project = await Deno.makeTempDir();
  for (const image of images) {
    const path = join(project, image.path);
    await Deno.mkdir(dirname(path), { recursive: true });
    if (path.endsWith(".tif")) await Deno.writeFile(path, tiffOf(image));
    else await writeMrc(path, { ...image, pixelSizeA: 1 }); // the list knows better
  }
  await Deno.mkdir(join(project, "CtfFind/job003"), { recursive: true });
  await Deno.mkdir(join(project, "External/job012"), { recursive: true });
  await Deno.writeTextFile(join(project, "default_pipeline.star"), pipeline);
  const names = images.map(({ path }) => path);
  await Deno.writeTextFile(join(project, LIST), listOf(names, pixelSizeA));
  return project;
}

/** What CTF estimation of RELION 3.1 and later writes. */
export function listOf(names: string[], pixelSizeA = 4): string {
  const optics = ["GroupName", "Group"].map((name) => `_rlnOptics${name}`);
  const lens = ["_rlnMicrographPixelSize", "_rlnVoltage", "_rlnSphericalAberration"];
  const defocus = ["_rlnDefocusU", "_rlnDefocusV", "_rlnDefocusAngle"];
  return "\n# version 30001\n" +
    formatStarTable("optics", [...optics, ...lens, "_rlnAmplitudeContrast"], [
      ["opticsGroup1", "1", String(pixelSizeA), "300", "2.7", "0.1"],
    ]) +
    formatStarTable(
      "micrographs",
      ["_rlnMicrographName", "_rlnOpticsGroup", ...defocus],
      names.map((name) => [name, "1", "15000", "15000", "0"]),
    );
}

/** A TIFF of float32 samples in one strip, by the description of the format. */
function tiffOf({ width, height, pixels }: ProjectImage): Uint8Array {
  const data = new Uint8Array(pixels.buffer);
  const tags = {
    ...{ 256: width, 257: height, 258: 32, 259: 1, 262: 1, 273: 8, 277: 1 },
    ...{ 278: height, 279: data.length, 339: 3 },
  };
  const entries = Object.entries(tags);
  const bytes = new Uint8Array(8 + data.length + 6 + 12 * entries.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x002a4949, true);
  view.setUint32(4, 8 + data.length, true);
  bytes.set(data, 8);
  view.setUint16(8 + data.length, entries.length, true);
  entries.forEach(([tag, value], i) => {
    const at = 10 + data.length + 12 * i;
    view.setUint16(at, Number(tag), true);
    view.setUint16(at + 2, 4, true);
    view.setUint32(at + 4, 1, true);
    view.setUint32(at + 8, value, true);
  });
  return bytes;
}
