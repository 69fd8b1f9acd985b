import { EPickerError } from "../core/mod.ts";
import { describeAdapter, isSoftwareAdapter } from "./webgpu/adapter.ts";

/** A backend by name; `auto` takes a real GPU, else WASM, else plain CPU. */
export type BackendName = "auto" | "webgpu" | "wasm" | "cpu";

/** The names that a user may ask for. */
export const BACKEND_NAMES: readonly BackendName[] = ["auto", "webgpu", "wasm", "cpu"];

/**
 * The backend that a name means on this machine; nothing is started.
 *
 * @throws {EPickerError} `bad-option` for a name that is none.
 */
export async function chooseBackend(name: BackendName): Promise<Exclude<BackendName, "auto">> {
  if (!BACKEND_NAMES.includes(name)) {
    throw new EPickerError("bad-option", {
      file: "backend",
      found: `"${name}"`,
      expected: BACKEND_NAMES.join(", "),
      remedy: "There is also onnx, which picks and does not train.",
    });
  }
  if (name !== "auto") return name;
  const adapter = await describeAdapter();
  return adapter === undefined || await isSoftwareAdapter(adapter) ? "wasm" : "webgpu";
}
