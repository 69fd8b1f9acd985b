/**
 * Prints this machine's WebGPU adapter as a line of JSON, `null` where there is none; needs no
 * package, so that it starts at once.
 *
 * @module
 */
const options = { powerPreference: "high-performance" } as const;
const adapter = await navigator.gpu?.requestAdapter(options).catch(() => null);

console.log(JSON.stringify(adapter ? described(adapter) : null));

/** What identifies an adapter, and what it can do. */
function described({ info, features, limits }: GPUAdapter) {
  const { vendor, architecture, device, description, isFallbackAdapter = false } = info;
  const { maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupStorageSize } = limits;
  const { maxComputeInvocationsPerWorkgroup } = limits;
  return {
    ...{ vendor, architecture, device, description, isFallbackAdapter },
    features: [...features].sort(),
    limits: {
      ...{ maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupStorageSize },
      maxComputeInvocationsPerWorkgroup,
    },
  };
}
