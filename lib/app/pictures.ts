import { encode } from "fast-png";
import { join } from "@std/path";
import { cacheFolder, WorkerThread, writeFileAtomic } from "../core/mod.ts";
import { contentOf } from "./content.ts";
import type { DisplayFunctions, Shown } from "./display_worker.ts";

/** Longest edge of a picture, which browsers take as one texture. */
const LONGEST = 4096;

/** Longest edge of a thumbnail. */
const THUMB = 96;

/** Pictures that are kept: going back and forth between two with a filter needs no reading. */
const KEPT = 4;

/** What is wanted of a picture. */
export interface PictureOptions {
  /** Nothing finer than this many Å. */
  lowPassA?: number;
  /** The power spectrum instead. */
  spectrum?: boolean;
}

/** Makes pictures beside the server: one worker for what is looked at, one for thumbnails. */
export class Pictures implements Disposable {
  readonly #main = new WorkerThread<DisplayFunctions>(import.meta.resolve("./display_worker.ts"));
  readonly #thumbs = new WorkerThread<DisplayFunctions>(import.meta.resolve("./display_worker.ts"));
  readonly #kept = new Map<string, Promise<Shown>>();

  /** The picture of a micrograph's file. */
  async picture(path: string, options: PictureOptions): Promise<Shown> {
    const key = JSON.stringify([await contentOf(path), options]);
    const known = this.#kept.get(key) ??
      this.#main.call("show", path, { longest: LONGEST, ...options });
    this.#kept.delete(key);
    this.#kept.set(key, known);
    for (const old of [...this.#kept.keys()].slice(0, -KEPT)) this.#kept.delete(old);
    return await known.catch((error) => {
      this.#kept.delete(key);
      throw error;
    });
  }

  /** A small PNG, kept in the user's cache by what the file holds, wherever that lies. */
  async thumbnail(path: string): Promise<Uint8Array<ArrayBuffer>> {
    const key = await contentOf(path);
    const cached = join(cacheFolder(), "thumbnails", key.slice(0, 2), `${key}.png`);
    const found = await Deno.readFile(cached).catch(() => undefined);
    if (found !== undefined) return found;
    const { width, height, pixels } = await this.#thumbs.call("show", path, { longest: THUMB });
    const data = pixels.map((grey) => Math.max(0, Math.min(255, (grey - 128) * 2 + 128)));
    const png = Uint8Array.from(encode({ width, height, data, channels: 1, depth: 8 }));
    await writeFileAtomic(cached, png).catch(() => {}); // a cache that cannot be written is none
    return png;
  }

  /** Ends the workers. */
  [Symbol.dispose](): void {
    this.#main[Symbol.dispose]();
    this.#thumbs[Symbol.dispose]();
  }
}
