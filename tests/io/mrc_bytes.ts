/** What an MRC file for a test shall be; all numbers go into the header as given. */
export interface MrcSpec {
  width: number;
  height: number;
  mode: number;
  /** Samples of all frames. */
  values: number[];
  frames?: number;
  bigEndian?: boolean;
  extended?: number;
  /** Leaves the word MAP and the machine stamp out, as files older than MRC2000 do. */
  old?: boolean;
  cellX?: number;
  /** Square pixels by default. */
  cellY?: number;
  /** Pixels in the cell; the image's by default. */
  sampling?: [number, number];
  imodFlags?: number;
  spaceGroup?: number;
  min?: number;
  max?: number;
}

/** Builds an MRC file byte by byte from the format's description, independent of the library. */
export function mrcBytes(spec: MrcSpec): Uint8Array<ArrayBuffer> {
  const { width, height, mode, values, frames = 1, bigEndian = false, extended = 0 } = spec;
  const size = { 0: 1, 1: 2, 2: 4, 6: 2, 12: 2 }[mode] ?? 1;
  const start = 1024 + Math.max(0, extended);
  const view = new DataView(new ArrayBuffer(start + values.length * size));
  const little = !bigEndian;
  const sampling = spec.sampling ?? [width, height];
  const words = [width, height, frames, mode, 0, 0, 0, ...sampling, frames];
  words.forEach((word, i) => view.setInt32(4 * i, word, little));
  view.setFloat32(40, spec.cellX ?? 0, little);
  view.setFloat32(44, spec.cellY ?? (spec.cellX ?? 0) * sampling[1] / sampling[0], little);
  view.setFloat32(76, spec.min ?? 0, little);
  view.setFloat32(80, spec.max ?? 0, little);
  view.setInt32(88, spec.spaceGroup ?? 0, little);
  view.setInt32(92, extended, little);
  if (spec.imodFlags !== undefined) {
    view.setInt32(152, 1146047817, little);
    view.setInt32(156, spec.imodFlags, little);
  }
  if (!spec.old) {
    [..."MAP "].forEach((letter, i) => view.setUint8(208 + i, letter.charCodeAt(0)));
    view.setUint8(212, bigEndian ? 0x11 : 0x44);
    view.setUint8(213, bigEndian ? 0x11 : 0x44);
  }
  for (let i = 1024; i < start; i++) view.setUint8(i, 0xab);
  values.forEach((value, i) => {
    const at = start + i * size;
    if (mode === 0) view.setInt8(at, value);
    else if (mode === 101) view.setUint8(at, value);
    else if (mode === 1) view.setInt16(at, value, little);
    else if (mode === 2) view.setFloat32(at, value, little);
    else if (mode === 6) view.setUint16(at, value, little);
    else if (mode === 12) view.setFloat16(at, value, little);
  });
  return new Uint8Array(view.buffer);
}

/** Compresses bytes as gzip. */
export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Runs `use` with a new folder, which is removed afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "epicker_io_" });
  try {
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs `use` with a file of the given content. */
export function withFile<T>(
  name: string,
  content: Uint8Array | string,
  use: (path: string) => Promise<T>,
): Promise<T> {
  return withFolder(async (folder) => {
    const path = `${folder}/${name}`;
    if (typeof content === "string") await Deno.writeTextFile(path, content);
    else await Deno.writeFile(path, content);
    return await use(path);
  });
}
