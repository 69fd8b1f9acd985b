/**
 * Writes a static page that picks in the browser: `epicker site`.
 *
 * @module
 */
import { resolve } from "@std/path";
import { writeSite } from "../lib/app/mod.ts";
import { command } from "./_cli.ts";
import { FLAG } from "./_shared_flags.ts";

export default command({
  flags: {
    out: FLAG.out,
    model: FLAG.model,
  },
  examples: ["--out site", "--out site --model run/model.safetensors"],
  async main({ out, model }) {
    await writeSite(out, model);
    console.log(`Site: ${resolve(out)}, for any web server, e.g. python3 -m http.server -d ${out}`);
  },
});
