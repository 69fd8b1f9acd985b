import type { EditChanges, PickRule } from "../../core/mod.ts";
import type { About, Marks, NewPicks, PictureHead, Progress, Saved, Suggestion } from "../wire.ts";
import type { Look } from "./drawable.ts";
import type { ListedFacts } from "./facts.ts";

/** What a click does. */
export type Tool = "pick" | "ignore" | "fiber";

/** Orders of the list. */
export const ORDERS = ["name", "picks", "mean score", "doubts", "to label next"] as const;

/** Which micrographs are listed. */
export const FILTERS = ["all", "not done", "done", "edited", "with doubts"] as const;

/** All that the page shows. */
export interface State {
  about: About;
  facts: ReadonlyMap<string, ListedFacts>;
  current: string;
  marks?: Marks;
  head?: PictureHead;
  suggestion?: Suggestion;
  progress: Progress;
  /** Whether picks of the new model are shown beside, and what they are here. */
  showsNew: boolean;
  newPicks?: NewPicks;
  look: Look;
  /** Least and most diameter of a vesicle that is a pick, in pixels; all where it is absent. */
  diameterRange?: PickRule["diameterRange"];
  lowPassA: number;
  spectrum: boolean;
  tool: Tool;
  classNumber: number;
  /** Diameter of new picks in pixels of the micrograph; 0 for that of the others. */
  diameter: number;
  order: typeof ORDERS[number];
  filter: typeof FILTERS[number];
  search: string;
  /** Changes that undo takes back, and that redo makes again, by micrograph. */
  undo: Readonly<Record<string, EditChanges[]>>;
  redo: Readonly<Record<string, EditChanges[]>>;
  /** Changes on their way to the disk. */
  pending: number;
  problem?: string;
  saved?: Saved;
  help: boolean;
}

/** The first micrograph, before anything is read. */
export function firstState(about: About): State {
  return {
    about,
    facts: new Map(),
    current: about.names[0],
    progress: {},
    showsNew: false,
    look: { sigmas: 6, offset: 0, invert: false, threshold: 0.35, dimmed: 0.3, marks: true },
    lowPassA: 0,
    spectrum: false,
    tool: "pick",
    classNumber: 1,
    diameter: 0,
    order: "name",
    filter: "all",
    search: "",
    undo: {},
    redo: {},
    pending: 0,
    help: false,
  };
}
