/**
 * Builds the WASM kernels: `deno task kernels`.
 *
 * With `--check` nothing is written; the exit code tells whether the modules beside the sources are
 * their own.
 *
 * Compiles every `kernels/mod.as` with AssemblyScript and writes the module as text beside the folder,
 * so that running the project needs no compiler.
 *
 * @module
 */
/** Not in `deno.json`, for Deno would download it before every command; its name is no literal, too. */
const ASSEMBLYSCRIPT = "npm:assemblyscript@0.28.20/asc";

/** The part of the compiler's interface that is used here. */
interface Compiler {
  main(
    args: string[],
    files: {
      readFile(name: string): string | null | Promise<string | null>;
      writeFile(name: string, contents: Uint8Array | string): void;
      listFiles(): string[];
    },
  ): Promise<{ error: Error | null; stderr: { toString(): string } }>;
}

const { default: asc }: { default: Compiler } = await import(ASSEMBLYSCRIPT);

/** Where kernels lie, and what the compiler is told of their memory. */
const FOLDERS: [folder: string, flags: string[]][] = [
  ["../lib/backend/wasm/", []],
  ["../lib/backend/crew/", ["--enable=threads", "--sharedMemory", "--maximumMemory=65536"]],
  ["../lib/preprocess/", []],
];

/** Writes out the lines between `//! repeat NAME COUNT` (or a list of values) and `//! end`. */
function unroll(lines: string[]): string[] {
  const out: string[] = [];
  while (lines.length > 0 && lines[0].trim() !== "//! end") {
    const line = lines.shift()!;
    const [, name, range] = line.match(/^\s*\/\/! repeat (\w+) (\S+)$/) ?? [];
    if (name === undefined) {
      out.push(line);
      continue;
    }
    const end = matchingEnd(lines);
    const body = lines.splice(0, end + 1).slice(0, end);
    for (const value of valuesOf(range)) {
      out.push(...unroll(body.map((text) => text.replaceAll(`$${name}`, value))));
    }
  }
  return out;
}

/** Index of the `//! end` of a block whose first line is gone. */
function matchingEnd(lines: string[]): number {
  let depth = 1;
  return lines.findIndex((line) => {
    if (line.trim().startsWith("//! repeat ")) depth++;
    return line.trim() === "//! end" && --depth === 0;
  });
}

/** "3" is 0, 1, 2; "6,4,1" is itself. */
function valuesOf(range: string): string[] {
  if (range.includes(",")) return range.split(",");
  return Array.from({ length: Number(range) }, (_, i) => String(i));
}

async function readSource(folder: URL, name: string): Promise<string | null> {
  if (!/^(\.\.\/\w+\/)?kernels\//.test(name) || !name.endsWith(".ts")) return null;
  const path = new URL(name.replace(/\.ts$/, ".as"), folder);
  const text = await Deno.readTextFile(path).catch(() => null);
  return text && unroll(text.split("\n")).join("\n");
}

const FLAGS = [
  // Binaryen's passes move loads away from their use, and V8 then runs out of registers.
  "-O0",
  // With a least size of the memory, V8 leaves out one of the two comparisons at every access.
  "--initialMemory=16",
  "--noAssert",
  "--runtime=stub",
  "--importMemory",
  "--noExportMemory",
  "--enable=simd,relaxed-simd",
];

async function compile(folder: URL, flags: string[]): Promise<Uint8Array> {
  let binary = new Uint8Array();
  const args = ["kernels/mod.ts", "--outFile=kernels.wasm", ...FLAGS, ...flags];
  const { error, stderr } = await asc.main(args, {
    readFile: (name: string) => readSource(folder, name),
    writeFile: (name: string, contents: Uint8Array | string) => {
      if (name === "kernels.wasm") binary = contents as Uint8Array<ArrayBuffer>;
    },
    listFiles: () => [],
  });
  if (error === null) return binary;
  console.error(stderr.toString());
  Deno.exit(1);
}

let same = true;
for (const [name, flags] of FOLDERS) {
  const folder = new URL(name, import.meta.url);
  const binary = await compile(folder, flags);
  const target = new URL("kernels.wasm.ts", folder);
  const text = `// Built from kernels/ by \`deno task kernels\`; do not edit.\n` +
    `// deno-fmt-ignore-file\n` +
    `export const KERNELS_WASM =\n  "${binary.toBase64()}";\n`;
  same &&= await Deno.readTextFile(target).catch(() => "") === text;
  if (Deno.args.includes("--check")) continue;
  await Deno.writeTextFile(target, text);
  console.log(`${target.pathname}: ${binary.length} bytes of WASM`);
}
Deno.exit(Deno.args.includes("--check") && !same ? 1 : 0);
