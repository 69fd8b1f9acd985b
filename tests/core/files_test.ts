import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { EPickerError, readFile, writeFileAtomic } from "../../lib/core/mod.ts";

/** A test in a folder of its own, which is removed afterwards. */
function inFolder(name: string, test: (folder: string) => Promise<void>): void {
  Deno.test(name, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await test(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

async function namesIn(folder: string): Promise<string[]> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  return names.sort();
}

inFolder(
  "writeFileAtomic writes text and bytes whole, in folders that it makes",
  async (folder) => {
    const path = join(folder, "new", "deeper", "a.txt");
    await writeFileAtomic(path, "Å µ\n");
    assertEquals(await Deno.readTextFile(path), "Å µ\n");
    const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => i * 7);
    await writeFileAtomic(path, bytes.subarray(1, 200_001));
    assertEquals(await Deno.readFile(path), bytes.slice(1, 200_001));
    assertEquals(await namesIn(join(folder, "new", "deeper")), ["a.txt"]);
  },
);

inFolder("writeFileAtomic replaces a longer file by a shorter or an empty one", async (folder) => {
  const path = join(folder, "a.txt");
  for (const text of ["a long text", "short", ""]) {
    await writeFileAtomic(path, text);
    assertEquals(await Deno.readTextFile(path), text);
  }
  assertEquals(await namesIn(folder), ["a.txt"]);
});

inFolder("a reader sees the old file or the new one, never a part", async (folder) => {
  const path = join(folder, "a.txt");
  const texts = ["a", "b"].map((letter) => letter.repeat(200_000));
  await writeFileAtomic(path, texts[0]);
  const writing = (async () => {
    for (let i = 0; i < 20; i++) await writeFileAtomic(path, texts[i % 2]);
  })();
  for (let i = 0; i < 40; i++) assert(texts.includes(await Deno.readTextFile(path)));
  await writing;
});

inFolder("writers at the same time leave one whole file", async (folder) => {
  const path = join(folder, "a.txt");
  const texts = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(10_000));
  await Promise.all(texts.map((text) => writeFileAtomic(path, text)));
  assert(texts.includes(await Deno.readTextFile(path)));
  assertEquals(await namesIn(folder), ["a.txt"]);
});

inFolder("where the target is a folder, it stays and no temporary file is left", async (folder) => {
  const path = join(folder, "taken");
  await Deno.mkdir(path);
  await Deno.writeTextFile(join(path, "inside.txt"), "kept");
  const error = await assertRejects(() => writeFileAtomic(path, "new"), EPickerError);
  assertEquals(error.code, "write-failed");
  assert(error.message.startsWith(`${path}: found that it cannot be written (`));
  assert(error.cause instanceof Error);
  assertEquals(await namesIn(folder), ["taken"]);
  assertEquals(await Deno.readTextFile(join(path, "inside.txt")), "kept");
});

inFolder("where the parent is a file, it stays as it was", async (folder) => {
  const parent = join(folder, "file");
  await Deno.writeTextFile(parent, "kept");
  for (const path of [join(parent, "a.txt"), join(parent, "deeper", "a.txt")]) {
    const error = await assertRejects(() => writeFileAtomic(path, "new"), EPickerError);
    assertEquals([error.code, error.details.file], ["write-failed", path]);
  }
  assertEquals(await namesIn(folder), ["file"]);
  assertEquals(await Deno.readTextFile(parent), "kept");
});

inFolder("a file may have any name that the file system takes", async (folder) => {
  for (const length of [208, 209, 250, 255]) {
    const path = join(folder, "n".repeat(length));
    await writeFileAtomic(path, "text");
    assertEquals(await Deno.readTextFile(path), "text");
  }
  const path = join(folder, "µ".repeat(128));
  const error = await assertRejects(() => writeFileAtomic(path, ""), EPickerError, "256 bytes");
  assertEquals(error.code, "bad-option");
  assertEquals((await namesIn(folder)).length, 4);
});

/** A folder with files as a killed process leaves them, and what only looks alike. */
async function litter(folder: string): Promise<string[]> {
  const names = [crypto.randomUUID(), `mic.star.${crypto.randomUUID()}`].map((n) => `.${n}.tmp`);
  const own = ["mine.tmp", ".hidden.tmp", `${crypto.randomUUID()}.tmp`];
  for (const name of [...names, ...own]) {
    await Deno.writeTextFile(join(folder, name), "part");
    const before = Date.now() / 1000 - 60;
    await Deno.utime(join(folder, name), before, before);
  }
  return own;
}

inFolder(
  "the first write into a folder removes what killed processes left there",
  async (folder) => {
    const own = await litter(folder);
    const inWork = `.${crypto.randomUUID()}.tmp`; // locked, as by another process
    await using other = await writerIn(folder, inWork);
    await writeFileAtomic(join(folder, "a.txt"), "text");
    assertEquals(await namesIn(folder), ["a.txt", inWork, ...own].sort());
    other.kill();
    await other.status;
  },
);

/** A process that holds an old temporary file. */
async function writerIn(folder: string, name: string): Promise<Deno.ChildProcess> {
  const program = `
    const file = await Deno.open(${
    JSON.stringify(join(folder, name))
  }, { write: true, create: true });
    await file.lock(true);
    await file.utime(1e9, Date.now() / 1000 - 60);
    console.log("locked");
    await new Promise((resolve) => setTimeout(resolve, 60_000));`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", program],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  return child;
}

inFolder("what is no regular file is refused before it is opened", async (folder) => {
  const pipe = join(folder, "pipe");
  assert((await new Deno.Command("mkfifo", { args: [pipe] }).output()).success);
  for (const path of [pipe, "/dev/zero"]) {
    const error = await assertRejects(() => readFile(path), EPickerError, "no regular file");
    assertEquals(error.code, "missing-file");
  }
});

inFolder("readFile reads a file and names one that is not there", async (folder) => {
  const path = join(folder, "a.bin");
  await Deno.writeFile(path, Uint8Array.of(1, 2, 3));
  assertEquals(await readFile(path), Uint8Array.of(1, 2, 3));
  for (const missing of [join(folder, "b.bin"), folder]) {
    const error = await assertRejects(() => readFile(missing), EPickerError);
    assertEquals([error.code, error.details.file], ["missing-file", missing]);
  }
});

Deno.test("readFile fetches what has an address on the web, and says why it cannot", async () => {
  const answer = (request: Request) =>
    request.url.endsWith("/a.bin")
      ? new Response(Uint8Array.of(1, 2, 3))
      : new Response("no", { status: 404 });
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
  const address = `http://127.0.0.1:${server.addr.port}/`;
  assertEquals(await readFile(address + "a.bin"), Uint8Array.of(1, 2, 3));
  assertEquals(await readFile(new URL("a.bin", address)), Uint8Array.of(1, 2, 3));
  const missing = await assertRejects(() => readFile(address + "b.bin"), EPickerError, "404");
  assertEquals(missing.code, "missing-file");
  await assertRejects(() => readFile("http://"), EPickerError, "--allow-net");
});
