import { registerConvolutions } from "./convolution.ts";
import { registerDataKernels } from "./data.ts";
import { registerResizing } from "./resize.ts";

let registered = false;

/** Registers our kernels on tfjs's WASM backend; calling it again changes nothing. */
export function registerWasmKernels(): void {
  if (registered) return;
  registered = true;
  registerConvolutions();
  registerDataKernels();
  registerResizing();
}
