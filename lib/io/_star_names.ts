/** RELION's names of the columns that are read and written here. */
export const STAR = {
  x: "_rlnCoordinateX",
  y: "_rlnCoordinateY",
  score: "_rlnAutopickFigureOfMerit",
  class: "_rlnClassNumber",
  psi: "_rlnAnglePsi",
  fiber: "_rlnHelicalTubeID",
  micrograph: "_rlnMicrographName",
  tomogram: "_rlnTomoName",
  coordinates: "_rlnMicrographCoordinates",
  opticsGroup: "_rlnOpticsGroup",
  micrographPixelSize: "_rlnMicrographPixelSize",
} as const;
