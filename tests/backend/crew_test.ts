import { assert, assertEquals, assertThrows } from "@std/assert";
import { Crew, type HeapMap, layOut, scratchOf, type Step } from "../../lib/backend/mod.ts";
import { random } from "../../lib/core/mod.ts";
import { assertClose } from "../_backends.ts";

/** A crew of so many threads that are all there. */
async function crewOf(threads: number): Promise<Crew> {
  const crew = new Crew(threads);
  while (crew.present < threads) await new Promise((done) => setTimeout(done, 1));
  return crew;
}

const map = (height: number, width: number, channels: number): HeapMap => ({
  ...{ height, width, channels, at: NaN },
});

function drawn(count: number, seed: number): Float32Array {
  const stream = random(seed);
  return Float32Array.from({ length: count }, () => stream.normal());
}

const sizeOf = ({ height, width, channels }: HeapMap) => height * width * channels;

/** The output of steps for given inputs. */
async function outputOf(
  crew: Crew,
  steps: Step[],
  inputs: HeapMap[],
  start = 64,
): Promise<Float32Array> {
  await new Promise((done) => setTimeout(done, 5)); // all threads are free again
  const { y } = steps.at(-1)!;
  const end = layOut(steps, start, inputs, [y]);
  crew.reserve(end);
  inputs.forEach((input, i) => crew.floats(input.at, sizeOf(input)).set(drawn(sizeOf(input), i)));
  crew.run(steps, end, Math.max(...steps.map((step) => scratchOf(step, crew.kernels))));
  return crew.floats(y.at, sizeOf(y)).slice();
}

/** A 3 × 3 convolution with a filter [3, 3, 8, 16] at the heap's beginning, and that filter. */
function convolution(crew: Crew, x: HeapMap, stride: number, isSpectrum: boolean) {
  const filter = drawn(3 * 3 * 8 * 16, 7);
  const bias = drawn(16, 8);
  const at = { filter: 1 << 16, bias: 1 << 17, raw: 1 << 18 };
  crew.reserve(1 << 20);
  crew.floats(at.raw, filter.length).set(filter);
  crew.floats(at.bias, 16).set(bias);
  if (isSpectrum) crew.kernels.filterSpectrum(at.raw, at.filter, 8, 16);
  else crew.kernels.packFilter(at.raw, at.bias, at.filter, 72, 16);
  const y = map(Math.ceil(x.height / stride), Math.ceil(x.width / stride), 16);
  const step: Step = {
    ...{ kind: "convolve", x, y, kernel: 3, stride, relu: false, isSpectrum },
    ...{ filter: at.filter, bias: at.bias },
  };
  return { step, filter, bias };
}

/** The convolution by its definition. */
function convolved(x: HeapMap, values: Float32Array, stride: number, filter: Float32Array) {
  const [height, width] = [Math.ceil(x.height / stride), Math.ceil(x.width / stride)];
  const at = (row: number, column: number, c: number) =>
    row < 0 || column < 0 || row >= x.height || column >= x.width
      ? 0
      : values[(row * x.width + column) * 8 + c];
  return Float64Array.from({ length: height * width * 16 }, (_, i) => {
    const [row, column, co] = [Math.floor(i / 16 / width), Math.floor(i / 16) % width, i % 16];
    let sum = 0;
    for (let tap = 0; tap < 9; tap++) {
      const [down, across] = [Math.floor(tap / 3) - 1, tap % 3 - 1];
      for (let c = 0; c < 8; c++) {
        sum += at(row * stride + down, column * stride + across, c) *
          filter[(tap * 8 + c) * 16 + co];
      }
    }
    return sum;
  });
}

for (const [stride, isSpectrum] of [[1, true], [1, false], [2, false]] as const) {
  const name = `stride ${stride}, ${isSpectrum ? "Winograd" : "plain"}`;
  Deno.test(`a crew convolves as the definition says, with any number of threads: ${name}`, async () => {
    for (const [height, width] of [[64, 40], [18, 22], [2, 2]]) {
      const found: Float32Array[] = [];
      for (const threads of [1, 2, 3]) {
        using crew = await crewOf(threads);
        const x = map(height, width, 8);
        const { step, filter, bias } = convolution(crew, x, stride, isSpectrum);
        found.push(await outputOf(crew, [step], [x], 1 << 19));
        const plain = convolved(x, drawn(sizeOf(x), 0), stride, filter);
        assertClose(found.at(-1)!, plain.map((value, i) => value + bias[i % 16]), 3e-6);
      }
      assertEquals(found[1], found[0]);
      assertEquals(found[2], found[0]);
    }
  });
}

