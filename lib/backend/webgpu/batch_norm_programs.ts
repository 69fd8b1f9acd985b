import type { Program, Uniforms } from "./program.ts";

/** How the pixels of a batch (n, h, w) are cut into invocations. */
export interface NormPlan {
  /** Pixels of the batch. */
  rows: number;
  /** Channels, a multiple of 4. */
  channels: number;
  /** Parts that the rows are cut into for sums. */
  parts: number;
  /** Parts that the rows are cut into for values of their own. */
  strips: number;
}

/** Invocations that keep a large GPU busy. */
const WANTED_INVOCATIONS = 2 ** 14;
/** Rows below which a part of a sum costs more to add up than to compute. */
const FEWEST_ROWS = 16;
/** Rows of one strip. */
const STRIP_ROWS = 8;
/** Invocations of a workgroup. */
const WORKGROUP = 64;
/** Workgroups of a dispatch, half of what every GPU allows. */
const MOST_WORKGROUPS = 2 ** 15;

/** Chooses the parts from the sizes alone, so that every bit of the sums is fixed. */
export function planNorm(rows: number, channels: number): NormPlan {
  const within = (most: number, invocations: number) =>
    Math.max(1, Math.floor(Math.min(most, invocations / (channels / 4))));
  return {
    rows,
    channels,
    parts: within(rows / FEWEST_ROWS, WANTED_INVOCATIONS),
    strips: within(rows / STRIP_ROWS, WORKGROUP * MOST_WORKGROUPS),
  };
}

/** The values of the uniforms that all programs here share. */
export function normUniforms(plan: NormPlan, epsilon: number): Uniforms {
  const whole = [plan.rows, plan.channels / 4, plan.parts, plan.strips]
    .map((value) => ({ type: "int32", data: [value] }));
  return [...whole, { type: "float32", data: [epsilon] }];
}

/**
 * Partial sums of x − x₀ and (x − x₀)², `[parts, 2, c]`, of x.
 *
 * x₀ is the first row: close to the mean, so that the variance does not cancel.
 */
export function momentSums(plan: NormPlan): Program {
  return rowProgram("MomentSums", plan, "parts", [plan.parts, 2, plan.channels], ["x"], {
    before: "let origin = x[vector];" + START_SUMS,
    row: `
        let d = x[at] - origin;
        first += d;
        second += d * d;`,
    after: STORE_SUMS,
  });
}

/**
 * Partial sums of g and g (x − mean), `[parts, 2, c]`, g being dy past ReLU; of x, dy, mean and,
 * for ReLU, y.
 */
export function gradientSums(plan: NormPlan, relu: boolean): Program {
  const inputs = ["x", "dy", "mean", ...(relu ? ["y"] : [])];
  return rowProgram(`GradientSums_${relu}`, plan, "parts", [plan.parts, 2, plan.channels], inputs, {
    before: "let centre = mean[vector];" + START_SUMS,
    row: `
        let g = ${pastRelu(relu)};
        first += g;
        second += g * (x[at] - centre);`,
    after: STORE_SUMS,
  });
}

/** The mean `[c]`; of the moment sums and x. */
export function meanOfSums({ channels }: NormPlan): Program {
  return treeProgram("Mean", channels, ["parts", "x"], 0, "x[vector] + sum / rows");
}

/** The biased variance `[c]`; of the moment sums, x and mean. */
export function varianceOfSums({ channels }: NormPlan): Program {
  const shifted = "(mean[vector] - x[vector])";
  const value = `max(vec4<f32>(0.0), sum / rows - ${shifted} * ${shifted})`;
  return treeProgram("Variance", channels, ["parts", "x", "mean"], 1, value);
}

/** ∂/∂β `[c]`; of the gradient sums. */
export function shiftGradient({ channels }: NormPlan): Program {
  return treeProgram("ShiftGradient", channels, ["parts"], 0, "sum");
}

/** ∂/∂γ `[c]`; of the gradient sums and variance. */
export function scaleGradient({ channels }: NormPlan): Program {
  const value = "sum * inverseSqrt(variance[vector] + uniforms.epsilon)";
  return treeProgram("ScaleGradient", channels, ["parts", "variance"], 1, value);
}

/** γ (x − mean) / √(variance + ε) + β and ReLU; of x, gamma, beta, mean and variance. */
export function normalise(plan: NormPlan, shape: number[], relu: boolean): Program {
  const linear = "(x[at] - centre) * scale + shift";
  const inputs = ["x", "gamma", "beta", "mean", "variance"];
  return rowProgram(`Normalise_${relu}`, plan, "strips", shape, inputs, {
    before: `
      let centre = mean[vector];
      let scale = gamma[vector] * inverseSqrt(variance[vector] + uniforms.epsilon);
      let shift = beta[vector];`,
    row: `result[at] = ${relu ? `max(${linear}, vec4<f32>(0.0))` : linear};`,
  });
}

