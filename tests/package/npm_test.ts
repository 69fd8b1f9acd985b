/** The npm package in Node and in Deno; its dependencies come from Deno's cache. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { expected, output, picking, ROOT, run, scratchFolder } from "./_scratch.ts";

const hasNode = await new Deno.Command("node", { args: ["--version"] }).output()
  .then(({ success }) => success, () => false);

/** Picks three micrographs in workers, which a package finds by their address; asks for too much. */
const BATCH = `
import { copyFileSync } from "node:fs";
import { loadPicker, pickFiles } from "@epicker/epicker";
for (const name of ["a", "b", "c"]) copyFileSync("in.mrc", name + ".mrc");
const picker = await loadPicker({ backend: "wasm" });
const { files } = await pickFiles(picker, ["a.mrc", "b.mrc", "c.mrc"], { out: ".", workers: 2 });
const onnx = await loadPicker({ backend: "onnx" }).catch(({ code, message }) => code + message);
if (!/^no-backend.*in Node use WASM/.test(onnx)) throw new Error(onnx);
console.log(files.map(({ error, picks }) => error ?? picks).join(" "));
`;

Deno.test("the packed library picks in Node and in Deno as it does in the checkout", {
  ignore: !hasNode,
}, async () => {
  const folder = await scratchFolder();
  await output(ROOT, "deno", "task", "pack", "--out", join(folder, "package"));
  const tarball = await output(join(folder, "package"), "npm", "pack", "--silent");
  await output(join(folder, "package"), "tar", "xf", tarball, "--one-top-level=unpacked");
  const { name, version } = JSON.parse(
    await Deno.readTextFile(join(folder, "package/unpacked/package/package.json")),
  );
  const settings = {
    links: ["./package/unpacked/package"],
    nodeModulesDir: "auto",
    imports: { [name]: `npm:${name}@${version}` },
  };
  await Deno.writeTextFile(join(folder, "deno.json"), JSON.stringify(settings));
  await Deno.writeTextFile(join(folder, "pick.mjs"), picking(name));
  await Deno.writeTextFile(join(folder, "batch.mjs"), BATCH);
  await output(folder, "deno", "install", "--quiet");
  const picked = await expected(folder);
  assertEquals(await output(folder, "node", "pick.mjs"), picked);
  assertEquals(await output(folder, "deno", "run", "-A", "pick.mjs"), picked);
  const [each] = picked.split(" ");
  const batch = await run(folder, { XDG_CACHE_HOME: folder }, "node", "batch.mjs");
  assertEquals(batch.out, [each, each, each].join(" "), batch.err);
  await Deno.remove(folder, { recursive: true });
});
