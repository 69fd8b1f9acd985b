import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { readModel, writeModel } from "../../lib/centernet/mod.ts";
import { EPickerError } from "../../lib/core/mod.ts";
import { loadLabels, writeMrc } from "../../lib/io/mod.ts";
import { extractTopaz, readTopazDataset } from "../../lib/pipelines/mod.ts";
import { writeNoise } from "../picking/_batch.ts";
import { discPicker, scene } from "../picking/_discs.ts";
import { freshModel } from "../picking/_model.ts";
import { isThere } from "./_tools.ts";

const LAUNCHER = fromFileUrl(new URL("../../tasks/launch/epicker-topaz", import.meta.url));

/** Picks as RELION reads them: columns by their names in the first line, cells between blanks. */
async function readByRelion(path: string) {
  const [header, ...lines] = (await Deno.readTextFile(path)).split("\n");
  const names = header.split(/\s+/);
  const at = ["x_coord", "y_coord", "score"].map((name) => {
    const index = names.findIndex((word) => word.includes(name));
    assert(index >= 0, `no ${name} in ${header}`);
    return index;
  });
  return lines.filter((line) => line !== "").map((line) => {
    const cells = line.split(/\s+/);
    const [x, y, score] = at.map((i) => Number(cells[i]));
    return { x, y, score };
  });
}

Deno.test("extract finds particles of the radius, times the scale, with log-odds above the threshold", async () => {
  using picker = await discPicker();
  const folder = await Deno.makeTempDir();
  const [image, output] = [join(folder, "rank0.mrc"), join(folder, "rank0.txt")];
  const { micrograph, places } = scene(30);
  await writeMrc(image, micrograph);
  await extractTopaz(picker, [image], output, { radius: 15, scale: 4, threshold: 0 });
  const picks = await readByRelion(output);
  assertEquals(picks.length, places.length);
  for (const { x, y } of places) {
    assert(picks.some((pick) => Math.hypot(pick.x - 4 * x, pick.y - 4 * y) <= 12), `${x} ${y}`);
  }
  assert(picks.every(({ x, y }) => Number.isInteger(x) && Number.isInteger(y)));
  const { candidates } = await picker.pick(micrograph, { diameterPx: 30 });
  const odds = candidates.map(({ score }) => Math.log(score / (1 - score)));
  for (const threshold of [-6, 0, 0.4]) {
    await extractTopaz(picker, [image], output, { radius: 15, threshold });
    const expected = odds.filter((value) => value >= threshold);
    const scores = (await readByRelion(output)).map(({ score }) => score);
    assertEquals(scores.length, expected.length);
    scores.forEach((score, i) => assertAlmostEquals(score, expected[i], 1e-3));
  }
  await extractTopaz(picker, [image], output, { radius: 15, threshold: 50 });
  assertEquals(await readByRelion(output), []); // the header is there all the same
  await Deno.remove(folder, { recursive: true });
});

/** A job's folder as RELION has it, with a model and a place for the helper's socket. */
async function job() {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(join(folder, "AutoPick/job007/proc"), { recursive: true });
  await writeModel(join(folder, "model.sav"), freshModel({ threshold: 0.001 }));
  const at = (name: string) => join(folder, "AutoPick/job007/proc", name);
  const run = async (...args: string[]) => {
    const env = { XDG_RUNTIME_DIR: folder };
    const { code, stderr } = await new Deno.Command(LAUNCHER, { args, cwd: folder, env }).output();
    return { code, error: new TextDecoder().decode(stderr) };
  };
  const sockets = async () => {
    const place = join(folder, `epicker-${Deno.uid()}`);
    const entries = await Array.fromAsync(Deno.readDir(place)).catch(() => []);
    return entries.map(({ name }) => join(place, name));
  };
  return { folder, at, run, sockets };
}

/** The process that listens. */
async function helperOf(socket: string): Promise<number> {
  const { stdout } = await new Deno.Command("ps", { args: ["-eo", "pid,args"] }).output();
  const lines = new TextDecoder().decode(stdout).split("\n");
  return Number(lines.find((line) => line.includes(`--resident ${socket}`))!.trim().split(" ")[0]);
}

const PROC = "AutoPick/job007/proc";
const EXTRACT = ["extract", "-t", "-6", "-r", "3", "-d", "-1", "-x", "4", "-m", "model.sav"];

