import type { EditChanges, Edits, Mode, Pick, Point } from "../core/mod.ts";

// What server and page tell each other.

/** What the page knows from the start. */
export interface About {
  /** Base names of the micrographs, in order. */
  names: string[];
  /** Folder of picks, for people. */
  folder: string;
  /** Names of the formats that can be written. */
  formats: string[];
}

/** What the list shows of a micrograph. */
export interface Facts {
  /** Base name. */
  name: string;
  /** Scores of candidates and added picks, rejected ones left out (of fibers: of each), in ten-thousandths. */
  scores: number[];
  /** Least score of a pick as it was written last. */
  threshold?: number;
  /** Number of edits. */
  edits: number;
  /** Whether a person has labelled all of it. */
  done: boolean;
  /** Sentences about what is doubtful. */
  warnings: string[];
}

/** What the picture shows of a micrograph, but its pixels. */
export interface Marks {
  /** What was picked. */
  mode: Mode;
  /** Candidates of the record. */
  candidates: (Pick & { score: number })[];
  /** Fibers of the record. */
  fibers: { line: Point[]; score: number }[];
  /** Labels that were given beside. */
  labels: Pick[];
  /** What a person has said. */
  edits: Edits;
  /** Typical diameter in pixels of the micrograph, where it is known. */
  diameter?: number;
  /** Sentences about what is doubtful. */
  warnings: string[];
}

/** What stands in the header `x-picture` of a picture. */
export interface PictureHead {
  /** Columns. */
  width: number;
  /** Rows. */
  height: number;
  /** Pixels of the micrograph along the edge of one of these. */
  step: number;
  /** Columns of the micrograph. */
  fullWidth: number;
  /** Rows of the micrograph. */
  fullHeight: number;
  /** Å per pixel, if known. */
  pixelSizeA?: number;
}

/** A threshold that the scores suggest, and why. */
export interface Suggestion {
  /** Least score of a pick; absent where there are too few scores. */
  threshold?: number;
  /** A sentence. */
  why: string;
}

/** What happened elsewhere. */
export interface EditEvent {
  /** Base name of the micrograph. */
  name: string;
  /** What has changed. */
  changes: EditChanges;
  /** The page that did it. */
  by: string;
}

/** What became of saving. */
export interface Saved {
  /** Micrographs written. */
  files: number;
  /** Seconds it took. */
  seconds: number;
  /** Micrographs that failed, and why. */
  errors: string[];
}
