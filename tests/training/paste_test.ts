import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { startBackend } from "../../lib/backend/mod.ts";
import { random } from "../../lib/core/mod.ts";
import type { Crop } from "../../lib/training/augment.ts";
import { pasteParticle } from "../../lib/training/paste.ts";
import {
  AUGMENTATION,
  DETECTION,
  ShardComputer,
  type TrainingImage,
} from "../../lib/training/mod.ts";
import { tinyModel } from "../continual/_tiny.ts";
import { stillImage } from "./_still.ts";
import { tinyParticles } from "./_tiny.ts";

const SIZE = 128;

/** A crop of one grey, with objects. */
function crop(grey: number, objects: Crop["objects"], ignored: Crop["ignored"] = []): Crop {
  const pixels = new Float32Array(SIZE * SIZE).fill(grey);
  return { pixels, objects, ignored, image: stillImage("a", 3, 24), map: [1, 0, 0, 0, 1, 0] };
}

const PARTICLE = { x: 50.25, y: 64.5, diameter: 20 };

/** Marks of pixels: their place in the crop. */
function marked(objects: Crop["objects"]): Crop {
  const source = crop(0, objects);
  source.pixels.forEach((_, i) => source.pixels[i] = 1000 + i);
  return source;
}

Deno.test("a particle is pasted whole, at whole pixels, and its surroundings fade out", () => {
  const into = crop(0, []);
  const source = marked([PARTICLE]);
  assert(pasteParticle(source, into, SIZE, random(3)));
  const [place] = into.objects;
  const [shiftX, shiftY] = [place.x - PARTICLE.x, place.y - PARTICLE.y];
  assertEquals([shiftX % 1, shiftY % 1, place.diameter], [0, 0, 20]);
  assert(Math.abs(shiftX) + Math.abs(shiftY) > 0);
  into.pixels.forEach((value, i) => {
    const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
    const radius = Math.hypot(x - place.x, y - place.y);
    const whole = 1000 + (y - shiftY) * SIZE + x - shiftX;
    if (radius <= 12) assertEquals(value, whole); // 0.6 diameters
    else if (radius >= 20) assertEquals(value, 0);
    else assertAlmostEquals(value, whole * (20 - radius) / 8, 0.01); // linearly to 0 at a diameter
  });
});

Deno.test("nothing is pasted onto what is there, nor over the border", () => {
  const there = [{ x: 30, y: 30, diameter: 24 }, { x: 90, y: 40, diameter: 16 }];
  const ignored = [{ x: 40, y: 100, diameter: 40 }];
  for (let seed = 0; seed < 50; seed++) {
    const into = crop(0, there, ignored);
    if (!pasteParticle(marked([PARTICLE]), into, SIZE, random(seed))) continue;
    const place = into.objects[2];
    for (const { x, y, diameter } of [...there, ...ignored]) {
      assert(Math.hypot(place.x - x, place.y - y) >= 20 + diameter / 2);
    }
    assert(Math.min(place.x, place.y) >= 20 && Math.max(place.x, place.y) <= SIZE - 21);
  }
  const full = crop(0, [{ x: 64, y: 64, diameter: 180 }]);
  assert(!pasteParticle(marked([PARTICLE]), full, SIZE, random(1)));
  assertEquals([full.objects.length, full.pixels.some((value) => value !== 0)], [1, false]);
});

Deno.test("a particle that is cut off is not pasted", () => {
  const cut = [{ x: 10, y: 64, diameter: 20 }, { x: 64, y: 120, diameter: 20 }];
  const into = crop(0, []);
  assert(!pasteParticle(marked(cut), into, SIZE, random(1)));
  assertEquals(into.objects, []);
});

Deno.test("training pastes exemplars into new crops, which stay what they are without", async () => {
  await startBackend("wasm");
  const { config, weights: { parameters } } = tinyModel();
  const fresh = tinyParticles(1, "new");
  const task = {
    ...{ config, seed: 3, shardSize: 2, cropSize: 128, augmentation: AUGMENTATION },
    images: [{ ...fresh, objects: fresh.objects.slice(0, 1) }], // there is room
    replay: [tinyParticles(2, "old")],
  };
  const statisticsWith = async (pasted: number, more: { replay?: TrainingImage[] } = {}) => {
    using computer = new ShardComputer({ ...task, ...more, objective: { ...DETECTION, pasted } });
    const steps = [0, 1, 2, 3].map((step) => computer.gradient(parameters, step, 0));
    return (await Promise.all(steps)).map(({ statistics }) => statistics);
  };
  const plain = await statisticsWith(0);
  assertNotEquals(await statisticsWith(4), plain);
  const cut = [{ x: 5, y: 5, diameter: 40 }];
  const none = [{ ...tinyParticles(2, "old"), objects: cut }]; // nothing whole to paste
  assertEquals(await statisticsWith(4, { replay: none }), plain);
  assertEquals(await statisticsWith(4, { replay: [] }), await statisticsWith(0, { replay: [] }));
});
