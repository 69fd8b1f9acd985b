/**
 * `@std/cli/parse-args` where JSR cannot be reached: the npm re-publication, with types.
 * With JSR at hand, map `@std/cli/parse-args` to `jsr:@std/cli@1/parse-args` in `deno.json` instead.
 *
 * @module
 */
// @ts-types="./parse_args.d.ts"
export * from "npm:deno-std@1.4.0/cli/parse_args.js";
