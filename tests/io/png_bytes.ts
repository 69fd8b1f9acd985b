/** A PNG of one row of single bits, chunk by chunk. */
export async function pngOf(
  width: number,
  colourType: number,
  palette: number[][] | undefined,
  row: number[],
): Promise<Uint8Array> {
  const raw = new Blob([Uint8Array.of(0, ...row)]).stream();
  const packed = raw.pipeThrough(new CompressionStream("deflate"));
  const data = new Uint8Array(await new Response(packed).arrayBuffer());
  return Uint8Array.of(
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk("IHDR", [0, 0, 0, width, 0, 0, 0, 1, 1, colourType, 0, 0, 0]),
    ...(palette ? chunk("PLTE", palette.flat()) : []),
    ...chunk("IDAT", [...data]),
    ...chunk("IEND", []),
  );
}

function chunk(type: string, data: number[]): number[] {
  const body = [...new TextEncoder().encode(type), ...data];
  return [...word(data.length), ...body, ...word(crc(body))];
}

function word(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

/** CRC-32 bit by bit. */
function crc(bytes: Iterable<number>): number {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

/** Makes the checksums of all whole chunks right, so that damage goes deeper. */
export function withRightChecksums(png: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const bytes = png.slice();
  const view = new DataView(bytes.buffer);
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > bytes.length) break;
    view.setUint32(end, crc(bytes.subarray(at + 4, end)));
    at = end + 4;
  }
  return bytes;
}
