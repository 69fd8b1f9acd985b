/**
 * Exports a model: `deno task export [MODEL] --onnx FILE`.
 *
 * @module
 */
import { readModel, SHIPPED_MODEL, writeOnnx } from "../mod.ts";
import { required, run } from "./_cli.ts";

await run({
  name: "export",
  summary:
    "Writes a model in a format that other programs run; the shipped model where none is named.",
  inputs: "[MODEL]",
  options: {
    onnx: { value: "FILE", help: "ONNX file to write" },
  },
  examples: [
    "deno task export --onnx shipped.onnx",
    "deno task export run/model.safetensors --onnx model.onnx",
  ],
}, async (args) => {
  const path = required(args, "onnx", "export");
  const { model } = await readModel(args.inputs[0] ?? SHIPPED_MODEL);
  await writeOnnx(path, model);
  const { size } = await Deno.stat(path);
  console.log(
    `${path}: ${(size / 1e6).toFixed(1)} MB. Input image; outputs peaks, offset` +
      `${model.config.size ? ", size" : ""}; what they hold is written in the file.`,
  );
});
