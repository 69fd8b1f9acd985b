/**
 * The developer's check: `deno task ok`.
 *
 * Format, lint, types, documentation, then the examples in the documentation and all tests (import
 * cycles and room rules are among them). Stops at the first step that fails.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };

/** What is bundled for browsers, which nothing imports. */
const PAGES = [
  "lib/app/page/main.tsx",
  "lib/app/site/main.tsx",
  "lib/app/site/tensors.ts",
  "lib/app/site/worker.ts",
];

const STEPS: [title: string, args: string[]][] = [
  ["format", ["fmt", "--check", "--quiet"]],
  ["lint", ["lint", "--quiet"]],
  ["types", ["check", "--quiet", "mod.ts", "tasks/", "tests/", ...PAGES]],
  ["texts", ["check", "--quiet", "--doc-only", "README.md", ...docs()]],
  ["examples", ["test", "-A", "--quiet", "--doc", "mod.ts", "lib/", "docs/design.md"]],
  ["tests", ["task", "--quiet", "test"]],
];

for (const [title, args] of STEPS) {
  console.log(`\n== ${title}: deno ${args.join(" ")}`);
  const { code } = await new Deno.Command(Deno.execPath(), { args }).spawn().status;
  if (code !== 0) fail(title);
  if (title === "types") await checkDocumentation();
}
console.log("\nall checks passed");

/** Every public symbol has its comment; types of TensorFlow.js and zod are not ours to document. */
async function checkDocumentation(): Promise<void> {
  console.log("\n== documentation: deno doc --lint");
  const args = ["doc", "--lint", "--quiet", ...Object.values(config.exports)];
  const { stderr } = await new Deno.Command(Deno.execPath(), { args, env: { NO_COLOR: "1" } })
    .output();
  const complaints = new TextDecoder().decode(stderr).split(/^(?=error\[)/m)
    .filter((text) => text.startsWith("error["))
    .filter((text) => !/references private type '(Tensor\d?D?|Scalar|Zod\w+)'/.test(text));
  if (complaints.length === 0) return;
  console.error(complaints.join("\n"));
  fail("documentation");
}

function docs(): string[] {
  return [...Deno.readDirSync("docs")].map(({ name }) => `docs/${name}`);
}

function fail(title: string): never {
  console.error(`\n${title} failed`);
  Deno.exit(1);
}
