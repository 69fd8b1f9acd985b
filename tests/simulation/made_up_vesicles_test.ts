import { assert, assertEquals } from "@std/assert";
import { type Circle, random } from "../../lib/core/mod.ts";
import { madeUpVesicles } from "../../lib/simulation/mod.ts";

const SIZE = 128;
const images = Array.from({ length: 100 }, (_, seed) => madeUpVesicles(SIZE, 48, random(seed)));
const all = images.flatMap(({ vesicles }) => vesicles);

Deno.test("the same stream makes up the same vesicles, another one others", () => {
  assertEquals(madeUpVesicles(SIZE, 48, random(5)), images[5]);
  assert(images[5].pixels.some((value, i) => value !== images[6].pixels[i]));
});

/** Mean value on circles about the vesicles, at parts of their radius; plain and slow. */
function profileFromCentre(parts: number[]): number[] {
  const [sums, counts] = [parts.map(() => 0), parts.map(() => 0)];
  for (const { pixels, vesicles } of images) {
    const mean = pixels.reduce((a, b) => a + b) / pixels.length;
    const spread = Math.sqrt(pixels.reduce((sum, v) => sum + (v - mean) ** 2, 0) / pixels.length);
    for (const { x, y, diameter } of vesicles) {
      parts.forEach((part, n) => {
        for (let angle = 0; angle < 2 * Math.PI; angle += 0.05) {
          const column = Math.round(x + part * diameter / 2 * Math.cos(angle));
          const row = Math.round(y + part * diameter / 2 * Math.sin(angle));
          if (column < 4 || row < 4 || column >= SIZE - 4 || row >= SIZE - 4) continue;
          sums[n] += (pixels[row * SIZE + column] - mean) / spread;
          counts[n]++;
        }
      });
    }
  }
  assert(Math.min(...counts) > 5000);
  return sums.map((sum, n) => sum / counts[n]);
}

Deno.test("made up vesicles are darkest just within their circles, as shells are in projection", () => {
  const parts = [0.6, 0.8, 0.95, 1.15, 1.3];
  const profile = profileFromCentre(parts);
  assertEquals(parts[profile.indexOf(Math.min(...profile))], 0.95, profile.join(" "));
  assert(profile[2] < profile[1] - 0.2 && profile[2] < profile[4] - 0.4, profile.join(" "));
  assert(Math.abs(profile[3] - profile[4]) < 0.15, profile.join(" "));
});

Deno.test("a third or so of the images is empty; others hold up to a crowd", () => {
  const counts = images.map(({ vesicles }) => vesicles.length);
  const empty = counts.filter((count) => count === 0).length;
  assert(empty >= 25 && empty <= 60, `${empty} of 100`);
  assert(Math.max(...counts) >= 10);
  assert(images.every(({ pixels }) => pixels.every(Number.isFinite)));
});

Deno.test("diameters lie about the typical one, of an image up to 1 : 4", () => {
  for (const { diameter } of all) {
    assert(diameter >= 48 * Math.exp(-0.3) / 2 && diameter <= 48 * Math.exp(0.3) * 2);
  }
  const ratio = (vesicles: Circle[]) => {
    const diameters = vesicles.map(({ diameter }) => diameter);
    return Math.max(...diameters) / Math.min(...diameters);
  };
  const ratios = images.filter(({ vesicles }) => vesicles.length > 3)
    .map(({ vesicles }) => ratio(vesicles));
  assert(ratios.some((value) => value > 2.5) && ratios.every((value) => value <= 4));
  assert(ratios.some((value) => value < 1.25));
});
