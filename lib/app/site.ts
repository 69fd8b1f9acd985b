import { fromFileUrl, join } from "@std/path";
import { readFile, writeFileAtomic } from "../core/mod.ts";
import { SHIPPED_MODEL } from "../picking/mod.ts";
import { bundled } from "./bundle.ts";

/** TensorFlow.js's WASM backend: with SIMD, as our kernels; threads need headers that no plain host sends. */
const WASM_FILE = "tfjs-backend-wasm-simd.wasm";

/**
 * Writes two static pages that pick in the browser, one of them for class: any web server serves
 * them, none computes.
 *
 * @param out Folder; made where it is missing.
 * @param model Model of particles; the shipped one by default.
 * @throws {EPickerError} `missing-file` for the model, `write-failed`.
 */
export async function writeSite(out: string, model: string | URL = SHIPPED_MODEL): Promise<void> {
  const own = (path: string) => new URL(`site/${path}`, import.meta.url);
  await writeFileAtomic(join(out, "app.js"), await bundled(fromFileUrl(own("main.tsx"))));
  const worker = await bundled(fromFileUrl(own("worker.ts")), {
    "@tensorflow/tfjs": own("tensors.ts").href,
  });
  await writeFileAtomic(join(out, "worker.js"), worker);
  const wasm = import.meta.resolve(`npm:@tensorflow/tfjs-backend-wasm@4.22.0/dist/${WASM_FILE}`);
  await writeFileAtomic(join(out, WASM_FILE), await readFile(new URL(wasm)));
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
