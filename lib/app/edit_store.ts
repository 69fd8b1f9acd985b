import { join } from "@std/path";
import {
  type EditChanges,
  type Edits,
  EPickerError,
  type InTurn,
  inTurn,
  withChanges,
  writeError,
} from "../core/mod.ts";
import { checkChanges, readEdits, writeEdits } from "../io/mod.ts";
import { editsPath } from "../picking/mod.ts";

/**
 * The edits of a folder of picks. Changes are made one after another, by name, so that two pages
 * add up and do not overwrite each other; each is on the disk, whole, before it is answered.
 */
export class EditStore implements Disposable {
  readonly #out: string;
  readonly #lock: Deno.FsFile;
  readonly #turns = new Map<string, InTurn>();

  private constructor(out: string, lock: Deno.FsFile) {
    this.#out = out;
    this.#lock = lock;
  }

  /** Opens the edits of a folder; one process at a time. @throws {EPickerError} `write-failed`. */
  static async open(out: string): Promise<EditStore> {
    const folder = join(out, "edits");
    const path = join(folder, ".lock");
    const open = Deno.mkdir(folder, { recursive: true })
      .then(() => Deno.open(path, { write: true, create: true }));
    const lock = await open.catch((error) => {
      throw writeError(path, error);
    });
    if (await lock.tryLock(true)) return new EditStore(out, lock);
    lock.close();
    throw new EPickerError("write-failed", {
      file: folder,
      found: "that another view has it open",
      expected: "one at a time",
      remedy: "Use the page that is open, or end that program.",
    });
  }

  /** All edits of a micrograph. @throws {EPickerError} `bad-file` for a damaged file. */
  async of(name: string): Promise<Edits> {
    const path = editsPath({ out: this.#out, name });
    const isThere = await Deno.stat(path).then(() => true, () => false);
    return isThere ? (await readEdits(path)).edits : {};
  }

  /** Makes changes that came from a page. @throws {EPickerError} `bad-option`, `write-failed`. */
  async change(name: string, given: unknown): Promise<EditChanges> {
    const changes = checkChanges(given);
    return await this.#turnOf(name)(async () => {
      const edits = withChanges(await this.of(name), changes);
      await writeEdits(editsPath({ out: this.#out, name }), {
        version: 1,
        micrograph: name,
        edits,
      });
      return changes;
    });
  }

  #turnOf(name: string): InTurn {
    const turn = this.#turns.get(name) ?? inTurn();
    this.#turns.set(name, turn);
    return turn;
  }

  /** Lets others have the folder. */
  [Symbol.dispose](): void {
    this.#lock.close();
  }
}
