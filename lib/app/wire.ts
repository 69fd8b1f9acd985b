import type { EditChanges, Edits, Mode, Pick, PickRule, Point } from "../core/mod.ts";

// What server and page tell each other.

/** What the page knows from the start. */
export interface About {
  /** Base names of the micrographs, in order. */
  names: string[];
  /** Folder of picks, for people. */
  folder: string;
  /** Names of the formats that can be written. */
  formats: string[];
  /** What training can go on from. */
  teaching: Teaching;
  /** How it stands with a folder that is watched. */
  watching?: Watching;
}

/** What the list shows of a micrograph. */
export interface Facts {
  /** Base name. */
  name: string;
  /** Scores of candidates and added picks, rejected ones left out (of fibers: of each), in ten-thousandths. */
  scores: number[];
  /** Of vesicles the diameters in the same order, in pixels of the micrograph; 0 fits every range. */
  diameters?: number[];
  /** Least score of a pick as it was written last. */
  threshold?: number;
  /** Range of diameters of picks, likewise. */
  diameterRange?: PickRule["diameterRange"];
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

/** What pages are told while they are open. */
export type ServerEvent = { edited: EditEvent } | { progress: Progress } | { results: Results };

/** How it stands with a folder that `pick --watch` watches. */
export interface Watching {
  /** Whether it is being watched still. */
  state: "watching" | "ended";
  /** Micrographs seen so far. */
  seen: number;
  /** Those of them with results. */
  picked: number;
  /** Those that could not be picked. */
  failed: number;
  /** Micrographs picked in the last hour. */
  lastHour: number;
  /** Name of the one that was picked last. */
  last?: string;
  /** How many are not complete, or wait for their turn. */
  waiting: number;
}

/** What a picker has written since. */
export interface Results {
  /** Base names of the micrographs, in order. */
  names: string[];
  /** Facts that have changed; `all` where they are many. */
  facts: Facts[] | "all";
  /** How it stands with a watched folder. */
  watching?: Watching;
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

/** How well a model does on data that it has not learned from. */
export interface LearningScore {
  /** Name of the data. */
  name: string;
  /** Micrographs, or pieces of them. */
  count: number;
  /** Average precision before; of fibers, of their lengths. */
  before: number;
  /** The same of the new model. */
  after?: number;
}

/** A training run that was begun in the page, running or not. */
export interface Learning {
  /** Number of the run: its folder's name. */
  run: number;
  /** `train` learns the labels alone, `add` with exemplars of what is known. */
  kind: "train" | "add";
  /** How it stands. */
  state: "learning" | "stopped" | "finished" | "failed";
  /** Labelled micrographs. */
  micrographs: number;
  /** Those of them that are labelled only in part. */
  sparse: number;
  /** Steps done. */
  step: number;
  /** Steps in all. */
  total: number;
  /** What goes on, for people. */
  note: string;
  /** Steps and their losses, all parts together. */
  losses: [step: number, loss: number][];
  /** Steps and the average precision then on what is held out. */
  validation: [step: number, ap: number][];
  /** What was known before and is now. */
  scores: LearningScore[];
}

/** What the page is told of learning and picking at any time. */
export interface Progress {
  /** The last run. */
  learning?: Learning;
  /** Micrographs that are being picked. */
  picking?: { done: number; total: number };
  /** What went wrong last. */
  problem?: string;
}

/** What a run from the page can go on from. */
export interface Teaching {
  /** Name of the model, for people. */
  model: string;
  /** Whether there are exemplars of what it knows. */
  hasExemplars: boolean;
}

/** What the new model sees in a micrograph. */
export interface NewPicks {
  /** Number of the run that made the model. */
  run: number;
  /** Candidates. */
  candidates: (Pick & { score: number })[];
  /** Fibers. */
  fibers: { line: Point[]; score: number }[];
  /** The new model's own threshold. */
  threshold: number;
}
