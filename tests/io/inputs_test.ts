import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { EPickerError } from "../../lib/core/mod.ts";
import { expandInputs, micrographName } from "../../lib/io/mod.ts";
import { withFolder } from "./mrc_bytes.ts";

/** Makes empty files and gives what `inputs` expand to, as `path → name` below the folder. */
function expand(files: string[], inputs: string[]): Promise<string[]> {
  return withFolder(async (folder) => {
    for (const file of files) {
      const path = `${folder}/${file}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      await Deno.writeTextFile(path, "");
    }
    const found = await expandInputs(inputs.map((input) => `${folder}/${input}`));
    return found.map(({ path, name }) => `${path.slice(folder.length + 1)} → ${name}`);
  });
}

const FILES = ["b/2.mrc", "b/1.mrc", "b/.0.mrc", "b/x.txt", "b/deep/er/3.PNG", "c/4.mrcs.gz"];

Deno.test("expandInputs() takes files, folders and patterns, sorted and once each", async () => {
  assertEquals(await expand(FILES, ["b"]), ["b/1.mrc → 1", "b/2.mrc → 2"]);
  assertEquals(await expand(FILES, ["b/2.mrc", "b/", "b/../b/1.mrc"]), [
    "b/1.mrc → 1",
    "b/2.mrc → 2",
  ]);
  assertEquals(await expand(FILES, ["b/x.txt"]), ["b/x.txt → x"]);
  assertEquals(await expand(FILES, ["b/*"]), ["b/1.mrc → 1", "b/2.mrc → 2"]);
  assertEquals(await expand(FILES, ["*/{1,4}.*"]), ["b/1.mrc → 1", "c/4.mrcs.gz → 4"]);
  assertEquals(await expand(FILES, ["**/*.{PNG,gz}"]), ["b/deep/er/3.PNG → 3", "c/4.mrcs.gz → 4"]);
});

Deno.test("expandInputs() takes braces that hold folders", async () => {
  const expected = ["b/deep/er/3.PNG → 3", "c/4.mrcs.gz → 4"];
  assertEquals(await expand(FILES, ["{b/deep/er,c}/*"]), expected);
});

Deno.test("expandInputs() takes a path that looks like a pattern literally if it exists", async () => {
  assertEquals(await expand(["a[1].mrc", "a1.mrc"], ["a[1].mrc"]), ["a[1].mrc → a[1]"]);
});

Deno.test("expandInputs() tells files of the same base name apart", async () => {
  assertEquals(await expand(["a/n.mrc", "b/n.mrc", "b/m.mrc"], ["a", "b"]), [
    "a/n.mrc → a_n",
    "b/m.mrc → m",
    "b/n.mrc → b_n",
  ]);
  assertEquals(await expand(["n.mrc", "n.png", "n.mrc.gz"], ["*"]), [
    "n.mrc → n_mrc",
    "n.mrc.gz → n_mrc_gz",
    "n.png → n_png",
  ]);
  assertEquals(await expand(["x/a/n.mrc", "y/a/n.mrc", "y/b/n.mrc"], ["**/*.mrc"]), [
    "x/a/n.mrc → x_a_n",
    "y/a/n.mrc → y_a_n",
    "y/b/n.mrc → b_n",
  ]);
});

Deno.test("expandInputs() never gives two files one name", async () => {
  const files = ["a_b/c.mrc", "a/b_c.mrc", "a/b/c.mrc", "b/C.mrc", "c.mrc", "b_c.mrc", "b_c_2.mrc"];
  const names = (await expand(files, ["**/*.mrc"])).map((line) => line.split(" → ")[1]);
  assertEquals(new Set(names.map((name) => name.toLowerCase())).size, files.length);
});

Deno.test("expandInputs() reports inputs that mean nothing", async () => {
  for (const input of ["no.mrc", "no/*.mrc", "b/*.tif", "d"]) {
    const error = await assertRejects(() => expand([...FILES, "d/x.txt"], [input]), EPickerError);
    assertEquals(error.code, "missing-file");
  }
});

Deno.test("micrographName() strips what readers know, else the last extension", () => {
  const paths = ["/d/a.mrc", "a.b.MRC.gz", "a.tif", ".mrc", "a", "x.mrcs"];
  assertEquals(paths.map(micrographName), ["a", "a.b", "a", ".mrc", "a", "x"]);
});

Deno.test("expandInputs() tells of micrographs in folders within folders, and keeps broken links", async () => {
  await withFolder(async (folder) => {
    for (const file of ["a/1.mrc", "a/day2/2.mrc", "a/logs/x.txt", "b/deep/er/3.mrc"]) {
      await Deno.mkdir(`${folder}/${file.slice(0, file.lastIndexOf("/"))}`, { recursive: true });
      await Deno.writeTextFile(`${folder}/${file}`, "");
    }
    await Deno.symlink("/no/such.mrc", `${folder}/a/4.mrc`);
    const doubts: string[] = [];
    const found = await expandInputs([`${folder}/a`], { onWarning: (text) => doubts.push(text) });
    assertEquals(found.map(({ name }) => name), ["1", "4"]);
    assertEquals(doubts.length, 1);
    assertStringIncludes(doubts[0], "left out micrographs in folders within it (day2)");
    const only = "found only micrographs in folders within it (deep)";
    await assertRejects(() => expandInputs([`${folder}/b`]), EPickerError, only);
    await assertRejects(() => expandInputs([]), EPickerError, "no inputs");
  });
});
