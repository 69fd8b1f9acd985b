/** Okabe and Ito's colours (2008), safe for colour-blind readers; black is the ink of the page. */
export const SERIES_COLOURS = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
  "#999999",
  "#b5a600",
  "#7f3c8d",
];

/** Colour of a chart's series by its number. */
export function colourOf(index: number): string {
  return SERIES_COLOURS[index % SERIES_COLOURS.length];
}

/** Text and axes: this grey has a contrast of 4.3 to white and to the black of dark pages. */
export const INK = "#757b83";

/** Grid lines: the ink, faint. */
export const GRID_OPACITY = 0.28;

/** Colour of picks on a micrograph. */
export const PICK_COLOUR = "#56b4e9";

/** Colour of labels on a micrograph. */
export const TRUTH_COLOUR = "#e69f00";
