import { basename } from "@std/path";
import type { Model } from "../centernet/mod.ts";
import { type Calibration, hashOf } from "../core/mod.ts";
import type { TrainingImage, TrainingSet } from "./images.ts";
import type { Objective } from "./objective.ts";

/** Hashes, by name, of what a run was given beside its recipe: what it must be given to go on. */
export type RunInputs = Record<string, string>;

/** What {@linkcode runInputs} looks at; the fields of the options of `train`. */
export interface InputsOptions {
  /** Model to go on from. */
  from?: Model;
  /** What makes probabilities of scores. */
  calibration?: Calibration;
  /** Images of old data. */
  replay?: TrainingImage[];
  /** What is minimised. */
  objective?: Objective;
  /** The frozen network that the objective looks at. */
  teacher?: Model;
  /** Hashes of what else the result depends on. */
  inputs?: RunInputs;
}

/** Hashes of images, models and strategy, under the names by which a user knows them. */
export async function runInputs(set: TrainingSet, options: InputsOptions): Promise<RunInputs> {
  const { from, calibration, replay = [], objective, teacher, inputs } = options;
  return {
    "--data": await hashOfImages(set.train),
    ...(set.empty?.length && { "--empty": await hashOfImages(set.empty) }),
    "held-out micrographs": await hashOfImages(set.validation),
    ...(from && { "--from": await hashOfModel(from) }),
    ...(calibration && { "--calibration": await hashOf([JSON.stringify(calibration)]) }),
    ...(replay.length > 0 && { "--exemplars": await hashOfImages(replay) }),
    ...(teacher && { "teacher (--from)": await hashOfModel(teacher) }),
    ...(objective && { "--strategy": await hashOf([nameOf(objective)]) }),
    ...inputs,
  };
}

/** The names under which two runs differ. */
export function differingInputs(one: RunInputs, other: RunInputs): string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => one[name] !== other[name]);
}

async function hashOfImages(images: TrainingImage[]): Promise<string> {
  return await hashOf(images.flatMap(({ image, heat, ...labels }) => {
    const { pixels, ...size } = image;
    const head = JSON.stringify([labels, size, heat?.length]);
    return [head, bytesOf(pixels), ...(heat ? [bytesOf(heat)] : [])];
  }));
}

async function hashOfModel({ config, weights }: Model): Promise<string> {
  const { parameters, statistics } = weights;
  return await hashOf([JSON.stringify(config), bytesOf(parameters), bytesOf(statistics)]);
}

/** A strategy by its module's file and options; one without a source by the text of its loss. */
function nameOf({ source, lossOf }: Objective): string {
  return source === undefined
    ? String(lossOf)
    : `${basename(source.module)} ${JSON.stringify(source.options ?? {})}`;
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint8Array | Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
