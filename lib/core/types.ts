/** A decoded micrograph: row-major float pixels, first stored row first, of TIFF the last one. */
export interface Micrograph {
  /** Base name without folder and extension. */
  name: string;
  /** Columns. */
  width: number;
  /** Rows. */
  height: number;
  /** `width × height` values, row-major. */
  pixels: Float32Array;
  /** Å per pixel, where the file says it. */
  pixelSizeA?: number;
  /** Sentences about what is doubtful in the file, such as its pixel size. */
  warnings?: string[];
}

/** One micrograph of a dataset folder and its labels' file. */
export interface DatasetEntry {
  /** Base name, shared by micrograph and label file. */
  name: string;
  /** Path of the micrograph. */
  micrographPath: string;
  /** Path of the coordinate file; absent where the micrograph has no labels. */
  coordinatesPath?: string;
  /** Path of an image that is above 0 where there is fiber; absent where there is none. */
  maskPath?: string;
  /** Path of the file of circles in which nothing is known; absent where there is none. */
  ignorePath?: string;
}

/** A part of a dataset: `"all"` ignores the split. */
export type Split = "train" | "test" | "all";

/** The names of the parts. */
export const SPLITS: readonly Split[] = ["train", "test", "all"];

/** A dataset folder: micrographs with labels of one kind of object. */
export interface Dataset {
  /** Folder name, unique in a run. */
  name: string;
  /** Title for tables; the folder name where `dataset.json` has none. */
  title: string;
  /** Path of the folder. */
  folder: string;
  /** Diameter of the particles or width of the fibers in Å, where known. */
  diameterA?: number;
  /** The same in pixels of the micrographs, where that is known. */
  diameterPx?: number;
  /** The micrographs, sorted by name. */
  entries: DatasetEntry[];
  /** Base names of each part; without a split in `dataset.json` all names are in `train`. */
  split: { train: string[]; test: string[] };
}
