import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { EPickerError, type Micrograph, random } from "../../lib/core/mod.ts";
import {
  flatten,
  type NetworkImage,
  preprocess,
  toMicrograph,
  toNetwork,
  viewOf,
} from "../../lib/preprocess/mod.ts";

const [WIDTH, HEIGHT] = [200, 136];

/** Noise on slow waves, with dark discs. */
function scene(width = WIDTH, height = HEIGHT): Float32Array {
  const stream = random(3);
  return Float32Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const disc = Math.hypot(x % 67 - 33, y % 67 - 33) < 15 ? -2 : 0;
    return 10 + 3 * Math.sin(x / 60) + 2 * Math.cos(y / 45) + disc + stream.normal();
  });
}

function flat(values: Float32Array, known?: Uint8Array) {
  return flatten({ values: values.slice(), width: WIDTH, height: HEIGHT, ...(known && { known }) });
}

/** The grey values inside the margin of 16 pixels. */
function contentOf({ pixels, width, height, paddedWidth }: NetworkImage): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, i) => {
    return pixels[(Math.floor(i / width) + 16) * paddedWidth + i % width + 16];
  });
}

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

/** The same by the formula: dense Gaussian means of known pixels, pixel by pixel. */
function slowFlat(values: Float32Array, at: number): number {
  const mean = (of: (i: number) => number, i: number, sigma: number) => {
    let [sum, weight] = [0, 0];
    for (let j = 0; j < values.length; j++) {
      const dx = j % WIDTH - i % WIDTH;
      const dy = Math.floor(j / WIDTH) - Math.floor(i / WIDTH);
      const w = Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
      sum += w * of(j);
      weight += w;
    }
    return sum / weight;
  };
  const background = (i: number) => mean((j) => values[j], i, 60);
  // the spread needs the background everywhere: a coarse sample of it is enough for a slow check
  const known = new Map<number, number>();
  const near = (i: number) => {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)].map((v) => Math.floor(v / 8) * 8 + 4);
    const key = Math.min(y, HEIGHT - 1) * WIDTH + Math.min(x, WIDTH - 1);
    if (!known.has(key)) known.set(key, background(key));
    return known.get(key)!;
  };
  const variance = mean((j) => (values[j] - near(j)) ** 2, at, 120);
  return (values[at] - background(at)) / Math.sqrt(variance);
}

Deno.test("flatten is the difference to the local mean over the local spread, as the formula says", () => {
  const stream = random(4); // no plane and no outliers: what is left is the formula
  const values = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    return 5 + Math.sin((i % WIDTH) / 4) * Math.cos(Math.floor(i / WIDTH) / 5) + stream.normal();
  });
  const grey = flat(values);
  for (const at of [3 * WIDTH + 5, 60 * WIDTH + 100, 130 * WIDTH + 190, 68 * WIDTH + 2]) {
    assertAlmostEquals((grey[at] - 128) / 127.5 * 4.5, slowFlat(values, at), 0.1);
  }
});

Deno.test("gain, offset and a linear ramp of the values change no grey level by more than rounding", () => {
  const values = scene();
  const grey = flat(values);
  const changed = values.map((value, i) => {
    return 7 * value - 300 + 0.4 * (i % WIDTH) - 0.3 * Math.floor(i / WIDTH);
  });
  assert(largestDifference(grey, flat(changed)) <= 1);
  assert(new Set(grey).size > 150, "the image has contrast");
});

Deno.test("unknown pixels become black and are in no mean", () => {
  const values = scene();
  const known = Uint8Array.from(values, (_, i) => +(i % WIDTH >= 30 && i < 110 * WIDTH));
  const other = values.map((value, i) => known[i] ? value : 1e4);
  const [a, b] = [flat(values, known), flat(other, known)];
  assertEquals(a, b);
  a.forEach((grey, i) => {
    if (!known[i]) assertEquals(grey, 0);
  });
});

Deno.test("an image without contrast is middle grey, whatever its value", () => {
  for (const value of [0, 1, -1e6, 1e-20]) {
    assertEquals(new Set(flat(new Float32Array(WIDTH * HEIGHT).fill(value))), new Set([128]));
  }
});

function micrographOf(values: Float32Array, width = WIDTH, height = HEIGHT): Micrograph {
  return { name: "a", width, height, pixels: values };
}

Deno.test("a particle has 40 network pixels whatever its size in the file", () => {
  for (const diameter of [10, 25, 40, 80]) {
    const image = preprocess(micrographOf(scene()), { view: "particle", diameter });
    const seen = toNetwork({ x: 12, y: 34, diameter }, image);
    assertAlmostEquals(seen.diameter, 40, 1e-9);
    assertEquals(image.width, Math.round(WIDTH * 40 / diameter));
    const back = toMicrograph(seen, image);
    assertAlmostEquals(back.x, 12, 1e-9);
    assertAlmostEquals(back.y, 34, 1e-9);
  }
});

Deno.test("a vesicle has 48 network pixels and a fiber 24, and may be as small beside that", () => {
  for (const [mode, size] of [["vesicle", 48], ["fiber", 24]] as const) {
    for (const diameter of [size / 5, 25]) {
      const image = preprocess(micrographOf(scene()), { view: "particle", mode, diameter });
      assertEquals(image.width, Math.round(WIDTH * size / diameter));
      assertAlmostEquals(toNetwork({ x: 12, y: 34, diameter }, image).diameter, size, 1e-9);
    }
    const options = { view: "particle", mode, diameter: size / 8 } as const;
    assertThrows(() => preprocess(micrographOf(scene()), options), EPickerError, "a diameter of");
  }
});

Deno.test("borders of one value and pixels without a value are left out of what the rest looks like", () => {
  const [width, height] = [WIDTH + 40, HEIGHT + 24];
  const values = scene();
  for (const fill of [0, NaN, 1e6]) {
    const framed = new Float32Array(width * height).fill(fill);
    for (let y = 0; y < HEIGHT; y++) {
      framed.set(values.subarray(y * WIDTH, (y + 1) * WIDTH), (y + 8) * width + 16);
    }
    const options = { view: "particle", diameter: 40 } as const;
    const plain = contentOf(preprocess(micrographOf(values), options));
    const image = preprocess(micrographOf(framed, width, height), options);
    const grey = contentOf(image);
    for (let y = 4; y < HEIGHT - 4; y++) { // Lanczos mixes in three pixels of the frame
      for (let x = 4; x < WIDTH - 4; x++) {
        const difference = grey[(y + 8) * width + x + 16] - plain[y * WIDTH + x];
        assert(Math.abs(difference) <= 12, `${fill}: ${difference} at ${x}, ${y}`);
      }
    }
    assertEquals(grey[0], 0);
  }
});

Deno.test("diameters that cannot be are refused", () => {
  const micrograph = micrographOf(scene());
  for (const diameter of [undefined, NaN, 0, -5, 3, 7.9, 201]) {
    const error = assertThrows(
      () =>
        preprocess(micrograph, { view: "particle", ...(diameter !== undefined && { diameter }) }),
      EPickerError,
    );
    assertEquals(error.code, "bad-option");
    assert(error.message.includes(`a diameter of ${diameter ?? "unknown"}`), error.message);
  }
});

Deno.test("versions of views are known both ways, and others refused by name", () => {
  assertEquals([viewOf("1", "m"), viewOf("particle-1", "m")], ["paper", "particle"]);
  const error = assertThrows(() => viewOf("7", "m.safetensors"), EPickerError);
  assert(error.message.includes("m.safetensors") && error.message.includes('"7"'));
});
