/**
 * Builds the WASM kernels: `deno task kernels`.
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
const text = binary.toBase64();
await Deno.writeTextFile(
  new URL("kernels.wasm.ts", folder),
  `// Built from kernels.as by \`deno task kernels\`; do not edit.\n` +
    `// deno-fmt-ignore-file\n` +
    `export const KERNELS_WASM =\n  "${text}";\n`,
);
console.log(`kernels.wasm.ts: ${binary.length} bytes of WASM`);
