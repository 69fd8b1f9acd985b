import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openView } from "../../lib/app/mod.ts";
import { pickedWith } from "../../lib/app/picked_with.ts";
import { writeModel } from "../../lib/centernet/mod.ts";
import { readCandidates, writeCandidates } from "../../lib/io/mod.ts";
import { freshModel } from "../picking/_model.ts";
import { viewFolder } from "./_view.ts";

/** Writes how the folder of a view was picked into its record. */
async function pickedFolder(mode: "particle" | "vesicle") {
  const folder = await viewFolder({ mode });
  const path = join(folder.picks, "candidates", "one.json");
  const made = { path: "", content: "", model: "", recipe: "", formats: ["star"] };
  const given = { diameterPx: 33, pixelSizeA: 2, contrast: "bright" } as const;
  const record = await readCandidates(path);
  await writeCandidates(path, { ...record, provenance: { ...made, ...given, seenPx: 40 } });
  return { ...folder, given };
}

Deno.test("the page takes the model that ships for what the folder has", async () => {
  const { folder, micrographs, picks } = await pickedFolder("vesicle");
  {
    await using view = await openView([micrographs], { picks });
    const about = await (await fetch(`${view.address}about`)).json();
    assertEquals(about.teaching.model, "vesicle");
  }
  {
    await using view = await openView([micrographs], { picks, mode: "fiber" });
    const about = await (await fetch(`${view.address}about`)).json();
    assertEquals(about.teaching.model, "fiber");
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the page picks a folder with the diameter and contrast that it was picked with", async () => {
  const { folder, micrographs, picks, given } = await pickedFolder("particle");
  const { diameterPx, pixelSizeA, contrast } = given;
  assertEquals(await pickedWith(picks), {
    mode: "particle",
    given: { diameterA: undefined, diameterPx, pixelSizeA, contrast },
    seenPx: 40,
  });
  assertEquals(await pickedWith(folder), { given: {} });
  const model = join(folder, "small", "model.safetensors");
  await writeModel(model, freshModel());
  const view = await openView([micrographs], { picks, model });
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ by: "given" });
  await (await fetch(`${view.address}pick`, { method: "POST", headers, body })).text();
  const record = () => readCandidates(join(picks, "candidates", "two.json")).catch(() => null);
  let found = await record();
  while (found === null) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    found = await record();
  }
  assertEquals(found.provenance?.diameterPx, 33);
  assertEquals(found.provenance?.pixelSizeA, 2);
  for (;;) { // until it has ended
    const progress = await (await fetch(`${view.address}progress`)).json();
    if (progress.picking === undefined) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await view[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});
