/**
 * A micrograph in, picks out: the whole way from file to coordinates.
 *
 * `loadPicker` brings a model to a backend, `picker.pick(micrograph)` gives scored picks in
 * micrograph pixels, `pickFiles` does folders and writes coordinate files.
 *
 * @module
 */
export * from "./pick_files.ts";
export * from "./picker.ts";
