import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { EPickerError } from "../../lib/core/mod.ts";
import { writeModel } from "../../lib/centernet/mod.ts";
import { parseStarTables, readCandidates, readCoordinates } from "../../lib/io/mod.ts";
import {
  inRelionJob,
  pickRelionJob,
  projectVersion,
  readMicrographList,
  type RelionJobOptions,
  updateIndex,
} from "../../lib/pipelines/mod.ts";
import { changeThreshold, openPicker } from "../../lib/picking/mod.ts";
import { writeNoise } from "../picking/_batch.ts";
import { discPicker, scene } from "../picking/_discs.ts";
import { freshModel } from "../picking/_model.ts";
import { LIST, listOf, type ProjectImage, relionProject } from "./_project.ts";
import { isThere, until } from "./_tools.ts";

const JOB = "External/job012/";
const LAUNCHER = fromFileUrl(new URL("../../tasks/launch/epicker-relion", import.meta.url));

function noise(path: string, width = 96): ProjectImage {
  const pixels = Float32Array.from({ length: width * 12 }, (_, i) => Math.sin(i * i));
  return { path, width, height: 12, pixels };
}

const IMAGES = [
  noise("MotionCorr/job002/Movies/day1/a.mrc"),
  noise("MotionCorr/job002/Movies/day2/a.mrc", 90),
  noise("Imported/b.tif", 92),
];

async function job(project: string, options: Partial<RelionJobOptions> = {}) {
  const model = freshModel({ threshold: 0.001 });
  using picker = await openPicker(model, "cpu");
  return await pickRelionJob(picker, { micrographs: LIST, job: JOB, project, ...options });
}

async function tableOf(path: string) {
  const [{ name, columns, rows }] = parseStarTables(await Deno.readTextFile(path), path);
  return { name, columns, rows };
}

Deno.test("a job keeps the folders of the list, names its micrographs exactly and its pixel size", async () => {
  const project = await relionProject(IMAGES);
  const { end, summary } = await job(project, { diameterA: 40 });
  assertEquals([end, summary.files.length], ["success", 3]);
  const index = await tableOf(join(project, JOB, "autopick.star"));
  assertEquals(index.name, "coordinate_files");
  assertEquals(index.columns, ["_rlnMicrographName", "_rlnMicrographCoordinates"]);
  assertEquals(index.rows, [
    [IMAGES[0].path, "External/job012/Movies/day1/a_autopick.star"],
    [IMAGES[1].path, "External/job012/Movies/day2/a_autopick.star"],
    [IMAGES[2].path, "External/job012/Imported/b_autopick.star"],
  ]);
  for (const [, path] of index.rows) {
    const picks = await readCoordinates(join(project, path));
    assert(picks.length > 0 && picks.every(({ score }) => score !== undefined));
  }
  const record = join(project, JOB, "candidates/Movies/day1/a_autopick.json");
  const { pixelSizeA, candidates } = await readCandidates(record);
  assertEquals([pixelSizeA, candidates[0].diameter], [4, 10]); // the list's, not the header's
  const display = await Deno.readTextFile(join(project, JOB, ".gui_manualpickjob.star"));
  assert(/^ *diameter +40$/m.test(display));
  await Deno.remove(project, { recursive: true });
});

/** What a job of a version must leave: see tests/fixtures/pipelines/README.md. */
async function assertGolden(project: string, version: string): Promise<void> {
  const golden = (name: string) =>
    fromFileUrl(new URL(`../fixtures/pipelines/relion${version}/${name}`, import.meta.url));
  for (const name of ["RELION_OUTPUT_NODES.star", "autopick.star"]) {
    const [ours, theirs] = [join(project, JOB, name), golden(name)];
    assertEquals(await tableOf(ours), await tableOf(theirs), `${version}: ${name}`);
  }
  const picks = await tableOf(join(project, JOB, "Movies/day1/a_autopick.star"));
  const { name, columns } = await tableOf(golden("picks.star"));
  assertEquals([picks.name, picks.columns], [name, columns]);
  assert(picks.rows.length > 0 && picks.rows.every((row) => row.length === columns.length));
}

