/**
 * What RELION calls as its Topaz executable, by `tasks/launch/epicker-topaz`: `epicker topaz extract …`.
 *
 * @module
 */
import { join } from "@std/path";
import { readModel } from "../lib/centernet/mod.ts";
import { EPickerError, messageOfError, writeFileAtomic } from "../lib/core/mod.ts";
import { loadPicker, type Picker, SHIPPED_MODEL } from "../lib/picking/mod.ts";
import {
  DIAMETER_IN_TRAINING_RADII,
  extractTopaz,
  readTopazDataset,
  serveAgain,
} from "../lib/pipelines/mod.ts";
import type { TrainingImage, TrainingSet, ValidationScore } from "../lib/training/mod.ts";
import { command, INTERRUPTED, interruptSignal, warn } from "./_cli.ts";
import { count, missing, number, on, text, type Values } from "./_flags.ts";
import { FLAG } from "./_shared_flags.ts";

/** Device of Topaz that is the processor. */
const PROCESSOR = -1;

/** Passes over the images where none are told, as Topaz has it. */
const EPOCHS = 10;

const flags = {
  output: text("--output FILE", "table of the picks, or of the scores of training"),
  model: FLAG.model,
  threshold: number("--threshold T", "extract: least log-odds of a pick (default: the model's)"),
  radius: number(
    "--radius R",
    "radius of the particles in pixels of the images; train: a quarter of it",
  ),
  scale: number("--up-scale S", "extract: factor of the coordinates (default: 1)"),
  contrast: FLAG.contrast,
  filaments: on("--filaments", "refused: epicker relion picks fibers"),
  filamentsLength: number("--filaments_length N", "refused, too"),
  particles: number(
    "--num-particles N",
    "train: expected in an image; with fewer labels they are some",
  ),
  trainImages: text("--train-images FILE", "train: table of image_name and path"),
  trainTargets: text("--train-targets FILE", "train: table of image_name, x_coord and y_coord"),
  testImages: text("--test-images FILE", "train: the same, to choose the best"),
  testTargets: text("--test-targets FILE", "train: the same of these"),
  prefix: text("--save-prefix PATH", "train: the model will be PATH_epoch10.sav"),
  epochs: count("--num-epochs N", `train: passes over the images (default: ${EPOCHS})`),
  steps: count("--steps N", "train: steps, instead of epochs"),
  diameterPx: FLAG.diameterPx,
  device: number("--device D", "-1 is the processor, else a GPU where there is one"),
  backend: FLAG.backend,
  threads: count("--num-threads N", "taken, and not needed"),
  workers: count("--num-workers N", "train: workers without a GPU (default: 2)"),
  resident: text("--resident SOCKET", "extract: do so whenever this Unix socket is asked"),
};

type Given = Values<typeof flags>;

export default command({
  inputs: "extract IMAGE…|train",
  flags,
  examples: [
    "extract --threshold -3 --radius 12 --up-scale 4 --output rank0.txt rank0.mrc",
    "train --radius 3 --save-prefix model --num-particles 300 \\\n" +
    "    --train-images a.txt --train-targets b.txt --test-images c.txt --test-targets d.txt",
  ],
  async main(given, [what, ...images]) {
    if (given.filaments || given.filamentsLength !== undefined) throw noFilaments();
    if (what === "train" && images.length === 0) return await trainAsTopaz(given);
    if (what === "extract" && images.length > 0) return await extract(given, images);
    throw new EPickerError("bad-option", {
      found: what === undefined ? "nothing" : [what, ...images].join(" "),
      expected: "extract with images, or train",
      remedy: "RELION calls it so by tasks/launch/epicker-topaz.",
    });
  },
});

/** The backend that the options of Topaz mean. */
function backendOf({ backend, device }: Given) {
  return backend ?? (device === PROCESSOR ? "wasm" : "auto");
}

