import { attempt, fuzzTargets } from "../_fuzz.ts";
import { withFolder } from "./mrc_bytes.ts";

for (const target of fuzzTargets) {
  Deno.test(`${target.name} answers any damage with a valid result or an EPickerError`, async () => {
    const files = await target.files();
    await withFolder(async (folder) => {
      for (let seed = 0; seed < 300; seed++) {
        await attempt(target, files[seed % files.length], seed, folder);
      }
    });
  });
}
