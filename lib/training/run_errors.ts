import { join } from "@std/path";
import { EPickerError } from "../core/mod.ts";

/** Losses as a line of text. */
export function lossNote(losses: Record<string, number>): string {
  return Object.entries(losses).map(([name, value]) => `${name} ${value.toFixed(3)}`).join(", ");
}

/** A checkpoint of another recipe. */
export function otherRecipe(out: string, recipe: string | undefined): EPickerError {
  return new EPickerError("bad-option", {
    file: join(out, "checkpoint.safetensors"),
    found: `a run with the recipe ${recipe}`,
    expected: "the recipe of this command",
    remedy: "Give the same options, or another `out` folder.",
  });
}

/** A checkpoint of other labels. */
export function otherLabels(out: string, found = "unknown", expected = "unknown"): EPickerError {
  return new EPickerError("bad-option", {
    file: join(out, "checkpoint.safetensors"),
    found: `a run on other labels: ${found}`,
    expected,
    remedy: "Give the same data, `sparse` and `keepLabels`, or another `out` folder.",
  });
}

/** A checkpoint of other inputs, by their names. */
export function otherInputs(out: string, names: string[]): EPickerError {
  return new EPickerError("bad-option", {
    file: join(out, "checkpoint.safetensors"),
    found: `a run that was given other ${names.map(asOption).join(", ")}`,
    expected: "what this command was given",
    remedy: "Give the same, or another `out` folder.",
  });
}

/** The name of an input as messages have it; checkpoints have it with the dashes of a command line. */
function asOption(name: string): string {
  return name.replace(/--(\w+)/, "`$1`");
}

/** Training that is no longer finite. */
export function diverged(out: string, step: number, losses: Record<string, number>): EPickerError {
  return new EPickerError("diverged", {
    file: out,
    found: `numbers that are not finite in step ${step + 1} (${lossNote(losses)})`,
    expected: "finite losses and weights",
    remedy: "Model and checkpoint are those of before. Train again with a lower `learningRate`.",
  });
}
