/**
 * The network outside TensorFlow.js: ONNX files, and picking with ONNX Runtime.
 *
 * `writeOnnx` exports a model for any runtime that reads ONNX. `openOnnxDetector` brings one to ONNX
 * Runtime, the fastest way on a CPU; the runtime is large and is installed when it is first asked
 * for, never before.
 *
 * @module
 */
export * from "./detector.ts";
export * from "./encode.ts";
export { onnxIsInstalled } from "./runtime.ts";
export { ONNX_PROVIDERS, type OnnxProvider } from "./providers.ts";
