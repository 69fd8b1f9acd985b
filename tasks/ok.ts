/**
 * The developer's check: `deno task ok`.
 *
 * Format, lint, types, documentation, then all tests (import cycles and room rules are among them)
 * and the examples in the documentation. Stops at the first step that fails.
 *
 * @module
 */
const STEPS: [title: string, args: string[]][] = [
  ["format", ["fmt", "--check", "--quiet"]],
  ["lint", ["lint", "--quiet"]],
  ["types", ["check", "--quiet", "mod.ts", "tasks/", "tests/"]],
  ["documentation", ["doc", "--lint", "--quiet", "mod.ts"]],
  ["examples", ["test", "-A", "--quiet", "--doc", "mod.ts", "lib/"]],
  ["tests", ["task", "--quiet", "test"]],
];

for (const [title, args] of STEPS) {
  console.log(`\n== ${title}: deno ${args.join(" ")}`);
  const { code } = await new Deno.Command(Deno.execPath(), { args }).spawn().status;
  if (code !== 0) {
    console.error(`\n${title} failed`);
    Deno.exit(code);
  }
}
console.log("\nall checks passed");
