/**
 * Damage to valid files, for tests and for `deno task fuzz`: every reader must answer it with a
 * valid result or an `EPickerError`.
 *
 * @module
 */
import { assert } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { encode as encodePng } from "fast-png";
import { decodeSafetensors, encodeSafetensors } from "../lib/centernet/mod.ts";
import { cropImage, decodeMemory, encodeMemory } from "../lib/continual/mod.ts";
import { EPickerError, random } from "../lib/core/mod.ts";
import { coordinateFormats, readDataset, readMicrograph } from "../lib/io/mod.ts";
import { gzip, mrcBytes } from "./io/mrc_bytes.ts";
import { pngOf, withRightChecksums } from "./io/png_bytes.ts";

/** A reader and the files to damage. */
export interface FuzzTarget {
  /** Name for `--format` and messages. */
  name: string;
  /** Valid files. */
  files(): Promise<Uint8Array[]>;
  /** Makes right what would stop a reader before it comes to the damage. */
  repair?(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>;
  /** Reads damaged bytes and checks what comes out; `folder` is for readers of paths. */
  read(bytes: Uint8Array<ArrayBuffer>, folder: string): void | Promise<void>;
}

/** Changes, cuts, doubles, moves or adds a few bytes; every seventh case is random bytes. */
export function mutate(bytes: Uint8Array, seed: number): Uint8Array<ArrayBuffer> {
  const { integer } = random(7, seed);
  if (seed % 7 === 6) {
    return Uint8Array.from({ length: integer(2 * bytes.length) }, () => integer(256));
  }
  const mutant = bytes.slice();
  for (let n = integer(4); n >= 0; n--) mutant[integer(mutant.length)] = integer(256);
  const [from, to] = [integer(mutant.length), integer(mutant.length)];
  if (seed % 5 === 0) return mutant.slice(0, from);
  if (seed % 5 === 1) mutant.set(mutant.slice(from, from + integer(16)).slice(0, to), 0);
  if (seed % 11 === 0) return new Uint8Array([...mutant, ...mutant.slice(from)]);
  return mutant;
}

/** Reads one damaged file; throws where the reader neither answers well nor with an EPickerError. */
export async function attempt(
  target: FuzzTarget,
  whole: Uint8Array,
  seed: number,
  folder: string,
): Promise<"read" | "refused"> {
  try {
    const damaged = mutate(whole, seed);
    const isRepaired = target.repair !== undefined && seed % 4 !== 0;
    await target.read(isRepaired ? target.repair!(damaged) : damaged, folder);
    return "read";
  } catch (error) {
    if (error instanceof EPickerError) return "refused";
    throw new Error(`${target.name}, seed ${seed}: ${error}`, { cause: error });
  }
}

const IMAGE = { width: 5, height: 4, mode: 1, values: Array.from({ length: 20 }, (_, i) => i) };
const PNG = { width: 5, height: 4, channels: 1, depth: 8, data: new Uint8Array(20) } as const;

/** Most pixels of an image that a file of a few hundred bytes may unpack to. */
const MAX_PIXELS = 2 ** 24;

async function readImage(bytes: Uint8Array, folder: string): Promise<void> {
  await Deno.writeFile(`${folder}/a.mrc`, bytes);
  const { width, height, pixels } = await readMicrograph(`${folder}/a.mrc`);
  assert(pixels.length === width * height && pixels.length > 0 && pixels.length < MAX_PIXELS);
}

const FIXTURES = fromFileUrl(new URL("fixtures/io/", import.meta.url));

function fixtures(...names: string[]): Promise<Uint8Array[]> {
  return Promise.all(names.map((name) => Deno.readFile(FIXTURES + name)));
}

const IMAGES: Record<string, () => Promise<Uint8Array[]> | Uint8Array[]> = {
  mrc: () => [
    mrcBytes(IMAGE),
    mrcBytes({ ...IMAGE, mode: 101 }),
    mrcBytes({ ...IMAGE, values: [] }).slice(0, 240),
  ],
  gzip: async () => [await gzip(mrcBytes(IMAGE))],
  bzip2: () => fixtures("tiny.mrc.bz2"),
  xz: () => fixtures("tiny.mrc.xz"),
  tiff: () => {
    const grey = ["grey8_lzw.tif", "grey8_packbits.tif", "grey8_tiles.tif", "grey16_lzw.tif"];
    return fixtures(...grey, "grey16_zip_msb.tif", "rgb8.tif", "float32.tif");
  },
  jpeg: () => fixtures("grey.jpg", "rgb.jpg"),
  png: async () => [
    encodePng(PNG),
    encodePng({ ...PNG, channels: 4, data: new Uint8Array(80) }),
    await pngOf(2, 3, [[0, 0, 0], [200, 200, 200]], [0b01000000]),
  ],
};

const TEXTS: Record<string, string[]> = {
  star: [
    "data_\n\nloop_\n_rlnCoordinateX #1\n_rlnCoordinateY #2\n_rlnHelicalTubeID #3\n1 2.5 1\n",
    "data_coordinate_files\nloop_\n_rlnMicrographName #1\n_rlnMicrographCoordinates #2\na b\n",
    "data_optics\nloop_\n_rlnOpticsGroup\n_rlnMicrographPixelSize\n1 1.5\ndata_particles\nloop_\n" +
    "_rlnMicrographName\n_rlnOpticsGroup\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnOriginXAngst\n" +
    "_rlnOriginYAngst\n_rlnClassNumber\nM/a.mrc 1 10 20 3 -6 2\n'b c' 1 1 2 0 0 -999\n",
    "data_\nloop_\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnMagnification\n_rlnDetectorPixelSize\n" +
    "_rlnOriginX\n_rlnOriginY\n1 2 1e4 5 0.5 -1\n",
  ],
  "star-ends": ["data_\nloop_\n_rlnCoordinateX #1\n_rlnCoordinateY #2\n1 2.5\n3 4\n"],
  box: ["10\t20\t30\t30\t0.5\n1.5\t2\t30\t30\n"],
  csv: ["x,y,score,diameter,fiber,class\n1,2.5,0.5,30,1,2\n3,4,,,,\n", "Y;X\r\n2;1\r\n"],
  topaz: ["image_name\tx_coord\ty_coord\tscore\na\t1\t2\t-0.5\nb\t3\t4\t0.5\n"],
  json: [
    '{"version":1,"micrograph":"a","width":9,"height":9,"threshold":0.1,' +
    '"candidates":[{"x":1,"y":2,"score":0.5}]}',
  ],
  cbox: [
    "data_cryolo\nloop_\n_CoordinateX #1\n_CoordinateY #2\n_Width #3\n_Height #4\n" +
    "_EstWidth #5\n_EstHeight #6\n_Confidence #7\n_filamentid #8\n" +
    "1 2.5 30 30 <NA> <NA> 0.5 0\n3 4 30 30 20 22 <NA> 1\n",
    "10 20 30 30 0.5\n",
  ],
  thi: [
    "[Vesicle Coordinates: X Y Radius Value]\n1\t2\t3\t0.5\n[End]\n",
    "[Helix Coordinates: X Y Group Value]\n1 2 1 1.0\n3 4 1 1.0\n[End]",
    "[Micrograph Particle coordinate:\n #0:A STRING\n #1:B STRING]\n/a.mrc /a.thi\n[End]\n",
  ],
  coord: ["1\t2\t19\t0\n3.5\t4\t10.000\t0.5\n"],
};

const CS = [{
  image: { name: "a.mrc", width: 90, height: 80, pixelSizeA: 1 },
  picks: [{ x: 1, y: 2, score: 0.5, fiber: 1, classNumber: 2 }, { x: 3, y: 4 }],
}];

const COORDINATES = coordinateFormats.map((format): FuzzTarget => ({
  name: format.name,
  async files() {
    const encode = (text: string) => new TextEncoder().encode(text);
    if (format.name !== "cs") return TEXTS[format.name].map(encode);
    const written = format.formatJoint!(CS, { file: "a.cs" }) as Uint8Array;
    return [written, ...await fixtures("tiny.cs")];
  },
  read(bytes) {
    for (const { picks, offsetsA = [] } of format.parse(bytes, { file: "a" })) {
      for (const { x, y } of picks) assert(Math.abs(x) <= 2e6 && Math.abs(y) <= 2e6);
      assert(offsetsA.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)));
    }
  },
}));

