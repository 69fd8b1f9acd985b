/**
 * Files in and out: micrographs, coordinates, dataset folders and a command's input paths.
 *
 * - {@linkcode readMicrograph} reads MRC (all real modes, stacks, within gzip, bzip2 or xz), TIFF,
 *   PNG and JPEG; {@linkcode writeMrc} writes MRC.
 * - {@linkcode readCoordinates} and {@linkcode writeCoordinates} know RELION STAR, EMAN box, crYOLO
 *   cbox, Topaz, cryoSPARC, EPicker's own files, CSV and this project's candidates JSON; picks are
 *   centres in micrograph pixels throughout. {@linkcode readPickGroups} reads files about many
 *   micrographs.
 * - {@linkcode convertCoordinates} turns files of one coordinate format into another.
 * - {@linkcode readDataset} reads a folder of micrographs with labels and a train/test split.
 * - {@linkcode expandInputs} turns files, folders and patterns into micrographs with unique names.
 *
 * A new format is one file and one line in {@linkcode micrographFormats} or
 * {@linkcode coordinateFormats}. Whatever is wrong with a file becomes an `EPickerError` that names
 * the file, the line where there is one, the finding and the remedy. Every write is whole or not
 * at all.
 *
 * @module
 */
export {
  type CandidatesFile,
  type Doubt,
  DOUBT_KINDS,
  type Provenance,
  readCandidates,
  writeCandidates,
} from "./candidates.ts";
export * from "./check_inside.ts";
export * from "./convert.ts";
export * from "./coordinate_format.ts";
export { coordinateFileNames, coordinateFormats } from "./coordinate_formats.ts";
export {
  formatCoordinates,
  readCoordinates,
  type ReadCoordinatesOptions,
  readPickGroups,
  writeCoordinates,
  type WriteCoordinatesOptions,
} from "./coordinates.ts";
export * from "./dataset.ts";
export * from "./diameter.ts";
export { checkChanges, type EditsFile, readEdits, writeEdits } from "./edits.ts";
export * from "./hash_file.ts";
export { expandInputs, type InputFile, type InputOptions } from "./inputs.ts";
export type { DecodedImage, MicrographFormat, MicrographHeader } from "./micrograph_format.ts";
export type { ByteSource, Compression } from "./_byte_source.ts";
export { micrographFormats, micrographName } from "./micrograph_formats.ts";
export * from "./read_micrograph.ts";
export { formatCoordinateIndex } from "./_star_write.ts";
export * from "./star_table.ts";
export * from "./transform_picks.ts";
export type { MrcMode } from "./_mrc_header.ts";
export * from "./write_mrc.ts";
