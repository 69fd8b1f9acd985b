/**
 * Writes a page about picks, for mailing: `epicker page PICKS`.
 *
 * @module
 */
import { resolve } from "@std/path";
import { EPickerError } from "../mod.ts";
import { pickReport } from "../lib/app/mod.ts";
import { writeFileAtomic } from "../lib/core/mod.ts";
import { command } from "./_cli.ts";
import { count, text } from "./_flags.ts";

export default command({
  inputs: "PICKS",
  flags: {
    out: text("--out FILE", "the page (default: report.html)"),
    shown: count("--shown N", "micrographs to show, evenly among all (default: 6)"),
  },
  examples: ["Picks", "Picks --out report.html --shown 12"],
  async main({ out = "report.html", shown }, [folder, ...more]) {
    if (folder === undefined || more.length > 0) {
      const found = folder === undefined ? "nothing" : [folder, ...more].join(" ");
      throw new EPickerError("bad-option", { found, expected: "a folder that pick has written" });
    }
    await writeFileAtomic(out, await pickReport(folder, shown));
    console.log(`Page: ${resolve(out)}`);
  },
});
