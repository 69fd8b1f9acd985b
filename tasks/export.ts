/**
 * Exports a model: `epicker export [MODEL] --onnx FILE --half FILE`.
 *
 * @module
 */
import { EPickerError, readModel, SHIPPED_MODEL, writeModel, writeOnnx } from "../mod.ts";
import { command } from "./_cli.ts";
import { text } from "./_flags.ts";

export default command({
  inputs: "[MODEL]",
  flags: {
    onnx: text("--onnx FILE", "ONNX file to write, for any program that reads ONNX"),
    half: text("--half FILE", "model file to write, half as large: filters in float16"),
  },
  examples: ["--onnx shipped.onnx", "run/model.safetensors --half small.safetensors"],
  async main({ onnx, half }, inputs) {
    if (!onnx && !half) {
      const expected = "--onnx FILE, --half FILE, or both";
      throw new EPickerError("bad-option", { found: "no file to write", expected });
    }
    const { model } = await readModel(inputs[0] ?? SHIPPED_MODEL);
    if (onnx) {
      await writeOnnx(onnx, model);
      const outputs = `score, peaks, offset${model.config.size ? ", size" : ""}`;
      await print(onnx, `Input image; outputs ${outputs}; what they hold is written in the file.`);
    }
    if (half) {
      await writeModel(half, model, { half: true });
      await print(half, "A model for every command, its filters rounded to float16.");
    }
  },
});

/** Prints what was written, and its size. */
async function print(path: string, about: string): Promise<void> {
  const { size } = await Deno.stat(path);
  console.log(`${path}: ${(size / 1e6).toFixed(1)} MB. ${about}`);
}