Deno.test("each version of RELION gets the node that it reads, by golden files, too", async () => {
  const project = await relionProject(IMAGES);
  const cases: [string, string, string[]][] = [
    ["# version 50001\n", "_rlnPipeLineNodeTypeLabel", [
      "External/job012/autopick.star",
      "MicrographCoordsGroup.star.relion.autopick",
    ]],
    [
      "# version 30001\n\ndata_pipeline_nodes\n\nloop_\n_rlnPipeLineNodeName #1\n_rlnPipeLineNodeTypeLabel #2\n",
      "_rlnPipeLineNodeTypeLabel",
      [
        "External/job012/autopick.star",
        "MicrographsCoords.star.relion.autopick",
      ],
    ],
    [
      "# version 30001\n\ndata_pipeline_nodes\n\nloop_\n_rlnPipeLineNodeName #1\n_rlnPipeLineNodeType #2\n",
      "_rlnPipeLineNodeType",
      [
        "External/job012/coords_suffix_autopick.star",
        "2",
      ],
    ],
  ];
  for (const [pipeline, column, row] of cases) {
    await Deno.writeTextFile(join(project, "default_pipeline.star"), pipeline);
    await job(project);
    const nodes = await tableOf(join(project, JOB, "RELION_OUTPUT_NODES.star"));
    assertEquals([nodes.name, nodes.columns], ["output_nodes", ["_rlnPipeLineNodeName", column]]);
    assertEquals(nodes.rows, [row]);
    await assertGolden(project, await projectVersion(project));
  }
  const suffix = await Deno.readTextFile(join(project, JOB, "coords_suffix_autopick.star"));
  assertEquals(suffix, `${LIST}\n`);
  await Deno.remove(project, { recursive: true });
});

Deno.test("Continue leaves alone what is done, and adds what the list has more", async () => {
  const project = await relionProject(IMAGES);
  const list = join(project, LIST);
  await Deno.writeTextFile(list, listOf(IMAGES.slice(0, 2).map(({ path }) => path)));
  await job(project);
  await Deno.writeTextFile(list, listOf(IMAGES.map(({ path }) => path)));
  const { summary } = await job(project);
  assertEquals(summary.files.map(({ skipped }) => skipped), [
    "already done",
    "already done",
    undefined,
  ]);
  assertEquals((await tableOf(join(project, JOB, "autopick.star"))).rows.length, 3);
  await Deno.remove(project, { recursive: true });
});

Deno.test("a diameter that is not given is found once, and kept on Continue", async () => {
  const images = [18, 36].map((diameter, i) => {
    const { micrograph: { pixels, width, height } } = scene(diameter, -1, 300);
    return { path: `Movies/m${i}.mrc`, width, height, pixels: Float32Array.from(pixels) };
  });
  const project = await relionProject(images);
  using picker = await discPicker();
  const options = { micrographs: LIST, job: JOB, project };
  const list = (count: number) => {
    const names = images.slice(0, count).map(({ path }) => path);
    return Deno.writeTextFile(join(project, LIST), listOf(names, 5));
  };
  await list(1);
  const { summary: first } = await pickRelionJob(picker, options);
  await list(2);
  const { summary: { files, look } } = await pickRelionJob(picker, options);
  assertEquals(look?.diameter, first.look?.diameter);
  assertEquals(files.map(({ diameter }) => diameter), Array(2).fill(look?.diameter));
  assertEquals(files.map(({ skipped }) => skipped), ["already done", undefined]);
  await Deno.remove(project, { recursive: true });
});

