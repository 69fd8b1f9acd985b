import { join } from "@std/path";
import { type Mode, random } from "../../lib/core/mod.ts";
import { openView, type View, type ViewOptions } from "../../lib/app/mod.ts";
import { writeCandidates, writeMrc } from "../../lib/io/mod.ts";

/** Candidates of the micrograph `one`, in the order of their scores. */
export const CANDIDATES = [
  { x: 60, y: 60, score: 0.9, diameter: 30 },
  { x: 150, y: 60, score: 0.7, diameter: 30 },
  { x: 60, y: 150, score: 0.5, diameter: 30 },
  { x: 150, y: 150, score: 0.3, diameter: 30 },
];

/** A folder of micrographs of 200² pixels; the first of them has been picked. */
export async function viewFolder(
  { names = ["one", "two", "three"], candidates = CANDIDATES, mode, warnings }: {
    names?: string[];
    candidates?: typeof CANDIDATES;
    mode?: Mode;
    warnings?: string[];
  } = {},
): Promise<{ folder: string; micrographs: string; picks: string }> {
  const folder = await Deno.makeTempDir();
  const [micrographs, picks] = [join(folder, "micrographs"), join(folder, "picks")];
  const [width, height, pixelSizeA] = [200, 200, 2];
  const stream = random(3);
  for (const name of names) {
    const pixels = Float32Array.from({ length: width * height }, () => stream.normal());
    await writeMrc(join(micrographs, `${name}.mrc`), { width, height, pixels, pixelSizeA });
  }
  const record = { version: 1, micrograph: names[0], width, height, pixelSizeA } as const;
  await writeCandidates(join(picks, "candidates", `${names[0]}.json`), {
    ...record,
    threshold: 0.4,
    ...{ mode, candidates },
    doubts: warnings?.map((text) => ({ kind: "file", text })),
  });
  return { folder, micrographs, picks };
}

/** Serves the page of such a folder while a test runs. */
export async function withView(
  test: (view: View, folder: Awaited<ReturnType<typeof viewFolder>>) => Promise<void>,
  options: Partial<ViewOptions> & { folder?: Awaited<ReturnType<typeof viewFolder>> } = {},
): Promise<void> {
  const { folder = await viewFolder(), ...rest } = options;
  {
    await using view = await openView([folder.micrographs], { picks: folder.picks, ...rest });
    await test(view, folder);
  }
  await Deno.remove(folder.folder, { recursive: true });
}
