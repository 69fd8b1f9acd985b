/**
 * EPicker for Deno: cryo-EM particle picking that learns new datasets without forgetting old ones.
 *
 * @module
 */
export * from "./lib/core/mod.ts";
