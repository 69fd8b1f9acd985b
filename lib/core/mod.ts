/**
 * The nouns that every room shares: micrographs, picks, datasets; errors, seeded random numbers,
 * progress events and whole-or-nothing writes.
 *
 * @module
 */
export * from "./errors.ts";
export * from "./files.ts";
export * from "./progress.ts";
export * from "./random.ts";
export * from "./types.ts";