async function extract(given: Given, images: string[]): Promise<number> {
  const { output, model, resident } = given;
  if (output === undefined) throw missing(flags.output);
  const load = () => loadPicker({ model, backend: backendOf(given) });
  const seen = () => model === undefined ? undefined : Deno.statSync(model).mtime?.getTime();
  let [picker, time] = [await load(), seen()];
  const pick = (picker: Picker) => {
    const { diameterPx, threshold, scale, contrast } = given;
    const radius = diameterPx === undefined ? given.radius : diameterPx / 2;
    return extractTopaz(picker, images, output, { threshold, radius, scale, contrast });
  };
  if (resident === undefined) await pick(picker);
  else {
    await serveAgain(resident, async () => {
      try {
        if (seen() !== time) { // another model of the same name
          picker[Symbol.dispose]();
          [picker, time] = [await load(), seen()];
        }
        await pick(picker);
        return { code: 0 };
      } catch (error) {
        return { code: 2, error: `epicker topaz: ${messageOfError(error)}` };
      }
    });
  }
  picker[Symbol.dispose]();
  return 0;
}

/** Goes on from the model that is given, or the shipped one. */
async function trainAsTopaz(given: Given): Promise<number> {
  const { output, trainImages, trainTargets, testImages, testTargets, prefix, radius, steps } =
    given;
  if (trainImages === undefined) throw missing(flags.trainImages);
  if (trainTargets === undefined) throw missing(flags.trainTargets);
  if (prefix === undefined) throw missing(flags.prefix);
  const { loadImages, train, viewToTrain } = await import("../lib/training/mod.ts");
  const { diameterPx = radius && DIAMETER_IN_TRAINING_RADII * radius } = given;
  if (diameterPx === undefined) throw missing(flags.radius);
  const out = `${prefix}_training`;
  const from = (await readModel(given.model ?? SHIPPED_MODEL)).model;
  const view = viewToTrain(undefined, from);
  const read = async (name: string, images: string, targets: string) => {
    const labels = { name, out: join(out, "labels"), diameterPx };
    const dataset = await readTopazDataset(images, targets, labels);
    const { images: loaded, warnings } = await loadImages([dataset], "all", {
      view,
      mode: from.mode,
    });
    warnings.forEach(warn);
    return asLabelled(loaded, given.particles);
  };
  const set: TrainingSet = {
    train: await read("train", trainImages, trainTargets),
    validation: testImages === undefined || testTargets === undefined
      ? []
      : await read("test", testImages, testTargets),
    view,
    warnings: [],
  };
  const result = await train(set, {
    ...{ out, from, backend: backendOf(given), workers: given.workers, name: "topaz" },
    recipe: { epochs: given.epochs ?? EPOCHS, ...steps === undefined ? {} : { steps } },
    signal: interruptSignal(),
    onValidation: ({ step, ap, f1 }) => {
      console.log(`step ${step}: AP ${ap.toFixed(3)}, F1 ${f1.toFixed(3)}`);
    },
  });
  if (output !== undefined) await writeFileAtomic(output, tableOf(result.history));
  if (!result.finished) return INTERRUPTED;
  const model = `${prefix}_epoch10.sav`; // what RELION takes for the result
  await Deno.copyFile(join(out, "model.safetensors"), model);
  console.log(`Model: ${model}`);
  return 0;
}

/** Part of the expected particles below which labels are some of them, not all. */
const NEARLY_ALL = 0.8;

/** Images whose labels are known to be only some, where they are fewer than expected. */
function asLabelled(images: TrainingImage[], expected = 0): TrainingImage[] {
  const labels = images.reduce((sum, { objects }) => sum + objects.length, 0);
  const sparse = labels < NEARLY_ALL * expected * images.length;
  return sparse ? images.map((image) => ({ ...image, sparse })) : images;
}

/** Scores of training as a table. */
function tableOf(history: readonly ValidationScore[]): string {
  const rows = history.map(({ step, ap, f1, threshold }) => [step, ap, f1, threshold]);
  return [["step", "ap", "f1", "threshold"], ...rows].map((row) => row.join("\t") + "\n").join("");
}

function noFilaments(): EPickerError {
  return new EPickerError("bad-option", {
    file: "--filaments",
    found: "filaments",
    expected: "particles",
    remedy: "Pick fibers by an External job (tasks/launch/epicker-relion), with their priors.",
  });
}
