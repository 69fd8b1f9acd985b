import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { openView } from "../../lib/app/mod.ts";
import { viewFolder } from "./_view.ts";

Deno.test("a folder keeps its address from one view to the next, for its user alone", async () => {
  const { folder, micrographs, picks } = await viewFolder();
  const file = join(picks, "edits", ".address");
  const addressOf = async (port?: number) => {
    await using view = await openView([micrographs], { picks, port });
    const response = await fetch(view.address + "about");
    await response.body?.cancel();
    assertEquals(response.status, 200);
    return view.address;
  };
  const first = await addressOf();
  assertEquals(await addressOf(), first);
  if (Deno.build.os !== "windows") assertEquals((await Deno.stat(file)).mode! & 0o777, 0o600);
  const [port, token] = [Number(new URL(first).port), new URL(first).pathname];
  {
    await using _other = Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, () => {
      return new Response("another program");
    });
    const moved = await addressOf(); // not the port, but the token
    assertNotEquals(moved, first);
    assertEquals(new URL(moved).pathname, token);
  }
  for (const text of ['{"port": 1, "token": "guessed"}', "{", '{"port": 70000}']) {
    await Deno.writeTextFile(file, text);
    assertNotEquals(new URL(await addressOf()).pathname, token);
  }
  if (Deno.build.os !== "windows") {
    const known = await addressOf();
    await Deno.chmod(file, 0o640); // others have read it
    assertNotEquals(new URL(await addressOf()).pathname, new URL(known).pathname);
  }
  assert(await Deno.stat(join(picks, "edits", ".lock")).then(() => true));
  await Deno.remove(folder, { recursive: true });
});
