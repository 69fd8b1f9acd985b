import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { readEdits, writeEdits } from "../../lib/io/mod.ts";
import { LAUNCHER } from "../tasks/_epicker.ts";
import { browserTest, openPage } from "./_browser.ts";
import { Hand, textOf } from "./_hand.ts";
import { viewFolder } from "./_view.ts";

/** Starts `epicker view` as one does from a shell, and waits for its address. */
async function start(micrographs: string, picks: string) {
  const child = new Deno.Command(LAUNCHER, {
    args: ["view", micrographs, "--picks", picks],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  const address = new TextDecoder().decode(value).match(/http:\S+/)?.[0];
  return { child, address };
}

Deno.test("after a kill in the midst of edits all that were answered are there", async () => {
  const { folder, micrographs, picks } = await viewFolder();
  const first = await start(micrographs, picks);
  assert(first.address !== undefined);
  const answered: string[] = [];
  const edit = async (id: string) => {
    const changes = { [id]: { kind: "pick", x: 5, y: 6, diameter: 10 } };
    const response = await fetch(`${first.address}edits/one`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ by: "test", changes }),
    });
    await response.body?.cancel();
    if (response.ok) answered.push(id);
  };
  const edits = Array.from({ length: 60 }, (_, i) => edit(`e${i}`).catch(() => {}));
  await Promise.race([Promise.all(edits.slice(0, 20)), new Promise((r) => setTimeout(r, 3000))]);
  first.child.kill("SIGKILL");
  await Promise.all([...edits, first.child.output()]);
  assert(answered.length >= 20);
  const second = await start(micrographs, picks); // nothing is locked by the dead
  assert(second.address !== undefined);
  const marks = await (await fetch(`${second.address}marks/one`)).json();
  assertEquals(answered.filter((id) => !(id in marks.edits)), []);
  assertEquals((await readEdits(join(picks, "edits", "one.json"))).edits, marks.edits);
  const third = await start(micrographs, picks); // but by the living
  const { code, stderr } = await third.child.output();
  assertEquals(code, 2);
  assertStringIncludes(new TextDecoder().decode(stderr), "another view has it open");
  second.child.kill("SIGINT");
  assertEquals((await second.child.output()).code, 0);
  await Deno.remove(folder, { recursive: true });
});

browserTest(
  "a page that is open goes on when its server was killed: no edit is lost, none is missed",
  async (browser) => {
    const { folder, micrographs, picks } = await viewFolder();
    const first = await start(micrographs, picks);
    const { page } = await openPage(browser, first.address!);
    const hand = await Hand.on(page);
    first.child.kill("SIGKILL");
    await first.child.output();
    await hand.click({ x: 100, y: 100 });
    await page.waitForFunction(
      "document.querySelector('#state').textContent.includes('Edits wait in this page')",
    );
    const path = join(picks, "edits", "one.json");
    const other = { kind: "pick", x: 20, y: 100, diameter: 30 } as const; // made by another page
    await writeEdits(path, { version: 1, micrograph: "one", edits: { other } });
    const second = await start(micrographs, picks);
    assertEquals(second.address, first.address);
    await page.waitForFunction("document.querySelector('#count').textContent === '5'");
    assertEquals(await textOf(page, "#state"), "every edit is on the disk");
    const { edits } = await readEdits(path);
    assertEquals(Object.values(edits).map(({ kind }) => kind), ["pick", "pick"]);
    await page.close();
    second.child.kill("SIGINT");
    assertEquals((await second.child.output()).code, 0);
    await Deno.remove(folder, { recursive: true });
  },
);

Deno.test("picking with --page shows its results while it goes on, and until Ctrl-C", async () => {
  const { folder, micrographs } = await viewFolder({ names: ["one", "two"] });
  const child = new Deno.Command(LAUNCHER, {
    args: ["pick", micrographs, "--out", join(folder, "out"), "--page", "--model", "blob"],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [output, reader] = [child.stdout.getReader(), child.stderr.getReader()];
  const { value } = await reader.read();
  const address = new TextDecoder().decode(value).match(/http:\S+/)?.[0];
  assert(address !== undefined);
  const table = new TextDecoder().decode((await output.read()).value);
  assertStringIncludes(table, "| two ");
  const facts = await (await fetch(`${address}facts?from=0`)).json();
  assertEquals(facts.map(({ threshold }: { threshold?: number }) => threshold !== undefined), [
    true,
    true,
  ]);
  child.kill("SIGINT");
  assertEquals((await child.status).code, 0);
  await Promise.all([reader.cancel(), output.cancel()]);
  await Deno.remove(folder, { recursive: true });
});