Deno.test("as RELION calls it: a process for each micrograph, a helper behind, and without it the same", async () => {
  const { folder, at, run, sockets } = await job();
  const extract = (...more: string[]) => {
    return run(...EXTRACT, "-o", `${PROC}/rank0.txt`, `${PROC}/rank0.mrc`, ...more);
  };
  const picked = async () => {
    assertEquals(await extract(), { code: 0, error: "" });
    const text = await Deno.readTextFile(at("rank0.txt"));
    await Deno.remove(at("rank0.txt"));
    return text;
  };
  await writeNoise(at("rank0.mrc"), 1, { width: 60, height: 48 });
  const first = await picked();
  assert(first.split("\n").length > 2, first);
  const [socket] = await sockets();
  const { mtime } = await Deno.stat(socket);
  await writeNoise(at("rank0.mrc"), 2, { width: 60, height: 48 });
  const second = await picked(); // by the helper
  assert(second !== first);
  assertEquals((await Deno.stat(socket)).mtime, mtime);
  await Deno.writeTextFile(at("rank0.mrc"), "no image");
  const bad = await extract();
  assertEquals([bad.code, await isThere(at("rank0.txt"))], [2, false]);
  assert(bad.error.includes("rank0.mrc"), bad.error);
  await writeNoise(at("rank0.mrc"), 1, { width: 60, height: 48 });
  const weights = freshModel().weights;
  weights.parameters.reverse();
  await writeModel(join(folder, "model.sav"), freshModel({ weights }));
  const third = await picked(); // the helper sees that the model is another
  assert(third !== first);
  await new Deno.Command("sh", { args: ["-c", `kill -9 ${await helperOf(socket)}`] }).output();
  assertEquals(await picked(), third); // another helper
  assert((await Deno.stat(socket)).mtime! > mtime!);
  await Deno.remove(socket); // the helper ends
  await Deno.chmod(join(folder, `epicker-${Deno.uid()}`), 0o700);
  await Deno.remove(join(folder, `epicker-${Deno.uid()}`));
  await Deno.writeTextFile(join(folder, `epicker-${Deno.uid()}`), ""); // there can be none
  assertEquals(await picked(), third);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("train reads RELION's tables, and extract picks with what it leaves", async () => {
  const { folder, at, run } = await job();
  for (const [part, names] of [["train", ["mic0", "mic2"]], ["test", ["mic1"]]] as const) {
    const images = names.map((name) => `${name}\t${at(`${name}.mrc`)}\n`).join("");
    const targets = names.map((name) => `${name}\t20\t30\n${name}\t44\t31\n`).join("");
    await Deno.writeTextFile(at(`image_list_${part}.txt`), `image_name\tpath\n${images}`);
    const header = "image_name\tx_coord\ty_coord\n";
    await Deno.writeTextFile(at(`target_list_${part}.txt`), header + targets);
    for (const [i, name] of names.entries()) {
      await writeNoise(at(`${name}.mrc`), i, { width: 64, height: 64 });
    }
  }
  const lists = { name: "train", out: join(folder, "labels"), diameterPx: 16 };
  const [images, targets] = [at("image_list_train.txt"), at("target_list_train.txt")];
  const { entries, diameterPx } = await readTopazDataset(images, targets, lists);
  assertEquals([entries.map(({ name }) => name), diameterPx], [["mic0", "mic2"], 16]);
  assertEquals(await loadLabels(entries[1]), [{ x: 20, y: 30 }, { x: 44, y: 31 }]);
  const wrong = () => readTopazDataset(targets, targets, lists);
  await assertRejects(wrong, EPickerError, "image_name and path");
  const files = (what: string) =>
    ["train", "test"].map((part) => `--${part}-${what}s=${PROC}/${what}_list_${part}.txt`);
  const train = [
    ...["train", "-n", "50", "-r", "2", "-d", "-1", "-o", "AutoPick/job007/model_training.txt"],
    ...["--num-threads=1", "--num-workers=1", ...files("image"), ...files("target")],
    ...["--save-prefix=AutoPick/job007/model", "--model", "model.sav", "--steps", "2"],
  ];
  const { code, error } = await run(...train);
  assertEquals(code, 0, error);
  const saved = "AutoPick/job007/model_epoch10.sav";
  const { notes, diameter } = (await readModel(join(folder, saved))).model;
  assertEquals([notes.labels, notes.step], ["4 on 2 micrographs, sparse", "2"]);
  assert(diameter > 0);
  const table = await Deno.readTextFile(join(folder, "AutoPick/job007/model_training.txt"));
  assert(table.startsWith("step\tap\tf1\tthreshold\n2\t"), table);
  const filaments = await run("extract", "--filaments", "-o", "x.txt", `${PROC}/mic0.mrc`);
  assertEquals(filaments.code, 2);
  assert(filaments.error.includes("epicker-relion"), filaments.error);
  await Deno.remove(folder, { recursive: true });
});
