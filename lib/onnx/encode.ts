import {
  centerNet,
  foldNorms,
  layoutOf,
  metadataOf,
  type Model,
  OUTPUT_STRIDE,
  SIZE_UNIT,
} from "../centernet/mod.ts";
import { type Mode, writeFileAtomic } from "../core/mod.ts";
import {
  NETWORK_MEAN,
  NETWORK_SIZES,
  NETWORK_STD,
  type NetworkView,
  TARGET_SIZE,
  viewOf,
} from "../preprocess/mod.ts";
import { Graph } from "./graph.ts";
import { onnxInterpreter, type OnnxValue } from "./interpreter.ts";
import { ModelProto } from "./schema.ts";

/** Version of ONNX's operators in our files: that of 2020, which every runtime in use knows. */
const OPSET = 13;

/** Version of the file format that goes with it. */
const IR_VERSION = 7;

/** What the input is, in words. */
const SEEN: Record<NetworkView, (mode: Mode) => string> = {
  paper: () => `${TARGET_SIZE} pixels along the longer side, equalised`,
  particle: (mode) =>
    `resampled so that a ${mode} is ${NETWORK_SIZES[mode]} pixels wide, flattened`,
};

function docOf({ preprocess, mode, notes }: Model): string {
  const seen = SEEN[viewOf(preprocess, notes.name ?? "model")](mode);
  return `CenterNet on DLA-34, from a micrograph (${seen}) to centres. A peak in cell (column, row) ` +
    `lies at x = ${OUTPUT_STRIDE} (column + offset x + 0.5) − 0.5 pixels of the image, y likewise.`;
}

/**
 * Encodes a model as an ONNX file (opset 13, float32), for any runtime. The same model gives the same bytes.
 *
 * Input: `image` [batch, 1, height, width], normalised, sides multiples of 32. Outputs
 * [batch, c, height / 4, width / 4]: `score`, the probability of a particle (c = 1); `peaks`, the same
 * where a cell is the maximum of its 3 × 3 neighbourhood, else 0 (c = 1); `offset`, x and y within the cell, in cells
 * (c = 2); `size`, ln(diameter / 32 pixels) (c = 1), where the model has it. Normalisations are
 * folded into the convolutions. The metadata are those of the safetensors file (version of the
 * preprocessing, threshold and calibration among them), with `mean` and `std` of the input.
 */
export function encodeOnnx(model: Model): Uint8Array {
  const metadata = {
    name: model.notes.name ?? "",
    ...metadataOf(model),
    mean: String(NETWORK_MEAN),
    std: String(NETWORK_STD),
  };
  return ModelProto.encode(ModelProto.fromObject({
    irVersion: IR_VERSION,
    producerName: "EPicker for Deno",
    docString: docOf(model),
    opsetImport: [{ domain: "", version: OPSET }],
    graph: graphOf(model),
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  })).finish();
}

/**
 * Writes {@linkcode encodeOnnx}'s file.
 *
 * @throws {EPickerError} `write-failed`.
 */
export async function writeOnnx(path: string, model: Model): Promise<void> {
  await writeFileAtomic(path, encodeOnnx(model));
}

function graphOf({ config, weights, notes }: Model): Graph {
  const graph = new Graph(notes.name || "centernet");
  const grey = `grey value / 255, minus ${NETWORK_MEAN}, over ${NETWORK_STD}`;
  const name = graph.declareInput("image", ["batch", 1, "height", "width"], grey);
  const net = onnxInterpreter(graph, foldNorms(layoutOf(config), weights));
  const { heat, offset, size } = centerNet(net, { name, channels: 1 }, config);
  const output = ({ name, channels }: OnnxValue, doc: string) =>
    graph.declareOutput(name, ["batch", channels, "rows", "columns"], doc);
  const score = { name: graph.append("Sigmoid", [heat.name], "score"), channels: heat.channels };
  output(score, "probability of a particle");
  output(peaks(graph, score), "the same at local maxima, else 0");
  output(renamed(graph, offset, "offset"), "x, y of the centre within its cell, in cells");
  if (size) output(renamed(graph, size, "size"), `ln(diameter / ${SIZE_UNIT} pixels)`);
  return graph;
}

/** Probabilities where they are the maximum of their 3 × 3 neighbourhood, else 0. */
function peaks(graph: Graph, { name: score, channels }: OnnxValue): OnnxValue {
  const best = graph.append("MaxPool", [score], "best", {
    kernel_shape: [3, 3],
    strides: [1, 1],
    pads: [1, 1, 1, 1],
  });
  const isPeak = graph.append("Equal", [score, best], "isPeak");
  const zero = graph.constant("zero", [], new Float32Array(1));
  return { name: graph.append("Where", [isPeak, score, zero], "peaks"), channels };
}

function renamed(graph: Graph, { name, channels }: OnnxValue, to: string): OnnxValue {
  return { name: graph.append("Identity", [name], to), channels };
}
