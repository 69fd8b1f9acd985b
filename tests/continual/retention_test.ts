import { assertEquals } from "@std/assert";
import { startBackend } from "../../lib/backend/mod.ts";
import { retentionOf, setAside } from "../../lib/continual/mod.ts";
import { predict } from "../../lib/training/mod.ts";
import { averagePrecision, bestF1 } from "../../lib/evaluation/mod.ts";
import { tinyImage } from "../training/_tiny.ts";
import { tinyModel } from "./_tiny.ts";

Deno.test("every fourth exemplar of each dataset is set aside, the others are replayed", () => {
  const names = ["a", "b", "a", "a", "b", "a", "a", "a", "a", "a"];
  const exemplars = names.map((name, i) => tinyImage(i, name));
  const memory = { exemplars, vectors: { x: Float32Array.of(1) }, view: "particle" as const };
  const { replayed, aside } = setAside(memory);
  assertEquals(aside.map(({ name }) => name), ["disc5", "disc9"]); // the 4th and the 8th of a
  assertEquals(replayed.exemplars.map(({ dataset }) => dataset).join(""), "aaaaaabb");
  assertEquals([replayed.vectors, replayed.view], [memory.vectors, memory.view]);
  assertEquals(memory.exemplars.length, 10);
});

Deno.test("objects that a piece cuts off are neither found nor missed in it", () => {
  const image = tinyImage(1, "a", 96);
  const { paddedWidth: width } = image.image;
  const [inside, cut] = [width - 1, width].map((x) => ({ x, y: 0, diameter: 20 }));
  const region = { x: 9, y: 9, diameter: 5 };
  const piece = { ...image, objects: [inside, cut], ignored: [region] };
  const exemplars = [image, image, image, piece];
  const { aside: [seen] } = setAside({ exemplars, vectors: {} });
  assertEquals([seen.objects, seen.ignored], [[inside], [region, cut]]);
});

Deno.test("retention is the scores of both models on every dataset", async () => {
  await startBackend("wasm");
  const [before, after] = [tinyModel(1), tinyModel(2)];
  const images = [tinyImage(1, "a"), tinyImage(2, "b"), tinyImage(3, "a")];
  const lines = await retentionOf(before, after, images);
  assertEquals(lines.map(({ dataset }) => dataset), ["a", "b"]);
  for (const line of lines) {
    const own = async (model: typeof before) => (await predict(model, images)).get(line.dataset)!;
    assertEquals(line.before, averagePrecision(await own(before)).ap);
    assertEquals(line.after, averagePrecision(await own(after)).ap);
    assertEquals(line.f1After.toFixed(2), bestF1(await own(after)).f1.toFixed(2));
  }
});