/** a, b and d `[3, c]` with dx = a g + b (x − mean) + d; of gamma, variance, dGamma and dBeta. */
export function gradientCoefficients({ channels }: NormPlan): Program {
  return {
    ...program("Coefficients", ["gamma", "variance", "dGamma", "dBeta"], [3, channels]),
    workgroupSize: [WORKGROUP, 1, 1],
    dispatchLayout: { x: [1], y: [0] },
    dispatch: [Math.ceil(channels / 4 / WORKGROUP), 1, 1],
    getUserCode: () => `
    fn main() {
      let vector = i32(globalId.x);
      if (vector >= uniforms.vectors) { return; }
      let rows = f32(uniforms.rows);
      let inverse = inverseSqrt(variance[vector] + uniforms.epsilon);
      let a = gamma[vector] * inverse;
      result[vector] = a;
      result[uniforms.vectors + vector] = -a * inverse * dGamma[vector] / rows;
      result[2 * uniforms.vectors + vector] = -a * dBeta[vector] / rows;
    }`,
  };
}

/** ∂/∂x; of x, dy, mean, {@linkcode gradientCoefficients} and, for ReLU, y. */
export function normInputGradient(plan: NormPlan, shape: number[], relu: boolean): Program {
  const inputs = ["x", "dy", "mean", "coefficients", ...(relu ? ["y"] : [])];
  return rowProgram(`InputGradient_${relu}`, plan, "strips", shape, inputs, {
    before: `
      let centre = mean[vector];
      let a = coefficients[vector];
      let b = coefficients[uniforms.vectors + vector];
      let d = coefficients[2 * uniforms.vectors + vector];`,
    row: `result[at] = a * ${pastRelu(relu)} + b * (x[at] - centre) + d;`,
  });
}

const START_SUMS = `
      var first = vec4<f32>(0.0);
      var second = vec4<f32>(0.0);`;

const STORE_SUMS = `
      result[2 * part * uniforms.vectors + vector] = first;
      result[(2 * part + 1) * uniforms.vectors + vector] = second;`;

function pastRelu(relu: boolean): string {
  return relu ? "select(vec4<f32>(0.0), dy[at], y[at] > vec4<f32>(0.0))" : "dy[at]";
}

function program(name: string, variableNames: string[], outputShape: number[]) {
  return {
    variableNames,
    variableComponents: variableNames.map(() => 4),
    outputComponent: 4,
    outputShape,
    uniforms: "rows : i32, vectors : i32, parts : i32, strips : i32, epsilon : f32,",
    shaderKey: `epickerNorm${name}`,
  };
}

/**
 * A pass over all rows: one invocation takes four channels of every `count`-th row, so that
 * neighbouring invocations touch neighbouring memory.
 */
function rowProgram(
  name: string,
  { channels, ...plan }: NormPlan,
  cut: "parts" | "strips",
  outputShape: number[],
  inputs: string[],
  { before, row, after = "" }: { before: string; row: string; after?: string },
): Program {
  return {
    ...program(name, inputs, outputShape),
    workgroupSize: [WORKGROUP, 1, 1],
    dispatchLayout: { x: [1], y: [0] },
    dispatch: [Math.ceil(plan[cut] * channels / 4 / WORKGROUP), 1, 1],
    getUserCode: () => `
    fn main() {
      let part = i32(globalId.x) / uniforms.vectors;
      let vector = i32(globalId.x) - part * uniforms.vectors;
      if (part >= uniforms.${cut}) { return; }
      ${before}
      for (var row = part; row < uniforms.rows; row += uniforms.${cut}) {
        let at = row * uniforms.vectors + vector;
        ${row}
      }
      ${after}
    }`,
  };
}

/** Adds up the first or second sums of all parts in a fixed order; a workgroup does four channels. */
function treeProgram(
  name: string,
  channels: number,
  inputs: string[],
  half: 0 | 1,
  value: string,
): Program {
  return {
    ...program(name, inputs, [channels]),
    workgroupSize: [WORKGROUP, 1, 1],
    dispatchLayout: { x: [], y: [0] },
    dispatch: [channels / 4, 1, 1],
    getUserCode: () => `
    var<workgroup> tree : array<vec4<f32>, ${WORKGROUP}>;
    fn main() {
      let vector = i32(workgroupId.x);
      let local = i32(localId.x);
      var partial = vec4<f32>(0.0);
      for (var part = local; part < uniforms.parts; part += ${WORKGROUP}) {
        partial += parts[(2 * part + ${half}) * uniforms.vectors + vector];
      }
      tree[local] = partial;
      workgroupBarrier();
      for (var width = ${WORKGROUP / 2}; width > 0; width /= 2) {
        if (local < width) { tree[local] += tree[local + width]; }
        workgroupBarrier();
      }
      if (local == 0) {
        let rows = f32(uniforms.rows);
        let sum = tree[0];
        result[vector] = ${value};
      }
    }`,
  };
}
