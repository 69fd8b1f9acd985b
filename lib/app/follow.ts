import { join } from "@std/path";
import * as z from "zod";
import type { Session } from "./session.ts";
import type { Results, Watching } from "./wire.ts";

/** Milliseconds between two looks. */
const PAUSE = 2000;

/** More facts than these are not sent along, but asked for. */
const MOST = 200;

/** What `watchFiles` writes beside its results. */
const watchSchema = z.object({
  state: z.enum(["watching", "ended"]),
  seen: z.number(),
  picked: z.number(),
  failed: z.number(),
  lastHour: z.number(),
  last: z.string().optional(),
  waiting: z.array(z.string()),
});

/** Sees what a picker writes to the folder of picks while the page is open, and tells it. */
export class Follower {
  readonly #session: Session;
  readonly #folder: string;
  readonly #tell: (results: Results) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stamp = "";
  #isClosed = false;
  #looking: Promise<void>;

  /** Begins to look. */
  constructor(session: Session, folder: string, tell: (results: Results) => void) {
    this.#session = session;
    this.#folder = folder;
    this.#tell = tell;
    this.#looking = this.#look(true);
  }

  /** How it stands with a watched folder; nothing where none was. */
  async watching(): Promise<Watching | undefined> {
    const text = await Deno.readTextFile(join(this.#folder, "watch.json")).catch(() => "");
    const { success, data } = watchSchema.safeParse(parsed(text));
    return success ? { ...data, waiting: data.waiting.length } : undefined;
  }

  async #look(isFirst: boolean): Promise<void> {
    const stamp = await this.#stampNow();
    if (isFirst || stamp !== this.#stamp) {
      const { names, changed } = await this.#session.changes();
      if (!isFirst) await this.#report(names, changed);
    }
    this.#stamp = stamp;
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => this.#looking = this.#look(false), PAUSE);
  }

  async #report(names: string[], changed: string[]): Promise<void> {
    const facts = changed.length > MOST ? "all" : await this.#session.factsOf(changed);
    const watching = await this.watching();
    if (!this.#isClosed) this.#tell({ names, facts, watching });
  }

  /** Changes when a picker has told how it stands. */
  async #stampNow(): Promise<string> {
    const files = ["summary.json", "watch.json"].map((file) => join(this.#folder, file));
    const times = files.map((file) => Deno.stat(file).then(({ mtime }) => mtime, () => null));
    return String(await Promise.all(times.map(async (time) => (await time)?.getTime())));
  }

  /** Ends looking. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // none, or not whole
  }
}
