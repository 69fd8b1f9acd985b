/** How samples of rows are stored. */
interface Rows {
  /** TIFF's number: 1 as they are, 2 differences of samples, 3 differences of the bytes of floats. */
  predictor: number;
  /** Bits of a sample. */
  bits: number;
  /** Samples of a pixel. */
  channels: number;
}

/**
 * Undoes TIFF's predictors in place and leaves little-endian samples.
 *
 * Predictor 2 (TIFF 6.0, section 14) stores each sample as its difference from its left neighbour,
 * of floats as well as of whole numbers that of their bits. Predictor 3 (TIFF Technical Note 3)
 * parts a row of floats into a plane for each byte, the most significant first, and stores each
 * byte as its difference from its left neighbour.
 *
 * @param bytes Whole rows that start their buffer; little-endian samples with predictor 2.
 * @param row Samples of a row.
 */
export function undoPredictor(
  bytes: Uint8Array<ArrayBuffer>,
  row: number,
  { predictor, bits, channels }: Rows,
): void {
  if (predictor === 2) addDifferences(wordsOf(bytes, bits), row, channels);
  if (predictor === 3) {
    addDifferences(bytes, 4 * row, channels);
    for (let from = 0; from < bytes.length; from += 4 * row) {
      joinPlanes(bytes.subarray(from, from + 4 * row));
    }
  }
}

type Words = Uint8Array | Uint16Array | Uint32Array;

function wordsOf({ buffer, length }: Uint8Array<ArrayBuffer>, bits: number): Words {
  if (bits === 8) return new Uint8Array(buffer, 0, length);
  return bits === 16
    ? new Uint16Array(buffer, 0, length / 2)
    : new Uint32Array(buffer, 0, length / 4);
}

/** Sums up along every row; whole numbers wrap around. */
function addDifferences(words: Words, row: number, channels: number): void {
  for (let from = 0; from < words.length; from += row) {
    for (let i = from + channels; i < from + row; i++) words[i] += words[i - channels];
  }
}

/** Brings the four bytes of each float of a row together, the least significant first. */
function joinPlanes(row: Uint8Array): void {
  const planes = row.slice();
  const count = row.length / 4;
  for (let i = 0; i < count; i++) {
    for (let plane = 0; plane < 4; plane++) row[4 * i + 3 - plane] = planes[plane * count + i];
  }
}
