import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { MAX_BODY_BYTES } from "../../lib/app/guard.ts";
import { openView } from "../../lib/app/mod.ts";
import { EPickerError } from "../../lib/core/mod.ts";
import { readEdits } from "../../lib/io/mod.ts";
import { viewFolder, withView } from "./_view.ts";

/** Sends a request as it stands, then chunks without end, and gives the first line of the answer. */
async function raw(address: string, text: string, chunk?: Uint8Array): Promise<string> {
  using connection = await Deno.connect({
    hostname: "127.0.0.1",
    port: Number(new URL(address).port),
  });
  await connection.write(new TextEncoder().encode(text));
  const writing = (async () => {
    if (chunk === undefined) return;
    for (let sent = 0; sent < 1 << 30;) {
      sent += await connection.write(chunk.subarray(sent % chunk.length));
    }
  })().catch(() => {}); // the server hangs up
  const answer = new Uint8Array(1000);
  const read = await connection.read(answer).catch(() => null);
  const line = new TextDecoder().decode(answer.subarray(0, read ?? 0)).split("\r\n")[0];
  connection.close();
  await writing;
  return line;
}

Deno.test("only the page itself is answered: host, origin, site and token", async () => {
  await withView(async ({ address }) => {
    const { host, pathname } = new URL(address);
    const get = (path: string, ...headers: string[]) =>
      raw(address, [`GET ${path} HTTP/1.1`, ...headers, "", ""].join("\r\n"));
    const good = `Host: ${host}`;
    assertStringIncludes(await get(pathname, good), "200");
    assertStringIncludes(await get(pathname, "Host: localhost:9"), "200");
    const refused: [string, ...string[]][] = [
      [pathname, "Host: evil.example"],
      [pathname, good, "Origin: http://evil.example"],
      [pathname, good, "Origin: null"],
      [pathname, good, "Sec-Fetch-Site: cross-site"],
      ["/", good],
      ["/about", good],
      [`/${"0".repeat(32)}/about`, good],
    ];
    for (const request of refused) {
      assertStringIncludes(await get(...request), "403", String(request));
    }
  });
});

Deno.test("no address reaches a file that is not in the list", async () => {
  await withView(async ({ address }) => {
    const { host, pathname } = new URL(address);
    const paths = [
      ...[
        "../about",
        "../../etc/passwd",
        "marks/../../../etc/passwd",
        "marks/..%2f..%2fetc%2fpasswd",
      ],
      ...[
        "marks/%2e%2e%2fone",
        "picture/%2Fetc%2Fpasswd",
        "marks/four",
        "marks/one/two",
        "marks/%00",
      ],
      ...["thumbnail/", "style.css/..", "deno.json", "constructor", "marks/__proto__"],
    ];
    for (const path of paths) {
      const line = await raw(address, `GET ${pathname}${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
      assertEquals(line.match(/ (404|403|400) /) === null && path !== "style.css/..", false, path);
    }
    const bad = await raw(address, `GET ${pathname}marks/%ff HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    assertStringIncludes(bad, "400");
  });
});

Deno.test("a body of another type, shape or length is refused, and nothing is written", async () => {
  await withView(async ({ address }, { picks }) => {
    const post = async (path: string, body: BodyInit, type = "application/json") => {
      const headers = { "content-type": type };
      const response = await fetch(address + path, { method: "POST", body, headers });
      return [response.status, (await response.text()).length > 0];
    };
    const done = JSON.stringify({ by: "x", changes: { done: { kind: "done" } } });
    assertEquals(await post("edits/one", done, "text/plain"), [415, true]);
    assertEquals(await post("edits/four", done), [404, true]);
    assertEquals(await post("edits/one", "{"), [400, true]);
    assertEquals(await post("edits/one", "{}"), [400, true]);
    assertEquals(await post("edits/one", JSON.stringify({ by: "x", changes: 3 })), [422, true]);
    assertEquals(await post("save", JSON.stringify({ rule: { threshold: 7 }, formats: [] })), [
      400,
      true,
    ]);
    assertEquals(await post("save", JSON.stringify({ rule: { threshold: 0.5 }, formats: ["x"] })), [
      422,
      true,
    ]);
    assertEquals(await post("edits/one", "x".repeat(MAX_BODY_BYTES + 1)), [413, true]);
    assertEquals(
      (await fetch(address, { method: "PUT" }).then((r) => (r.body?.cancel(), r))).status,
      405,
    );
    const names = (await Array.fromAsync(Deno.readDir(join(picks, "edits")))).map(({ name }) =>
      name
    );
    assertEquals(names.sort(), [".address", ".lock"]);
    assertEquals(await post("edits/one", done), [200, true]);
    const { edits } = await readEdits(join(picks, "edits", "one.json"));
    assertEquals(edits, { done: { kind: "done" } });
  });
});

Deno.test("a body of a gigabyte is refused before it has arrived, announced or not", async () => {
  await withView(async ({ address }) => {
    const { host, pathname } = new URL(address);
    const head = `POST ${pathname}edits/one HTTP/1.1\r\nHost: ${host}\r\n` +
      "Content-Type: application/json\r\n";
    assertStringIncludes(await raw(address, `${head}Content-Length: 1073741824\r\n\r\n`), "413");
    const chunk = new TextEncoder().encode(`10000\r\n${" ".repeat(65536)}\r\n`);
    const line = await raw(address, `${head}Transfer-Encoding: chunked\r\n\r\n`, chunk);
    assertStringIncludes(line, "413");
  });
});

Deno.test("answers forbid scripts of others, frames and guesses of types", async () => {
  await withView(async ({ address }) => {
    for (const path of ["", "app.js", "about", "nothing"]) {
      const response = await fetch(address + path);
      await response.body?.cancel();
      assertStringIncludes(response.headers.get("content-security-policy")!, "script-src 'self'");
      assertEquals(response.headers.get("x-content-type-options"), "nosniff");
      assertEquals(response.headers.get("referrer-policy"), "no-referrer");
      assertEquals(response.headers.get("access-control-allow-origin"), null);
    }
  });
});

Deno.test("a folder of picks that cannot be one is told, and nothing goes on", async () => {
  const { folder, micrographs } = await viewFolder();
  const picks = join(folder, "file");
  await Deno.writeTextFile(picks, "");
  const { code, details } = await assertRejects(
    () => openView([micrographs], { picks }),
    EPickerError,
  );
  assertEquals([code, details.file], ["write-failed", join(picks, "edits", ".lock")]);
  await Deno.remove(folder, { recursive: true });
});
