/**
 * `@std/assert` where JSR cannot be reached: the npm re-publication, with types.
 * With JSR at hand, map `@std/assert` to `jsr:@std/assert@1` in `deno.json` instead.
 *
 * @module
 */
// @ts-types="./assert.d.ts"
export * from "npm:deno-std@1.4.0/assert/mod.js";
