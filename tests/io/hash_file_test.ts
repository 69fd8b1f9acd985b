import { assertEquals, assertRejects } from "@std/assert";
import { EPickerError, hashOf } from "../../lib/core/mod.ts";
import { hashFile } from "../../lib/io/mod.ts";

Deno.test("a file's hash is that of its bytes, whatever its length", async () => {
  const path = await Deno.makeTempFile();
  for (const length of [1, 4096, 2 ** 22, 2 ** 22 + 1, 9_000_000]) {
    const bytes = new Uint8Array(length).map((_, i) => i % 251);
    await Deno.writeFile(path, bytes);
    assertEquals(await hashFile(path), await hashOf([bytes]));
  }
  await Deno.remove(path);
});

Deno.test("a folder, an empty file and none have no hash", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeFile(`${folder}/empty`, new Uint8Array());
  for (const path of [folder, `${folder}/empty`, `${folder}/none`]) {
    await assertRejects(() => hashFile(path), EPickerError, path);
  }
  await Deno.remove(folder, { recursive: true });
});
