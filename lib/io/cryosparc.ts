import { EPickerError, type Pick } from "../core/mod.ts";
import { badFile } from "./_bad_file.ts";
import {
  formatNumpyRecords,
  numberAt,
  type NumpyColumn,
  type NumpyField,
  type NumpyRecords,
  parseNumpyRecords,
  textAt,
} from "./_numpy.ts";
import type {
  CoordinateFormat,
  FormatContext,
  MicrographInfo,
  MicrographPicks,
  ParseContext,
  PickGroup,
} from "./coordinate_format.ts";
import { micrographName } from "./micrograph_formats.ts";

const PATH = "location/micrograph_path";
const MICROGRAPH_UID = "location/micrograph_uid";
const SHAPE = "location/micrograph_shape";
const X = "location/center_x_frac";
const Y = "location/center_y_frac";
const SCORE = "pick_stats/ncc_score";
const POWER = "pick_stats/power";
const FIBER = "filament/filament_uid";

/** Largest magnitude of a number that is read, as in the text formats. */
const MAX_VALUE = 1e6;

/**
 * cryoSPARC's `.cs`: a NumPy structured array of particles of many micrographs, in their folder of
 * paths; centres as fractions of width and height, `pick_stats/ncc_score` as score and
 * `filament/filament_uid`, numbered anew from 1, as fiber.
 *
 * **y counts from the other end**: y = (1 − fraction) · height, because cryoSPARC's origin is the
 * bottom left corner (so does pyem's csparc2star by default). Micrographs that cryoSPARC's Patch
 * Motion wrote need it the other way: there `flipPicks()`, or `--flip-y` of `deno task convert`,
 * turns them back. Fractions are 32-bit floats: a thousandth of a pixel. Diameters have no field.
 *
 * Writing makes identifiers from the names of the micrographs; cryoSPARC's own are not known here.
 */
export const cryosparcFormat: CoordinateFormat = {
  name: "cs",
  extensions: [".cs"],
  parse,
  format,
  formatJoint,
};

function parse(bytes: Uint8Array, { file }: ParseContext): PickGroup[] {
  if (bytes.length === 0) return [];
  const records = parseNumpyRecords(bytes, file);
  const groups = new Map<string, PickGroup>();
  const fibers = new Map<string, Map<string, number>>();
  const name = records.fields.get(PATH) ?? records.fields.get(MICROGRAPH_UID);
  for (let record = 0; record < records.count; record++) {
    const micrograph = name && textAt(records, name, record);
    const key = micrograph ?? "";
    const { pick, width, height } = pickOf(records, record, file);
    const fiber = fiberOf(records, record, fibers, key);
    if (fiber !== undefined) pick.fiber = fiber;
    const group = groups.get(key);
    if (group) group.picks.push(pick);
    else groups.set(key, { ...(micrograph && { micrograph }), width, height, picks: [pick] });
  }
  return [...groups.values()];
}

function pickOf(
  records: NumpyRecords,
  record: number,
  file: string,
): { pick: Pick; width: number; height: number } {
  const shape = fieldOf(records, SHAPE, file);
  const number = (field: NumpyField, index = 0) => {
    const value = numberAt(records, field, record, index);
    if (Math.abs(value) <= MAX_VALUE) return value;
    const found = `${field.name} = ${value} in record ${record + 1}`;
    throw badFile(file, found, "a number between -1000000 and 1000000", "Export it again.");
  };
  const [height, width] = [number(shape, 0), number(shape, 1)];
  const x = number(fieldOf(records, X, file)) * width;
  const y = (1 - number(fieldOf(records, Y, file))) * height;
  if (!(Math.abs(x) <= MAX_VALUE && Math.abs(y) <= MAX_VALUE && width > 0 && height > 0)) {
    const found = `the centre ${x}, ${y} on ${width} × ${height} pixels in record ${record + 1}`;
    throw badFile(file, found, "fractions of a micrograph", "Export it again.");
  }
  const score = records.fields.get(SCORE);
  const value = score ? numberAt(records, score, record) : NaN;
  return { pick: { x, y, ...(Math.abs(value) <= MAX_VALUE && { score: value }) }, width, height };
}

function fieldOf({ fields }: NumpyRecords, name: string, file: string): NumpyField {
  const field = fields.get(name);
  if (field) return field;
  const found = `no field ${name}`;
  throw badFile(file, found, `particles with ${X}, ${Y} and ${SHAPE}`, "Export the locations too.");
}

/** The number of a filament within its micrograph, in the order in which they come. */
function fiberOf(
  records: NumpyRecords,
  record: number,
  fibers: Map<string, Map<string, number>>,
  micrograph: string,
): number | undefined {
  const field = records.fields.get(FIBER);
  const uid = field ? textAt(records, field, record) : "";
  if (/^0*$/.test(uid)) return undefined;
  const numbers = fibers.get(micrograph) ?? new Map<string, number>();
  fibers.set(micrograph, numbers);
  if (!numbers.has(uid)) numbers.set(uid, numbers.size + 1);
  return numbers.get(uid);
}

function format(picks: readonly Pick[], { file, image }: FormatContext): Uint8Array {
  return formatJoint([{ image: image ?? { name: micrographName(file) }, picks }], { file });
}

interface Particle extends Pick {
  image: MicrographInfo;
  uid: bigint;
}

function formatJoint(all: readonly MicrographPicks[], { file }: { file: string }): Uint8Array {
  const particles = all.flatMap(({ image, picks }) => {
    const { name, width, height } = image;
    if (width !== undefined && height !== undefined) {
      const whole = { name, width, height };
      return picks.map((pick, i): Particle => ({
        ...pick,
        image: whole,
        uid: uidOf(`${name}/${i}`),
      }));
    }
    throw new EPickerError("bad-option", {
      file,
      found: "no size of the micrograph",
      expected: "name, width and height of the micrograph in the option 'image'",
      remedy: "Give the micrographs.",
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
  const columns: NumpyColumn[] = [
    uid("uid", ({ uid }) => uid),
    uid(MICROGRAPH_UID, ({ image }) => uidOf(image.name)),
    {
      name: PATH,
      type: `|S${pathBytes}`,
      bytes: pathBytes,
      set: (view, at, i) => new Uint8Array(view.buffer).set(paths[i], at),
    },
    {
      name: SHAPE,
      type: "<u4",
      count: 2,
      bytes: 8,
      set(view, at, i) {
        view.setUint32(at, particles[i].image.height, true);
        view.setUint32(at + 4, particles[i].image.width, true);
      },
    },
    float(X, ({ x, image }) => x / image.width),
    float(Y, ({ y, image }) => 1 - y / image.height),
  ];
  if (particles.some(({ score }) => score !== undefined)) {
    columns.push(float(SCORE, ({ score = NaN }) => score));
    columns.push(float(POWER, ({ score = NaN }) => score));
  }
  if (particles.some(({ fiber }) => fiber !== undefined)) {
    columns.push(uid(FIBER, ({ fiber, image }) => fiber ? uidOf(`${image.name}#${fiber}`) : 0n));
  }
  return columns;
}

/** A 64-bit identifier of a text: FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/). */
function uidOf(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash;
}
