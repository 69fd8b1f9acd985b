/**
 * Builds the WASM kernels: `deno task kernels`.
 *
 * With `--check` nothing is written; the exit code tells whether the module beside the source is its own.
 *
 * Compiles `lib/backend/wasm/kernels.as` with AssemblyScript and writes the module as text
 * beside it, so that running the project needs no compiler.
 *
 * @module
 */
import asc from "npm:assemblyscript@0.28.20/asc";

const folder = new URL("../lib/backend/wasm/", import.meta.url);
const source = await Deno.readTextFile(new URL("kernels.as", folder));
let binary = new Uint8Array();
const { error, stderr } = await asc.main([
  "kernels.ts",
  "--outFile=kernels.wasm",
  "-O3",
  "--noAssert",
  "--runtime=stub",
  "--importMemory",
  "--noExportMemory",
  "--enable=simd,relaxed-simd",
], {
  readFile: (name: string) => name === "kernels.ts" ? source : null,
  writeFile: (name: string, contents: Uint8Array | string) => {
    if (name === "kernels.wasm") binary = contents as Uint8Array<ArrayBuffer>;
  },
  listFiles: () => [],
});
if (error) {
  console.error(stderr.toString());
  Deno.exit(1);
}
const target = new URL("kernels.wasm.ts", folder);
const text = `// Built from kernels.as by \`deno task kernels\`; do not edit.\n` +
  `// deno-fmt-ignore-file\n` +
  `export const KERNELS_WASM =\n  "${binary.toBase64()}";\n`;
if (Deno.args.includes("--check")) Deno.exit(await Deno.readTextFile(target) === text ? 0 : 1);
await Deno.writeTextFile(target, text);
console.log(`kernels.wasm.ts: ${binary.length} bytes of WASM`);
