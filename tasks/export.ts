/**
 * Exports a model: `epicker export [MODEL] --onnx FILE`.
 *
 * @module
 */
import { readModel, SHIPPED_MODEL, writeOnnx } from "../mod.ts";
import { command } from "./_cli.ts";
import { needed, text } from "./_flags.ts";

export default command({
  inputs: "[MODEL]",
  flags: { onnx: needed(text("--onnx FILE", "ONNX file to write")) },
  examples: ["--onnx shipped.onnx", "run/model.safetensors --onnx model.onnx"],
  async main({ onnx: path }, inputs) {
    const { model } = await readModel(inputs[0] ?? SHIPPED_MODEL);
    await writeOnnx(path, model);
    const { size } = await Deno.stat(path);
    console.log(
      `${path}: ${(size / 1e6).toFixed(1)} MB. Input image; outputs peaks, offset` +
        `${model.config.size ? ", size" : ""}; what they hold is written in the file.`,
    );
  },
});
