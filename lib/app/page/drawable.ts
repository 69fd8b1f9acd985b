import type { Point } from "../../core/mod.ts";
import type { Size } from "./viewport.ts";

/** A ring about a point, in pixels of the micrograph. */
export interface Ring extends Point {
  /** Diameter. */
  diameter: number;
  /** Score by which it is dimmed below the threshold: 1 and more never, a negative one always. */
  score: number;
  /** Colour, `#rrggbb`. */
  colour: string;
}

/** A line through points, in pixels of the micrograph. */
export interface Line {
  /** From end to end. */
  points: readonly Point[];
  /** Score, as of a ring. */
  score: number;
  /** Colour, `#rrggbb`. */
  colour: string;
}

/** A map of probabilities that lies over the picture. */
export interface HeatLayer extends Size {
  /** Where its corner lies from that of the picture, in pixels of the micrograph, both along x and y. */
  origin: number;
  /** Pixels of the micrograph along the edge of a cell. */
  step: number;
  /** 0…255, row-major. */
  values: Uint8Array<ArrayBuffer>;
}

/** How a picture is shown. */
export interface Look {
  /** Sigmas of the picture from black to white. */
  sigmas: number;
  /** Sigmas by which grey is darker. */
  offset: number;
  /** Whether black is white. */
  invert: boolean;
  /** Least score of what is not dimmed. */
  threshold: number;
  /** How much is seen of what is dimmed, 0…1. */
  dimmed: number;
  /** Whether marks are drawn. */
  marks: boolean;
  /** How much is seen of the heat map, 0…1; none by default. */
  heat?: number;
  /** Whether the picture itself is hidden. */
  bare?: boolean;
}
