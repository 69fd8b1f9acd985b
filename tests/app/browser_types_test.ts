import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import config from "../../deno.json" with { type: "json" };
import { ABOUT_FILES } from "../_browser_rooms.ts";

const ROOT = new URL("../../", import.meta.url);

/** What runs in a browser. */
const ENTRIES = ["lib/app/page/main.tsx", "lib/app/site/main.tsx", "lib/app/site/worker.ts"];

/** Checks the types as a browser has them: its library, and not Deno's. */
async function checkedInBrowser(): Promise<string> {
  const imports = Object.entries(config.imports)
    .map(([name, to]) => [name, to.startsWith("./") ? new URL(to, ROOT).href : to]);
  const path = await Deno.makeTempFile({ suffix: ".json" });
  const lib = ["dom", "dom.iterable", "dom.asynciterable", "esnext"];
  await Deno.writeTextFile(
    path,
    JSON.stringify({
      imports: Object.fromEntries(imports),
      compilerOptions: { ...config.compilerOptions, lib },
    }),
  );
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--no-lock", "--config", path, ...ENTRIES],
    cwd: fromFileUrl(ROOT),
    env: { NO_COLOR: "1" },
  }).output();
  await Deno.remove(path);
  return new TextDecoder().decode(stderr);
}

Deno.test("without Deno's library only the files that are about files have errors of type", async () => {
  const said = await checkedInBrowser();
  const places = [...said.matchAll(/^\s+at (file:.+):\d+:\d+$/gm)];
  const files = new Set(places.map(([, url]) => url.slice(ROOT.href.length)));
  assert(files.has("lib/core/files.ts"), `it is checked: ${said}`);
  assertEquals([...files].filter((file) => !ABOUT_FILES.includes(file)), []);
  for (const file of ABOUT_FILES) await Deno.stat(join(fromFileUrl(ROOT), file));
});
