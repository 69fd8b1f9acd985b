// What a network that no longer learns needs, on a memory that threads share. `deno task kernels`
// builds it into kernels.wasm.ts; most of it are the kernels of ../../wasm/kernels.

export { copyChannels } from "../../wasm/kernels/channels";
export { bandBytes, convolve, packFilter } from "../../wasm/kernels/convolution";
export { upsample } from "../../wasm/kernels/resize";
export {
  filterSpectrum,
  spectrumBytes,
  winograd,
  winogradBytes,
} from "../../wasm/kernels/winograd";
export * from "./maps";
