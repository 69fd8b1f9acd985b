import type { FoldedConvolution, Interpreter } from "../centernet/mod.ts";
import type { Attributes, Graph } from "./graph.ts";

/** A value of the graph, [n, channels, h, w]. */
export interface OnnxValue {
  /** Its name. */
  name: string;
  /** Its number of channels. */
  channels: number;
}

/** The network in inference as nodes appended to a graph, on folded convolutions. */
export function onnxInterpreter(
  graph: Graph,
  weights: Map<string, FoldedConvolution>,
): Interpreter<OnnxValue> {
  const twice = graph.constant("twice", [4], new Float32Array([1, 1, 2, 2]));
  const node = (operator: string, inputs: string[], channels: number, attributes?: Attributes) => {
    const name = `${operator.toLowerCase()}${graph.node.length}`;
    return { name: graph.append(operator, inputs, name, attributes), channels };
  };
  const relu = ({ name, channels }: OnnxValue) => node("Relu", [name], channels);
  const convolution: Interpreter<OnnxValue>["convBias"] = (
    name,
    x,
    channels,
    { kernel = 3, stride = 1, relu: activated = true } = {},
  ) => {
    const { shape: [height, width, inputs], filter, bias } = weights.get(name)!;
    const planar = channelsFirst(filter, height * width, inputs, channels);
    const weight = graph.constant(`${name}.weight`, [channels, inputs, height, width], planar);
    const biases = graph.constant(`${name}.bias`, [channels], bias);
    const linear = graph.append("Conv", [x.name, weight, biases], name, {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: Array(4).fill(kernel >> 1),
    });
    return activated ? relu({ name: linear, channels }) : { name: linear, channels };
  };
  return {
    convNorm: convolution,
    convBias: convolution,
    add: (a, b) => node("Add", [a.name, b.name], a.channels),
    relu,
    concat: (maps) => {
      const channels = maps.reduce((sum, map) => sum + map.channels, 0);
      return node("Concat", maps.map(({ name }) => name), channels, { axis: 1 });
    },
    maxPool: ({ name, channels }) =>
      node("MaxPool", [name], channels, { kernel_shape: [2, 2], strides: [2, 2] }),
    upsample: ({ name, channels }) =>
      node("Resize", [name, "", twice], channels, {
        mode: "linear",
        coordinate_transformation_mode: "half_pixel",
      }),
    channels: ({ channels }) => channels,
  };
}

/** A filter [cells, cin, cout] as [cout, cin, cells]. */
function channelsFirst(
  filter: Float32Array,
  cells: number,
  cin: number,
  cout: number,
): Float32Array {
  const turned = new Float32Array(filter.length);
  let at = 0;
  for (let cell = 0; cell < cells; cell++) {
    for (let i = 0; i < cin; i++) {
      for (let o = 0; o < cout; o++) turned[(o * cin + i) * cells + cell] = filter[at++];
    }
  }
  return turned;
}