Deno.test("pixels of unlike sizes want a diameter in Å where it would be found in pixels", async () => {
  const project = await relionProject(IMAGES);
  const list = join(project, LIST);
  const text = await Deno.readTextFile(list);
  const group = /^(\s*opticsGroup)1(\s+)1(\s+)4\b.*$/m;
  assert(group.test(text), text);
  const last = new RegExp(`^(\\s*${IMAGES[2].path}\\s+)1`, "m");
  await Deno.writeTextFile(
    list,
    text.replace(group, (line) => `${line}\n${line.replace(/1(\s+)1(\s+)4/, "2$12$27")}`)
      .replace(last, "$12"),
  );
  assertEquals((await readMicrographList(LIST, project)).map((file) => file.pixelSizeA), [4, 4, 7]);
  using picker = await discPicker();
  const options = { micrographs: LIST, job: JOB, project };
  const found = () => pickRelionJob(picker, options);
  await assertRejects(found, EPickerError, "pixels of 4 to 7 Å");
  assertEquals((await pickRelionJob(picker, { ...options, diameterA: 48 })).end, "success");
  await Deno.remove(project, { recursive: true });
});

Deno.test("a job's folder is taken anew by another threshold, in subfolders too, and its index with it", async () => {
  const project = await relionProject(IMAGES);
  await job(project);
  const folder = join(project, JOB);
  const index = join(folder, "autopick.star");
  const before = await Deno.readTextFile(index);
  const record = (name: string) => readCandidates(join(folder, "candidates", `${name}.json`));
  const { candidates } = await record("Movies/day1/a_autopick");
  const most = Math.max(...candidates.map(({ score }) => score));
  const { files } = await changeThreshold(folder, 0.99);
  assertEquals(files.map(({ name, picks }) => [name, picks]), [
    ["Movies/day1/a_autopick", 0],
    ["Movies/day2/a_autopick", 0],
    ["Imported/b_autopick", 0],
  ]);
  await updateIndex(folder, files);
  assertEquals((await tableOf(index)).rows, []);
  const one = await job(project, { threshold: most });
  const rows = (await tableOf(index)).rows;
  assertEquals(rows.length, one.summary.files.filter(({ picks = 0 }) => picks > 0).length);
  await updateIndex(folder, (await changeThreshold(folder, 0.001)).files);
  assertEquals(await Deno.readTextFile(index), before); // names as RELION has them
  await Deno.remove(project, { recursive: true });
});

Deno.test("a micrograph that is bad is told and left out; where all are, the job has failed", async () => {
  const project = await relionProject(IMAGES);
  await Deno.writeTextFile(join(project, IMAGES[0].path), "no image");
  const some = await job(project);
  assertEquals(some.end, "success");
  assertStringIncludes(some.summary.files[0].error!, IMAGES[0].path);
  assertEquals((await tableOf(join(project, JOB, "autopick.star"))).rows.length, 2);
  for (const { path } of IMAGES) await Deno.writeTextFile(join(project, path), "no image");
  assertEquals((await job(project)).end, "failure");
  await Deno.remove(project, { recursive: true });
});

Deno.test("a wrong list, or a project of another version, is told by name with a remedy", async () => {
  const project = await relionProject(IMAGES);
  const list = join(project, LIST);
  const cases: [string, string][] = [
    [listOf(["Movies/x.mrc", "Movies/y.mrc"]), "2 micrographs of which none is there"],
    [listOf(["MotionCorr/job002/a.mrc", "MotionCorr/job007/a.mrc"]), "MotionCorr/job007/a.mrc"],
    [listOf([]), "no micrograph"],
    ["data_movies\n\nloop_\n_rlnMicrographMovieName #1\n Movies/a.tif\n", "a list of movies"],
  ];
  for (const [text, message] of cases) {
    await Deno.writeTextFile(list, text);
    const error = await assertRejects(() => job(project), EPickerError, message);
    assertStringIncludes(error.message, LIST);
  }
  await Deno.writeTextFile(list, listOf([IMAGES[0].path, IMAGES[0].path]));
  assertEquals((await readMicrographList(LIST, project)).length, 1);
  const pipeline = join(project, "default_pipeline.star");
  await Deno.writeTextFile(pipeline, "# version 70001\n");
  await assertRejects(() => projectVersion(project), EPickerError, "version 70001");
  await Deno.remove(pipeline);
  await assertRejects(() => projectVersion(project), EPickerError, "--relion 5");
  await Deno.remove(project, { recursive: true });
});

