import { assert, assertEquals } from "@std/assert";
import { basename, dirname, fromFileUrl, join, normalize } from "@std/path";
import config from "../deno.json" with { type: "json" };
import { readNotebook, sourceOf } from "../tasks/_notebook.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));

/** Every text for a reader, by its path from the root: Markdown, and the Markdown of notebooks. */
async function allTexts(): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (
    const folder of [
      ...[".", "docs", "notebooks", "models/experiments"],
      ...["models/general", "models/fiber", "models/vesicle", "models/light"],
    ]
  ) {
    for await (const { name } of Deno.readDir(join(ROOT, folder))) {
      const path = normalize(join(folder, name));
      if (name.endsWith(".md")) texts.set(path, await Deno.readTextFile(join(ROOT, path)));
      if (!name.endsWith(".ipynb")) continue;
      const { cells } = await readNotebook(join(ROOT, path));
      const markdown = cells.filter((cell) => cell.cell_type === "markdown");
      texts.set(path, markdown.map(sourceOf).join("\n\n"));
    }
  }
  return texts;
}

const TEXTS = await allTexts();

/** Anchors of a text's headings, as forges make them. */
function anchorsOf(text: string): string[] {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading);
  return headings.map((heading) =>
    heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\- _]/gu, "").replaceAll(" ", "-")
  );
}

/** A text without its blocks of code. */
function proseOf(text: string): string {
  return text.replaceAll(/^```.*?^```$/gms, "");
}

Deno.test("every link leads to a file of the checkout, and to a heading in it", async () => {
  for (const [path, text] of TEXTS) {
    const links = [...proseOf(text).matchAll(/\]\((?!https?:)([^)\s]*)\)/g)].map(([, to]) => to);
    for (const link of links) {
      const [file, anchor] = link.split("#");
      const to = file === "" ? path : normalize(join(dirname(path), file));
      const found = await Deno.stat(join(ROOT, to)).then(() => true, () => false);
      assert(found, `${path}: ${link} is not there`);
      if (anchor === undefined) continue;
      assert(anchorsOf(TEXTS.get(to)!).includes(anchor), `${path}: ${link} has no such heading`);
    }
  }
});

/** Commands in the blocks of shell code, with the options that each is given. */
function commandsIn(text: string): { name: string; options: string[] }[] {
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block);
  return blocks.flatMap((block) => block.replaceAll("\\\n", " ").split("\n")).flatMap((line) => {
    const command = line.replace(/\s#.*$/, "");
    const [, name, rest] = /(?:epicker|deno task) ([a-z][\w-]*)(.*)$/.exec(command) ?? [];
    if (name === undefined) return [];
    return [{ name, options: [...rest.matchAll(/(?<=\s)--[a-z][\w-]*/g)].map(([one]) => one) }];
  });
}

Deno.test("commands in the texts are there, and so are their options", async () => {
  const used = new Map<string, Set<string>>();
  for (const path of TEXTS.keys()) {
    for (const { name, options } of commandsIn(TEXTS.get(path)!)) {
      assert(name in config.tasks, `${path}: no command ${name}`);
      used.set(name, new Set([...used.get(name) ?? [], ...options]));
    }
  }
  assert(used.size > 10);
  await Promise.all([...used].filter(([, options]) => options.size > 0).map(checkOptions));
});

/** Asserts that the help of a command knows the options. */
async function checkOptions([name, options]: [string, Set<string>]): Promise<void> {
  const [, ...words] = config.tasks[name as keyof typeof config.tasks].split(" ");
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [...words, "--help"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const known: string[] = new TextDecoder().decode(stdout).match(/--[a-z][\w-]*/g) ?? [];
  assertEquals([...options].filter((option) => !known.includes(option)), [], `options of ${name}`);
}

/** Tests that a text names; a name without a folder lies where the one before it does. */
function testsIn(text: string): string[] {
  let folder = "tests";
  return [...text.matchAll(/`(?:tests\/)?((?:\w+\/)?\w+_test\.ts)`/g)].map(([, name]) => {
    if (name.includes("/")) folder = join("tests", dirname(name));
    return join(folder, basename(name));
  });
}

Deno.test("tests that the tables name are there", async () => {
  for (const path of ["docs/support.md", "docs/paper.md"]) {
    const tests = testsIn(TEXTS.get(path)!);
    assert(tests.length > 10, path);
    for (const test of tests) {
      assert(await Deno.stat(join(ROOT, test)).then(() => true, () => false), `${path}: ${test}`);
    }
  }
});
