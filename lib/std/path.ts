/**
 * `@std/path` where JSR cannot be reached: the npm re-publication, with types.
 * With JSR at hand, map `@std/path` to `jsr:@std/path@1` in `deno.json` instead.
 *
 * @module
 */
// @ts-types="./path.d.ts"
export * from "npm:deno-std@1.4.0/path/mod.js";