Deno.test("sums, joins, maxima and enlargements are what they are called", async () => {
  using crew = await crewOf(2);
  const [a, b] = [map(36, 20, 8), map(36, 20, 16)];
  const [first, second] = [drawn(sizeOf(a), 0), drawn(sizeOf(b), 1)];
  const twice = await outputOf(
    crew,
    [{ kind: "add", maps: [a, a], y: map(36, 20, 8), relu: true }],
    [a],
  );
  assertEquals(twice, first.map((value) => Math.max(0, 2 * value)));
  const joined = await outputOf(crew, [{ kind: "concat", maps: [a, b], y: map(36, 20, 24) }], [
    a,
    b,
  ]);
  const pixels = Array.from({ length: 36 * 20 }, (_, i) => [
    ...first.subarray(8 * i, 8 * i + 8),
    ...second.subarray(16 * i, 16 * i + 16),
  ]);
  assertEquals(joined, Float32Array.from(pixels.flat()));
  const most = await outputOf(crew, [{ kind: "maxPool", x: a, y: map(18, 10, 8) }], [a]);
  most.forEach((value, i) => {
    const [row, column, c] = [Math.floor(i / 80), Math.floor(i / 8) % 10, i % 8];
    const corner = (2 * row * 20 + 2 * column) * 8 + c;
    assertEquals(value, Math.max(...[0, 8, 160, 168].map((step) => first[corner + step])));
  });
  const large = await outputOf(crew, [{ kind: "upsample", x: a, y: map(72, 40, 8) }], [a]);
  const at = (row: number, column: number, c: number) => {
    const [y, x] = [Math.max(0, Math.min(35, row)), Math.max(0, Math.min(19, column))];
    return first[(y * 20 + x) * 8 + c];
  };
  large.forEach((value, i) => {
    const [row, column, c] = [Math.floor(i / 320), Math.floor(i / 8) % 40, i % 8];
    const [y, x] = [row >> 1, column >> 1];
    const [far, beside] = [y + (row % 2 ? 1 : -1), x + (column % 2 ? 1 : -1)];
    const near = 0.75 * at(y, x, c) + 0.25 * at(y, beside, c);
    const other = 0.75 * at(far, x, c) + 0.25 * at(far, beside, c);
    assert(Math.abs(value - 0.75 * near - 0.25 * other) < 1e-6);
  });
});

Deno.test("maps that are needed at one time lie apart, and room is taken again", () => {
  const maps = Array.from({ length: 6 }, () => map(32, 32, 8));
  const steps: Step[] = maps.slice(1).map((y, i) => ({ kind: "upsample", x: maps[i], y }));
  steps.push({ kind: "add", maps: [maps[0], maps[5]], y: map(32, 32, 8), relu: false });
  const size = 4 * sizeOf(maps[0]);
  assertEquals(layOut(steps, 64, [maps[0]], [steps[5].y]), 64 + 3 * size); // kept, read and made
  assertEquals(layOut(steps, 64, [maps[0]], [maps[1], steps[5].y]), 64 + 4 * size);
  for (const { at } of maps.slice(2)) assert(Math.abs(at - maps[1].at) >= size); // is read at the end
  for (const { y, ...step } of steps) {
    const inputs = "maps" in step ? step.maps : [step.x];
    for (const { at } of [...inputs, maps[0]]) assert(Math.abs(at - y.at) >= size);
  }
});

Deno.test("a thread that fails is told, and nobody waits for it", async () => {
  using crew = await crewOf(2);
  const far = { ...map(64, 64, 8), at: 2 ** 31 };
  const step: Step = { kind: "add", maps: [far, far], y: far, relu: false };
  assertThrows(() => crew.run([step, step], 1 << 16, 0));
});
