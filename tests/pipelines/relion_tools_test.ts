import { assertAlmostEquals, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import type { Point } from "../../lib/core/mod.ts";
import { parseStarTables, readMicrograph } from "../../lib/io/mod.ts";
import { loadPicker, type Picker } from "../../lib/picking/mod.ts";
import { pickRelionJob } from "../../lib/pipelines/mod.ts";
import { demoMicrographs } from "../../lib/simulation/mod.ts";
import { fiberPicker, FIBERS, SIDE } from "../picking/_seeing.ts";
import { LIST, type ProjectImage, relionProject } from "./_project.ts";
import { hasProgram, runTool } from "./_tools.ts";

// What RELION itself makes of our files: `apt-get install relion relion-gui xvfb`.

const ignore = !await hasProgram("relion_preprocess", "EPICKER_REQUIRE_RELION");
const DATA = fromFileUrl(new URL("../../../shared/data", import.meta.url));
const JOB = "External/job012/";

/** Picks a project, lets RELION extract, and gives the mean of the particles and their table. */
async function extracted(picker: Picker, project: string, size: number, ...options: string[]) {
  const riseA = picker.model.mode === "fiber" ? 36 : undefined;
  await pickRelionJob(picker, { micrographs: LIST, job: JOB, project, riseA });
  const { code, text } = await runTool("relion_preprocess", [
    ...["--i", LIST, "--coord_dir", JOB, "--coord_suffix", "_autopick.star"],
    ...["--extract", "--extract_size", String(size), ...options],
    ...["--part_dir", "Extract/job013/", "--part_star", "Extract/job013/particles.star"],
  ], project);
  assertEquals(code, 0, text);
  const star = await Deno.readTextFile(join(project, "Extract/job013/particles.star"));
  const particles = parseStarTables(star, "particles.star").find(({ name }) => {
    return name === "particles";
  })!;
  return { particles, stack: (path: string) => readMicrograph(join(project, path)) };
}

/** The middle of what is darker than the border of an image, as moments tell it. */
function darkCentre(
  { width, height, pixels }: { width: number; height: number; pixels: Float32Array },
): Point {
  const isBorder = (x: number, y: number) => {
    return Math.hypot(x - width / 2, y - height / 2) > 0.47 * width;
  };
  const places = [...pixels.keys()].map((i) => ({
    x: i % width,
    y: Math.floor(i / width),
    v: pixels[i],
  }));
  const border = places.filter(({ x, y }) => isBorder(x, y)).map(({ v }) => v);
  const level = border.reduce((a, b) => a + b) / border.length;
  const deepest = level - Math.min(...pixels);
  let [sum, sumX, sumY] = [0, 0, 0];
  for (const { x, y, v } of places) {
    const depth = Math.max(0, level - v - deepest / 2);
    [sum, sumX, sumY] = [sum + depth, sumX + depth * x, sumY + depth * y];
  }
  return { x: sumX / sum, y: sumY / sum };
}

function assertDarkCentre(mean: Parameters<typeof darkCentre>[0]): void {
  const { x, y } = darkCentre(mean);
  assertAlmostEquals(x, mean.width / 2, 2); // where RELION has the particle
  assertAlmostEquals(y, mean.height / 2, 2);
}

Deno.test({
  name: "RELION extracts our picks with the particle in the middle, from MRC and from TIFF",
  ignore,
  async fn() {
    const { micrograph } = demoMicrographs().find(({ micrograph }) => {
      return micrograph.name === "ribosome-80s";
    })!;
    const [width, height] = [1024, 900]; // a mistaken mirror shows
    const pixels = micrograph.pixels.slice(0, width * height) as Float32Array<ArrayBuffer>;
    const image = { width, height, pixels };
    const project = await relionProject([
      { ...image, path: "MotionCorr/job002/Movies/a.mrc" },
      { ...image, path: "MotionCorr/job002/Movies/b.tif" },
    ], { pixelSizeA: micrograph.pixelSizeA });
    using picker = await loadPicker({ backend: "wasm" });
    const { particles, stack } = await extracted(picker, project, 96);
    assertGreater(particles.rows.length, 20);
    for (const name of ["a", "b"]) {
      assertDarkCentre(await stack(`Extract/job013/Movies/${name}.mrcs`));
    }
    await assertRead(
      project,
      "MotionCorr/job002/Movies/a.mrc",
      "Movies/a_autopick.star",
    );
    await Deno.remove(project, { recursive: true });
  },
});

Deno.test({
  name: "RELION extracts our picks on real micrographs with the particle in the middle",
  ignore: ignore || !await Deno.stat(DATA).then(() => true, () => false),
  async fn() {
    const images: ProjectImage[] = [];
    for (const name of ["bgal_14_57_34", "bgal_15_07_41"]) {
      const { width, height, pixels } = await readMicrograph(
        `${DATA}/bgal/micrographs/${name}.mrc`,
      );
      const ending = images.length === 0 ? "mrc" : "tif";
      images.push({
        path: `Movies/${name}.${ending}`,
        width,
        height,
        pixels: new Float32Array(pixels),
      });
    }
    const project = await relionProject(images, { pixelSizeA: 3.54 });
    using picker = await loadPicker({ backend: "wasm" });
    const { particles, stack } = await extracted(picker, project, 100);
    assertGreater(particles.rows.length, 1000);
    for (const { path } of images) {
      assertDarkCentre(await stack(`Extract/job013/${path.replace(/\.\w+$/, ".mrcs")}`));
    }
    await Deno.remove(project, { recursive: true });
  },
});

Deno.test({
  name: "RELION extracts our helical segments with their priors, and the fiber in the middle",
  ignore,
  async fn() {
    const pixels = new Float32Array(SIDE * SIDE).fill(10);
    for (const [from, to] of FIBERS) drawLine(pixels, from, to);
    const project = await relionProject([
      { path: "Movies/a.mrc", width: SIDE, height: SIDE, pixels },
      { path: "Movies/b.tif", width: SIDE, height: SIDE, pixels: turned(pixels) },
    ]);
    const helix = ["--helix", "--helical_outer_diameter", "100"];
    const { particles, stack } = await extracted(fiberPicker(), project, 48, ...helix);
    assertGreater(particles.rows.length, 100);
    for (
      const name of ["AngleTiltPrior", "AnglePsiPrior", "HelicalTubeID", "HelicalTrackLengthAngst"]
    ) {
      assertEquals(particles.columns.includes(`_rln${name}`), true, name);
    }
    for (const name of ["a", "b"]) {
      assertDarkCentre(await stack(`Extract/job013/Movies/${name}.mrcs`));
    }
    await Deno.remove(project, { recursive: true });
  },
});

/** A dark line of 10 pixels. */
function drawLine(pixels: Float32Array, from: Point, to: Point): void {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  for (let i = 0; i < pixels.length; i++) {
    const [x, y] = [i % SIDE - from.x, Math.floor(i / SIDE) - from.y];
    const along = (x * (to.x - from.x) + y * (to.y - from.y)) / length;
    const across = (x * (to.y - from.y) - y * (to.x - from.x)) / length;
    if (along > 0 && along < length && Math.abs(across) < 5) pixels[i] = 0;
  }
}

/** The image with its last row first. */
function turned(pixels: Float32Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(pixels, (_, i) => {
    return pixels[(SIDE - 1 - Math.floor(i / SIDE)) * SIDE + i % SIDE];
  });
}

/** RELION's programs read the files of a job, and `relion_display` shows the picks. */
async function assertRead(project: string, micrograph: string, picks: string): Promise<void> {
  const rowsOf = async (path: string) => {
    const [{ rows }] = parseStarTables(await Deno.readTextFile(join(project, path)), path);
    return rows;
  };
  const path = join(JOB, picks);
  const particles = ["--i", "Extract/job013/particles.star", "--o", "best.star"];
  const best = ["--select", "rlnAutopickFigureOfMerit", "--minval", "0.5"];
  const { code: handled, text: report } = await runTool(
    "relion_star_handler",
    [...particles, ...best],
    project,
  );
  assertEquals(handled, 0, report);
  const count = /with (\d+) item/.exec(report)?.[1];
  const index = await rowsOf(join(JOB, "autopick.star"));
  const rows = await Promise.all(index.map(([, coordinates]) => rowsOf(coordinates)));
  const good = rows.flat().filter((row) => Number(row[4]) >= 0.5); // figure of merit
  assertEquals(count, String(good.length));
  const tables = [
    ["autopick.star", "data_coordinate_files", "_rlnMicrographName"],
    ["RELION_OUTPUT_NODES.star", "data_output_nodes", "_rlnPipeLineNodeName"],
  ];
  for (const [file, ...table] of tables) {
    const { text } = await runTool("relion_star_printtable", [join(JOB, file), ...table], project);
    const first = (await rowsOf(join(JOB, file))).map(([name]) => name);
    assertEquals(text.trim().split("\n"), first);
  }
  const show = ["relion_display", "--i", micrograph, "--pick", "--coords", path];
  const options = ["--scale", "0.3", "--particle_radius", "30", "--lowpass", "20", "--angpix", "4"];
  const limited = ["sh", "-c", 'timeout 5 "$@"; echo ended with $?', "-"];
  const { text } = await runTool("xvfb-run", ["-a", ...limited, ...show, ...options], project);
  assertStringIncludes(text, "ended with 124"); // it was open until its time was over
}

Deno.test({
  name: "RELION's pipeline runs us as an External job and takes what we give",
  ignore,
  async fn() {
    const width = 96;
    const pixels = Float32Array.from({ length: width * width }, (_, i) => Math.sin(i * i));
    const pipeline = "\n# version 30001\n\ndata_pipeline_general\n\n_rlnPipeLineJobCounter 1\n";
    const image = { path: "Movies/a.mrc", width, height: width, pixels };
    const project = await relionProject([image], { pipeline });
    const launcher = fromFileUrl(new URL("../../tasks/launch/epicker-relion", import.meta.url));
    const fields = {
      "External executable:": launcher,
      "Input micrographs: ": LIST,
      "Number of threads:": "1",
    };
    const options = Object.entries(fields).map(([field, value]) => `${field} == ${value}`).join(
      ";",
    );
    const add = ["--addJob", "External", "--addJobOptions", options];
    const added = await runTool("relion_pipeliner", add, project);
    assertEquals(added.code, 0, added.text);
    const run = ["--RunJobs", "External/job001/", "--schedule", "one", "--sec_wait_after", "1"];
    const ran = await runTool("relion_pipeliner", run, project);
    assertEquals(ran.code, 0, ran.text);
    const text = await Deno.readTextFile(join(project, "default_pipeline.star"));
    const rowOf = (table: string) => {
      return parseStarTables(text, "pipeline").find(({ name }) => name === table)!.rows.at(-1);
    };
    const FINISHED = "2";
    assertEquals(rowOf("pipeline_processes")?.at(-1), FINISHED);
    const node = "External/job001/coords_suffix_autopick.star";
    assertEquals(rowOf("pipeline_nodes"), [node, "2"]);
    assertEquals(rowOf("pipeline_output_edges"), ["External/job001/", node]);
    await Deno.remove(project, { recursive: true });
  },
});
