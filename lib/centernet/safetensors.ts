import { EPickerError } from "../core/mod.ts";
import { fromHalf, isFiniteHalf, toHalf } from "./half.ts";

/** A named array of floats or bytes. */
export interface NamedArray {
  /** Name, unique in the file. */
  name: string;
  /** Shape; its product is the length. */
  shape: number[];
  /** Values, row-major. */
  data: Float32Array | Uint8Array<ArrayBuffer>;
  /** Whether floats are rounded to float16 when they are written; read they are float32 again. */
  half?: boolean;
}

/** What a safetensors file holds. */
export interface Safetensors {
  /** The arrays, in the order of their data. */
  arrays: NamedArray[];
  /** Free strings. */
  metadata: Record<string, string>;
}

/** Bytes of a value, and how they are read, by the names of types that we write. */
const TYPES = {
  F32: { bytes: 4, read: (copy: Uint8Array<ArrayBuffer>) => new Float32Array(copy.buffer) },
  F16: {
    bytes: 2,
    read: (copy: Uint8Array<ArrayBuffer>) => fromHalf(new Uint16Array(copy.buffer)),
  },
  U8: { bytes: 1, read: (copy: Uint8Array<ArrayBuffer>) => copy },
};

const MAX_HEADER_BYTES = 100 * 2 ** 20;

/**
 * Encodes arrays and strings as a safetensors file (F32, F16 and U8).
 *
 * Format: https://github.com/huggingface/safetensors, 8 bytes of header length (little-endian),
 * JSON header, raw data without gaps. Readable from Python without running any code.
 *
 * @throws {EPickerError} `bad-model` for values that float16 does not hold, where it is asked for.
 */
export function encodeSafetensors({ arrays, metadata }: Safetensors): Uint8Array {
  const header: [string, unknown][] = [["__metadata__", metadata]];
  let end = 0;
  const ordered = arrays.map(asStored) // the widest first, so that all stay aligned
    .sort((a, b) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  for (const { name, shape, dtype, data } of ordered) {
    header.push([name, { dtype, shape, data_offsets: [end, end + data.byteLength] }]);
    end += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const padding = (8 - json.length % 8) % 8; // data start aligned for typed arrays
  const start = 8 + json.length + padding;
  const bytes = new Uint8Array(start + end).fill(0x20, 8, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.set(json, 8);
  let at = start;
  for (const { data } of ordered) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/** An array with the values and the type that its file has. */
function asStored({ name, shape, data, half }: NamedArray) {
  if (data instanceof Uint8Array) return { name, shape, dtype: "U8", data };
  if (!half) return { name, shape, dtype: "F32", data };
  const halves = toHalf(data);
  const at = halves.findIndex((bits) => !isFiniteHalf(bits));
  if (at < 0) return { name, shape, dtype: "F16", data: halves };
  throw new EPickerError("bad-model", {
    found: `${data[at]} in array "${name}"`,
    expected: "numbers of at most 65504, the largest of float16",
    remedy: "Keep this model in float32.",
  });
}

/**
 * Decodes a safetensors file whose arrays are float32, float16 or bytes; float16 becomes float32.
 *
 * @param file Name for messages.
 * @throws {EPickerError} `bad-model` for anything that is not such a file: header length beyond the
 * file, broken JSON, other types, offsets with gaps, overlaps or past the end.
 */
export function decodeSafetensors(bytes: Uint8Array, file: string): Safetensors {
  const fail = (found: string): never => {
    throw new EPickerError("bad-model", {
      file,
      found,
      expected: "a safetensors file written by EPicker",
      remedy: "Give a model file made by epicker train, copied completely.",
    });
  };
  if (bytes.length < 8) fail(`only ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = Number(view.getBigUint64(0, true));
  if (headerBytes > MAX_HEADER_BYTES || 8 + headerBytes > bytes.length) {
    fail(`a header of ${headerBytes} bytes in a file of ${bytes.length}`);
  }
  const header = parseHeader(bytes.subarray(8, 8 + headerBytes)) ?? fail("a broken JSON header");
  const { __metadata__: metadata = {}, ...entries } = header;
  const data = bytes.subarray(8 + headerBytes);
  let end = 0;
  const slots = Object.entries(entries).map(([name, entry]) => {
    const slot = isEntry(entry) ? entry : fail(`an unreadable description of array "${name}"`);
    const [from, to] = slot.data_offsets;
    return { name, shape: slot.shape, from, to, type: TYPES[slot.dtype] };
  });
  slots.sort((a, b) => a.from - b.from || a.to - b.to);
  const arrays = slots.map(({ name, shape, from, to, type }): NamedArray => {
    const length = shape.reduce((product, n) => product * n, 1);
    if (from !== end || to > data.length || to - from !== type.bytes * length) {
      fail(`array "${name}" of shape [${shape}] at bytes ${from} to ${to} of ${data.length}`);
    }
    end = to;
    return { name, shape, data: type.read(data.slice(from, to)) };
  });
  if (end !== data.length) fail(`${data.length - end} bytes after the last array`);
  return {
    arrays,
    metadata: isStrings(metadata) ? metadata : fail("metadata that are not strings"),
  };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isStrings(value: unknown): value is Record<string, string> {
  return isObject(value) && Object.values(value).every((v) => typeof v === "string");
}

interface Entry {
  dtype: keyof typeof TYPES;
  shape: number[];
  data_offsets: [number, number];
}

function isEntry(value: unknown): value is Entry {
  const counts = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0);
  return isObject(value) && Object.hasOwn(TYPES, String(value.dtype)) && counts(value.shape) &&
    counts(value.data_offsets) && value.data_offsets.length === 2;
}
