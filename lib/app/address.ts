import { join } from "@std/path";
import * as z from "zod";
import { newToken } from "./guard.ts";

/** Where a view is reached. */
export interface Address {
  /** Port on 127.0.0.1; none before the first time. */
  port?: number;
  /** Token in the path. */
  token: string;
}

const schema = z.object({
  port: z.number().int().min(1).max(65535),
  token: z.string().regex(/^[0-9a-f]{32}$/),
});

/** Rights of others on a file. */
const OTHERS = 0o077;

/**
 * The address of the last view of a folder, by which a page that is open goes on after a restart, as
 * does a tunnel; a new one where there was none, or where others may read it.
 */
export async function lastAddress(picks: string): Promise<Address> {
  try {
    const path = pathIn(picks);
    const { mode } = await Deno.stat(path);
    if (((mode ?? 0) & OTHERS) !== 0) return { token: newToken() };
    return schema.parse(JSON.parse(await Deno.readTextFile(path)));
  } catch {
    return { token: newToken() };
  }
}

/** Keeps an address, for this user alone; where that cannot be, the next view has another one. */
export async function keepAddress(picks: string, address: Address): Promise<void> {
  const path = pathIn(picks);
  await Deno.remove(path).catch(() => {}); // rights are those of a new file
  await Deno.writeTextFile(path, JSON.stringify(address) + "\n", { mode: 0o600, createNew: true })
    .catch(() => {});
}

function pathIn(picks: string): string {
  return join(picks, "edits", ".address");
}
