/** Two numbers along the columns and the rows. */
interface Pair {
  x: number;
  y: number;
}

/** Least and greatest Å per pixel that a micrograph may have without a doubt. */
const PLAUSIBLE = [0.2, 30];

/** Least binning that is told from a cropped border. */
const LEAST_BINNING = 1.2;

/**
 * The Å per pixel of an MRC header, cell / sampling, and what is doubtful about it.
 *
 * The sampling is the number of pixels in the cell. Programs that bin an image and copy its header
 * leave both as they were, so that cell / sampling is the pixel size before: told where sampling
 * and image differ by the same factor in x and y, which a cropped image hardly does.
 */
export function mrcPixelSize(
  { width, height }: { width: number; height: number },
  sampling: Pair,
  cell: Pair,
): { pixelSizeA?: number; warnings: string[] } {
  const [x, y] = [cell.x / sampling.x, cell.y / sampling.y];
  if (!(sampling.x > 0 && x > 0 && Number.isFinite(x))) {
    return { warnings: ["The header tells no pixel size."] };
  }
  const binning = { x: sampling.x / width, y: sampling.y / height };
  return { pixelSizeA: x, warnings: [...doubts(x, y), ...leftOver(x, binning, sampling)] };
}

function doubts(x: number, y: number): string[] {
  if (!isAbout(x, y)) {
    return [`The header tells pixels of ${short(x)} × ${short(y)} Å: one is wrong.`];
  }
  if (x === 1) return ["The header tells a pixel size of exactly 1 Å, which is often made up."];
  if (x >= PLAUSIBLE[0] && x <= PLAUSIBLE[1]) return [];
  return [`The header tells a pixel size of ${short(x)} Å, which hardly any micrograph has.`];
}

function leftOver(pixelSizeA: number, binning: Pair, sampling: Pair): string[] {
  const isBinned = binning.x >= LEAST_BINNING || binning.x <= 1 / LEAST_BINNING;
  if (!isBinned || !isAbout(binning.x, binning.y)) return [];
  return [
    `The header samples ${sampling.x} × ${sampling.y} pixels, not those of the image: its pixel ` +
    `size of ${short(pixelSizeA)} Å may be that of another binning, ` +
    `and the image's ${short(pixelSizeA * binning.x)} Å.`,
  ];
}

/** Whether two numbers are within 1 %. */
function isAbout(a: number, b: number): boolean {
  return Math.abs(a - b) <= 0.01 * Math.abs(a);
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
