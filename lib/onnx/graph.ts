import { FLOAT } from "./schema.ts";

/** Attributes of a node by name: integers, lists of them, texts. */
export type Attributes = Record<string, number | number[] | string>;

/** A named axis of unknown length, or a length. */
export type Dimension = string | number;

/** A graph that grows node by node; its fields are those of ONNX's GraphProto. */
export class Graph {
  /** Operations, each after those whose results it takes. */
  readonly node: object[] = [];
  /** Constants. */
  readonly initializer: object[] = [];
  /** What the graph is given. */
  readonly input: object[] = [];
  /** What it gives. */
  readonly output: object[] = [];
  /** Name of the graph. */
  readonly name: string;

  /** An empty graph. */
  constructor(name: string) {
    this.name = name;
  }

  /**
   * Appends an operation of ONNX.
   *
   * @param inputs Names of values; `""` leaves an optional input out.
   * @param name Name of the node and of its result.
   * @returns The name.
   */
  append(
    operator: string,
    inputs: string[],
    name: string,
    attributes: Attributes = {},
  ): string {
    this.node.push({
      opType: operator,
      input: inputs,
      output: [name],
      name,
      attribute: Object.entries(attributes).map(([key, value]) => attributeOf(key, value)),
    });
    return name;
  }

  /** Adds a float32 constant and returns its name. */
  constant(name: string, dims: number[], values: Float32Array): string {
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.initializer.push({ name, dims, dataType: FLOAT, rawData });
    return name;
  }

  /** Declares an input of the graph and returns its name. */
  declareInput(name: string, dims: Dimension[], docString: string): string {
    this.input.push(valueInfo(name, dims, docString));
    return name;
  }

  /** Declares that a value is an output of the graph. */
  declareOutput(name: string, dims: Dimension[], docString: string): void {
    this.output.push(valueInfo(name, dims, docString));
  }
}

function attributeOf(name: string, value: Attributes[string]): object {
  if (typeof value === "number") return { name, i: value, type: "INT" };
  if (typeof value === "string") {
    return { name, s: new TextEncoder().encode(value), type: "STRING" };
  }
  return { name, ints: value, type: "INTS" };
}

function valueInfo(name: string, dims: Dimension[], docString: string): object {
  const dim = dims.map((d) => typeof d === "string" ? { dimParam: d } : { dimValue: d });
  return { name, docString, type: { tensorType: { elemType: FLOAT, shape: { dim } } } };
}
