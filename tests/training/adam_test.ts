import { assertAlmostEquals, assertEquals } from "@std/assert";
import { random } from "../../lib/core/mod.ts";
import { ADAM, adamState, adamStep } from "../../lib/training/adam.ts";

/** The parameter after all gradients, from the sums that Adam's recursions stand for (float64). */
function plainAdam(start: number, gradients: number[], rates: number[]): number {
  let parameter = start;
  for (let t = 1; t <= gradients.length; t++) {
    let [m, v] = [0, 0];
    for (let i = 1; i <= t; i++) {
      m += 0.1 * 0.9 ** (t - i) * gradients[i - 1];
      v += 0.001 * 0.999 ** (t - i) * gradients[i - 1] ** 2;
    }
    const [mean, square] = [m / (1 - 0.9 ** t), v / (1 - 0.999 ** t)];
    parameter -= rates[t - 1] * mean / (Math.sqrt(square) + 1e-8);
  }
  return parameter;
}

Deno.test("Adam's constants are the paper's", () => {
  assertEquals(ADAM, { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
});

Deno.test("Adam is the paper's sums, for every parameter by itself and whatever the rate", () => {
  const [count, steps] = [5, 40];
  const stream = random(1);
  const start = Float32Array.from({ length: count }, () => stream.normal());
  const parameters = start.slice();
  const gradients = Array.from(
    { length: steps },
    () => Float32Array.from({ length: count }, (_, i) => 10 ** (i - 3) * (stream.normal() + 0.5)),
  );
  const rates = gradients.map(() => stream.between(0.001, 0.01));
  const state = adamState(count);
  gradients.forEach((gradient, step) => adamStep(parameters, gradient, state, step, rates[step]));
  for (let i = 0; i < count; i++) {
    const expected = plainAdam(start[i], gradients.map((gradient) => gradient[i]), rates);
    assertAlmostEquals(parameters[i], expected, 2e-6);
  }
});

Deno.test("under a constant gradient every step of Adam is the learning rate, down the slope", () => {
  const gradient = Float32Array.of(3, -0.02, 0);
  const [parameters, state] = [new Float32Array(3), adamState(3)];
  for (let step = 0; step < 100; step++) {
    adamStep(parameters, gradient, state, step, 0.01);
    const expected = [-0.01 * (step + 1), 0.01 * (step + 1), 0];
    expected.forEach((value, i) => assertAlmostEquals(parameters[i], value, 1e-5));
  }
});
