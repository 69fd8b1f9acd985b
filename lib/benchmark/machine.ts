import { cpus, totalmem } from "node:os";
import * as tf from "@tensorflow/tfjs";

/** The machine that a benchmark ran on. */
export interface Machine {
  /** Model of the processor. */
  cpu: string;
  /** Cores, or hardware threads, that the process may use. */
  cores: number;
  /** Main memory in GiB. */
  memoryGiB: number;
  /** Operating system and its version. */
  os: string;
}

/** Describes this machine. */
export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() || Deno.build.arch,
    cores: navigator.hardwareConcurrency,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os: `${Deno.build.os} ${Deno.osRelease()}`,
  };
}

/** Versions of what the figures depend on. */
export function describeSoftware(): Record<string, string> {
  return { deno: Deno.version.deno, v8: Deno.version.v8, tfjs: tf.version.tfjs };
}
