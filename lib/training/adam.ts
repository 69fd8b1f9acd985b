/** State of Adam: first and second moments, one value per parameter. */
export interface AdamState {
  /** Running mean of the gradient. */
  m: Float32Array;
  /** Running mean of its square. */
  v: Float32Array;
}

/** Constants of Adam (Kingma and Ba, 2015). */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** A fresh state. */
export function adamState(length: number): AdamState {
  return { m: new Float32Array(length), v: new Float32Array(length) };
}

/**
 * One step of Adam, in place.
 *
 * @param step Number of the step, from 0; corrects the bias of the young moments.
 */
export function adamStep(
  parameters: Float32Array,
  gradient: Float32Array,
  { m, v }: AdamState,
  step: number,
  learningRate: number,
): void {
  const { beta1, beta2, epsilon } = ADAM;
  const rate = learningRate / (1 - beta1 ** (step + 1));
  const correction = 1 / (1 - beta2 ** (step + 1));
  for (let i = 0; i < parameters.length; i++) {
    const g = gradient[i];
    m[i] = beta1 * m[i] + (1 - beta1) * g;
    v[i] = beta2 * v[i] + (1 - beta2) * g * g;
    parameters[i] -= rate * m[i] / (Math.sqrt(v[i] * correction) + epsilon);
  }
}
