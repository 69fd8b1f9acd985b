import { dirname, fromFileUrl, join } from "@std/path";
import { readFile, writeFileAtomic } from "../core/mod.ts";
import { SHIPPED_MODEL } from "../picking/mod.ts";
import { bundled } from "./bundle.ts";

/** TensorFlow.js's WASM backend: with and without SIMD; threads need headers that no plain host sends. */
const WASM_FILES = ["tfjs-backend-wasm-simd.wasm", "tfjs-backend-wasm.wasm"];

/**
 * Writes two static pages that pick in the browser, one of them for class: any web server serves
 * them, none computes.
 *
 * @param out Folder; made where it is missing.
 * @param model Model of particles; the shipped one by default.
 * @throws {EPickerError} `missing-file` for the model, `write-failed`.
 */
export async function writeSite(out: string, model: string | URL = SHIPPED_MODEL): Promise<void> {
  for (const [entry, script] of [["main.tsx", "app.js"], ["worker.ts", "worker.js"]]) {
    const source = fromFileUrl(new URL(`site/${entry}`, import.meta.url));
    await writeFileAtomic(join(out, script), await bundled(source));
  }
  const wasm = dirname(fromFileUrl(
    import.meta.resolve(`npm:@tensorflow/tfjs-backend-wasm@4.22.0/dist/${WASM_FILES[0]}`),
  ));
  for (const name of WASM_FILES) {
    await writeFileAtomic(join(out, name), await readFile(join(wasm, name)));
  }
  await writeFileAtomic(join(out, "model.safetensors"), await readFile(model));
  const style = await Deno.readTextFile(new URL("page/style.css", import.meta.url));
  await writeFileAtomic(join(out, "style.css"), style);
  await writeFileAtomic(join(out, "index.html"), pageOf("pick", "EPicker in the browser"));
  await writeFileAtomic(join(out, "class.html"), pageOf("class", "EPicker: what a threshold does"));
}

const pageOf = (page: string, title: string) =>
  `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="style.css">
<link rel="icon" href="data:,">
<body data-page="${page}"><div id="app"></div><script type="module" src="app.js"></script></body>
</html>
`;
