/** A result and the most memory that the process held while it was made. */
export type WithPeak<Result> = Result & {
  /** Peak of the resident memory of the whole process, in MiB, GPU memory not included. */
  peakMiB: number;
};

/**
 * Does a piece of work and tells the peak of the process' resident memory meanwhile.
 *
 * On Linux the kernel's high-water mark is set back first; where it cannot be set back, it is the
 * peak since the start of the process. Elsewhere it is what is resident at the end. Memory of the
 * WASM heap is never given back, so that a small piece of work after a large one reads too high.
 */
export async function withPeak<Result extends object>(
  work: () => Promise<Result>,
): Promise<WithPeak<Result>> {
  (globalThis as { gc?: () => void }).gc?.(); // there with --v8-flags=--expose-gc
  resetPeak();
  const result = await work();
  return { ...result, peakMiB: Math.round(peakBytes() / 2 ** 20) };
}

/** Sets the high-water mark back to what is resident now (Linux: 5 to `clear_refs`, see proc(5)). */
function resetPeak(): void {
  if (Deno.build.os !== "linux") return;
  try {
    Deno.writeTextFileSync("/proc/self/clear_refs", "5");
  } catch {
    // not allowed in some containers; the mark then counts from the start of the process
  }
}

/** The high-water mark of resident memory, in bytes. */
export function peakBytes(): number {
  if (Deno.build.os === "linux") {
    const [, kB] = Deno.readTextFileSync("/proc/self/status").match(/^VmHWM:\s+(\d+) kB/m) ?? [];
    if (kB !== undefined) return Number(kB) * 1024;
  }
  return Deno.memoryUsage().rss;
}
