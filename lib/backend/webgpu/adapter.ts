/** What identifies a WebGPU adapter. */
export interface AdapterDescription {
  /** Vendor, a name or a PCI number, often empty. */
  vendor: string;
  /** Family of the GPU, often empty. */
  architecture: string;
  /** Device, a name or a PCI number, often empty. */
  device: string;
  /** Human-readable name, e.g. `"llvmpipe (LLVM 15.0.6, 256 bits)"`. */
  description: string;
  /** The platform says itself that this is a slow stand-in. */
  isFallbackAdapter: boolean;
}

/** Names of the programs that play GPU on a CPU (Mesa, Chrome, Windows). */
const SOFTWARE = /llvmpipe|lavapipe|softpipe|swiftshader|swrast|basic render driver|\bwarp\b/i;

/**
 * Describes the adapter that TensorFlow.js would take, or `undefined` where there is none.
 *
 * Never throws: a broken driver counts as no adapter.
 */
export async function describeAdapter(): Promise<AdapterDescription | undefined> {
  // Mesa complains on standard error where this is not set; any folder will do.
  if (
    typeof Deno !== "undefined" && Deno.build.os === "linux" && !Deno.env.has("XDG_RUNTIME_DIR")
  ) {
    Deno.env.set("XDG_RUNTIME_DIR", "/tmp");
  }
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" })
    .catch(() => null);
  if (!adapter) return undefined;
  const { vendor, architecture, device, description } = adapter.info;
  return {
    vendor,
    architecture,
    device,
    description,
    // The flag moved from the adapter to its info; older runtimes have it at the old place.
    isFallbackAdapter: adapter.info.isFallbackAdapter ??
      (adapter as { isFallbackAdapter?: boolean }).isFallbackAdapter ?? false,
  };
}

/** Tells whether TensorFlow.js can find a WebGPU adapter here, real or software. */
export async function hasWebgpu(): Promise<boolean> {
  return await describeAdapter() !== undefined;
}

/**
 * Tells whether an adapter is a CPU in disguise: lavapipe, SwiftShader, WARP or whatever the
 * platform itself calls a fallback.
 *
 * Such an adapter is correct and about ten times slower than WASM; take it for tests only.
 *
 * @param adapter By default the one that TensorFlow.js would take; `false` where there is none.
 */
export async function isSoftwareAdapter(adapter?: AdapterDescription): Promise<boolean> {
  const found = adapter ?? await describeAdapter();
  if (found === undefined) return false;
  const names = [found.vendor, found.architecture, found.device, found.description].join(" ");
  return found.isFallbackAdapter || SOFTWARE.test(names);
}

/**
 * The name of an adapter for a log or a table, or `"none"`.
 *
 * @param adapter By default the one that TensorFlow.js would take.
 */
export async function adapterName(adapter?: AdapterDescription): Promise<string> {
  const found = adapter ?? await describeAdapter();
  if (found === undefined) return "none";
  const names = [found.vendor, found.architecture, found.device].filter((name) => name !== "");
  return found.description || names.join(" ") || "unnamed GPU";
}
