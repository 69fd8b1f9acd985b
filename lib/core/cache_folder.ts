import { join } from "@std/path";

/** Where this project keeps what it can make again: `epicker` in the user's folder of caches. */
export function cacheFolder(): string {
  const chosen = Deno.env.get("XDG_CACHE_HOME") ?? Deno.env.get("LOCALAPPDATA");
  return join(chosen ?? join(Deno.env.get("HOME") ?? ".", ".cache"), "epicker");
}