Deno.test("names below a job are safe: absolute paths and those upwards stay in its folder", async () => {
  const project = await relionProject(IMAGES);
  await Deno.writeTextFile(
    join(project, LIST),
    listOf([
      "/data/x/a.mrc",
      "../y/b.mrc",
      "Polish/job1234/Movies/c.mrc",
      "./d.mrc",
      "job001/e.mrc",
    ]),
  );
  const names = (await readMicrographList(LIST, project)).map(({ name }) => name);
  assertEquals(names, ["data/x/a", "y/b", "Movies/c", "d", "job001/e"]);
  await Deno.remove(project, { recursive: true });
});

Deno.test("markers tell how a job ended, and an earlier one is gone while it runs", async () => {
  const folder = await Deno.makeTempDir();
  const markers = async () => {
    const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
    return names.filter((name) => name.startsWith("RELION_JOB")).sort();
  };
  for (const end of ["success", "failure"] as const) {
    await inRelionJob(folder, async () => {
      assertEquals(await markers(), []);
      return { end };
    });
    assertEquals(await markers(), [`RELION_JOB_EXIT_${end.toUpperCase()}`]);
  }
  await inRelionJob(folder, async (signal) => {
    await Deno.writeTextFile(join(folder, "RELION_JOB_ABORT_NOW"), "");
    await until(() => signal.aborted);
    return { end: "aborted" as const };
  });
  assertEquals(await markers(), ["RELION_JOB_EXIT_ABORTED"]);
  await assertRejects(() => inRelionJob(folder, () => Promise.reject(new Error("x"))), Error, "x");
  assertEquals(await markers(), ["RELION_JOB_EXIT_FAILURE"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("as RELION calls it: aborted half-way, continued to the end, and failed where refused", async () => {
  const paths = Array.from({ length: 40 }, (_, i) => `MotionCorr/job002/Movies/m${i}.mrc`);
  const project = await relionProject([]);
  await Deno.mkdir(join(project, dirname(paths[0])), { recursive: true });
  for (const [i, path] of paths.entries()) await writeNoise(join(project, path), i);
  await Deno.writeTextFile(join(project, LIST), listOf(paths));
  await writeModel(join(project, "model.safetensors"), freshModel({ threshold: 0.001 }));
  const start = (...args: string[]) =>
    new Deno.Command(LAUNCHER, {
      args: ["--o", JOB, ...args, "--j", "1", "--model", "model.safetensors", "--backend", "wasm"],
      ...{ cwd: project, stdout: "piped", stderr: "piped" },
    }).spawn();
  const there = (name: string) => isThere(join(project, JOB, name));
  const run = start("--in_mics", LIST);
  await until(() => there("candidates/Movies/m3_autopick.json"));
  await Deno.writeTextFile(join(project, JOB, "RELION_JOB_ABORT_NOW"), "");
  assertEquals((await run.output()).code, 130);
  assert(await there("RELION_JOB_EXIT_ABORTED") && !await there("RELION_JOB_ABORT_NOW"));
  assert(!await there("candidates/Movies/m39_autopick.json"));
  const { code, stdout } = await start("--in_mics", LIST).output();
  assertEquals(code, 0);
  assertStringIncludes(new TextDecoder().decode(stdout), " 40/40 Movies/");
  assert(await there("RELION_JOB_EXIT_SUCCESS") && !await there("RELION_JOB_EXIT_ABORTED"));
  const refused = await start("--in_parts", LIST).output();
  assertEquals(refused.code, 2);
  assert(await there("RELION_JOB_EXIT_FAILURE") && !await there("RELION_JOB_EXIT_SUCCESS"));
  await Deno.remove(project, { recursive: true });
});
