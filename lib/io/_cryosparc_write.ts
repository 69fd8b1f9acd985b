import { basename } from "@std/path";
import { EPickerError, type Pick } from "../core/mod.ts";
import { CS } from "./_cryosparc_names.ts";
import { formatNumpyRecords, type NumpyColumn } from "./_numpy.ts";
import { someHave } from "./_text.ts";
import type { FormatContext, MicrographInfo, MicrographPicks } from "./coordinate_format.ts";
import { micrographName } from "./micrograph_formats.ts";

/** What stands for an unknown class: -1 as an unsigned number. */
const NO_CLASS = 2 ** 32 - 1;

/** The template of picks without classes, as of cryoSPARC's picker of blobs. */
const ONLY_TEMPLATE = 0;

/** The group that cryoSPARC gives exposures until it is told others. */
const EXPOSURE_GROUP = 1;

/** One micrograph's picks as a dataset. */
export function formatCryosparc(
  picks: readonly Pick[],
  { file, image }: FormatContext,
): Uint8Array {
  const all = [{ image: image ?? { name: micrographName(file) }, picks }];
  return formatCryosparcJoint(all, { file });
}

interface Particle extends Pick {
  image: MicrographInfo;
  uid: bigint;
}

/** The picks of several micrographs as a dataset. */
export function formatCryosparcJoint(
  all: readonly MicrographPicks[],
  { file }: { file: string },
): Uint8Array {
  const particles = all.flatMap(({ image, picks }) => {
    const { width, height } = image;
    if (width !== undefined && height !== undefined) {
      const whole = { ...image, width, height };
      return picks.map((pick, i): Particle => {
        return { ...pick, image: whole, uid: uidOf(`${image.name}/${i}`) };
      });
    }
    throw new EPickerError("bad-option", {
      file,
      found: "no size of the micrograph",
      expected: "width and height in the option 'image'",
      remedy: "In a conversion, name the folder of the micrographs: 'micrographs'.",
    });
  });
  return formatNumpyRecords(columnsOf(particles), particles.length);
}

function columnsOf(particles: Particle[]): NumpyColumn[] {
  const paths = particles.map(({ image }) => new TextEncoder().encode(image.name));
  const pathBytes = paths.reduce((most, path) => Math.max(most, path.length), 1);
  const uid = (name: string, of: (particle: Particle) => bigint): NumpyColumn => ({
    name,
    type: "<u8",
    bytes: 8,
    set: (view, at, i) => view.setBigUint64(at, of(particles[i]), true),
  });
  const float = (name: string, of: (particle: Particle) => number): NumpyColumn => ({
    name,
    type: "<f4",
    bytes: 4,
    set: (view, at, i) => view.setFloat32(at, of(particles[i]), true),
  });
  const whole = (name: string, of: (particle: Particle) => number): NumpyColumn => ({
    name,
    type: "<u4",
    bytes: 4,
    set: (view, at, i) => view.setUint32(at, of(particles[i]), true),
  });
  const columns: NumpyColumn[] = [
    uid("uid", ({ uid }) => uid),
    uid(CS.micrographUid, ({ image }) => uidOf(image.name)),
    whole(CS.group, () => EXPOSURE_GROUP),
    {
      name: CS.path,
      type: `|S${pathBytes}`,
      bytes: pathBytes,
      set: (view, at, i) => new Uint8Array(view.buffer).set(paths[i], at),
    },
    {
      name: CS.shape,
      type: "<u4",
      count: 2,
      bytes: 8,
      set(view, at, i) {
        view.setUint32(at, particles[i].image.height, true);
        view.setUint32(at + 4, particles[i].image.width, true);
      },
    },
    float(CS.x, ({ x, image }) => x / image.width),
    float(CS.y, ({ y, image }) => 1 - y / image.height),
  ];
  if (particles.every(({ image }) => image.pixelSizeA !== undefined)) {
    columns.push(float(CS.pixelSize, ({ image }) => image.pixelSizeA!));
  }
  const hasClasses = someHave("classNumber", particles);
  if (hasClasses || someHave("score", particles)) {
    const template = hasClasses ? NO_CLASS : ONLY_TEMPLATE;
    columns.push(
      float(CS.score, ({ score = NaN }) => score),
      float(CS.power, ({ score = NaN }) => score),
      whole(CS.template, ({ classNumber }) => classNumber ? classNumber - 1 : template),
      float(CS.angle, () => 0),
    );
  }
  if (someHave("fiber", particles)) {
    columns.push(uid(CS.fiber, ({ fiber, image }) => fiber ? uidOf(`${image.name}#${fiber}`) : 0n));
  }
  return columns;
}

/** The results that a dataset of picks holds. */
const SLOTS: [slot: string, isThere: (particles: readonly Pick[]) => boolean][] = [
  ["filament", (particles) => someHave("fiber", particles)],
  ["location", () => true],
  ["pick_stats", (all) => someHave("score", all) || someHave("classNumber", all)],
];

/**
 * The result group beside a dataset, which "Import Result Group" is given: what the dataset holds, in
 * YAML.
 *
 * @param file Path of the dataset.
 * @param created When it was made.
 */
export function formatCryosparcGroup(
  all: readonly MicrographPicks[],
  file: string,
  created: Date,
): string {
  const picks = all.flatMap(({ picks }) => picks);
  const results = SLOTS.filter(([, isThere]) => isThere(picks)).map(([slot]) =>
    [
      `  ${slot}:`,
      `    metafile: '>${basename(file)}'`,
      `    num_items: ${picks.length}`,
      `    type: particle.${slot}`,
    ].join("\n")
  );
  return [
    `created: ${created.toISOString().replace("T", " ").replace("Z", "000")}`,
    "group:",
    "  description: Picked by EPicker",
    "  name: particles",
    "  title: Picked particles",
    "  type: particle",
    "results:",
    ...results,
    "version: v4.4.1", // whose files it is like
    "",
  ].join("\n");
}

/** A 64-bit identifier of a text: FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/). */
function uidOf(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash;
}