const DATASET: FuzzTarget = {
  name: "dataset",
  files: () => {
    const info = { title: "a", diameterA: 100, split: { train: ["a"], test: ["b"] } };
    return Promise.resolve([new TextEncoder().encode(JSON.stringify(info))]);
  },
  async read(bytes, folder) {
    await Deno.mkdir(`${folder}/micrographs`, { recursive: true });
    await Deno.writeFile(`${folder}/micrographs/a.mrc`, new Uint8Array());
    await Deno.writeFile(`${folder}/dataset.json`, bytes);
    const { entries, diameterA = 1 } = await readDataset(folder);
    assert(entries.length === 1 && diameterA > 0);
  },
};

const MODEL: FuzzTarget = {
  name: "model",
  files: () => {
    const array = { name: "a.weight", shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) };
    return Promise.resolve([false, true].map((half) => {
      return encodeSafetensors({ arrays: [{ ...array, half }], metadata: { n: "1" } });
    }));
  },
  read(bytes) {
    for (const { shape, data } of decodeSafetensors(bytes, "a").arrays) {
      assert(data.length === shape.reduce((product, n) => product * n, 1));
    }
  },
};

const EXEMPLARS: FuzzTarget = {
  name: "exemplars",
  files: () => {
    const objects = [{ x: 1, y: 2, diameter: 3 }];
    const image = cropImage(new Uint8Array(16), 4, 4, 1);
    const heat = Float32Array.of(0.5);
    const exemplars = [{ dataset: "a", name: "b", objects, image, heat }];
    const vectors = { importance: Float32Array.of(1, 2) };
    return Promise.resolve([encodeMemory({ exemplars, vectors })]);
  },
  read(bytes) {
    for (const { image, objects } of decodeMemory(bytes, "a").exemplars) {
      assert(image.pixels.length === image.width * image.height);
      assert(objects.every(({ x, y, diameter }) => Number.isFinite(x + y) && diameter > 0));
    }
  },
};

/** Every reader of this project. */
export const fuzzTargets: readonly FuzzTarget[] = [
  ...Object.entries(IMAGES).map(([name, make]): FuzzTarget => ({
    name,
    files: () => Promise.resolve(make()),
    read: readImage,
    ...(name === "png" && { repair: withRightChecksums }),
  })),
  ...COORDINATES,
  DATASET,
  MODEL,
  EXEMPLARS,
];
