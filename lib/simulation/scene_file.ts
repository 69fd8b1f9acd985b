import * as z from "zod";
import { EPickerError, messageOfError, mistakeIn, readFile, writeFileAtomic } from "../core/mod.ts";
import type { Scene } from "./scene.ts";

const point = z.object({ x: z.number(), y: z.number() });
const disc = point.extend({ diameter: z.number() });
const protein = point.extend({
  species: z.string(),
  rotDeg: z.number(),
  tiltDeg: z.number(),
  psiDeg: z.number(),
});

const sceneSchema = z.object({
  particles: z.array(
    protein.extend({ diameter: z.number(), view: z.enum(["top", "side", "oblique"]) }),
  ),
  fibers: z.array(z.object({
    species: z.string(),
    diameter: z.number(),
    points: z.array(z.tuple([z.number(), z.number()])),
    rotDeg: z.number(),
  })),
  vesicles: z.array(disc.extend({ membranes: z.array(disc) })),
  debris: z.array(protein.extend({ cutA: z.number().optional() })),
  crystals: z.array(disc.extend({ seed: z.number() })),
  hole: point.extend({ radius: z.number() }).optional(),
});

/** Writes everything that lies on a micrograph as JSON, to a thousandth of a pixel. */
export async function writeScene(path: string, scene: Scene): Promise<void> {
  const rounded = (_: string, value: unknown) =>
    typeof value === "number" ? Number(value.toFixed(3)) : value;
  await writeFileAtomic(path, JSON.stringify(scene, rounded) + "\n");
}

/**
 * Reads what lies on a simulated micrograph: `truth/NAME.json` of a simulated dataset.
 *
 * Its particles have a species and a view, so that recall can be counted for each, or labels be
 * chosen.
 *
 * @throws {EPickerError} `missing-file`; `bad-file` for anything else than a scene.
 *
 * @example
 * ```ts
 * import { presetNamed, readScene, writeSimulatedDataset } from "@epicker/epicker";
 * import { assert } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const [mixture] = presetNamed("proteasome26s");
 * await writeSimulatedDataset(folder, mixture, { micrographs: 1, size: 128 });
 * const { particles } = await readScene(`${folder}/truth/proteasome-26s_001.json`);
 * const chosen = particles.filter(({ species, view }) => species === "cp-2rp" && view === "side");
 * assert(chosen.length > 0 && chosen.length < particles.length);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function readScene(path: string): Promise<Scene> {
  const text = new TextDecoder().decode(await readFile(path));
  try {
    return sceneSchema.parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof z.ZodError ? mistakeIn(error) : messageOfError(error);
    throw new EPickerError("bad-file", {
      file: path,
      found: `no scene (${why})`,
      expected: "particles, fibers, vesicles, debris, crystals as the simulator writes them",
      remedy: "Simulate the dataset again.",
    }, { cause: error });
  }
}
