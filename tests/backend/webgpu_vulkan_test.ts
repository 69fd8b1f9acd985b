import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const LINUX = Deno.build.os === "linux";

/** What a program prints on a machine whose Vulkan has no driver. */
async function withoutDriver(program: string): Promise<string> {
  const folder = await Deno.makeTempDir({ dir: ROOT, prefix: ".vulkan-" });
  const path = join(folder, "program.ts");
  await Deno.writeTextFile(path, program);
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--allow-read", "--allow-env=XDG_RUNTIME_DIR", path],
    cwd: folder,
    env: { DENO_WEBGPU_BACKEND: "vulkan", VK_DRIVER_FILES: "/none", VK_ICD_FILENAMES: "/none" },
  }).output();
  await Deno.remove(folder, { recursive: true });
  return [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("").trim();
}

Deno.test({
  name: "without an adapter, the error says which part of Vulkan to look for",
  ignore: !LINUX,
  async fn() {
    const message = await withoutDriver(`
      import { startBackend } from "../lib/backend/mod.ts";
      await startBackend("webgpu").catch((error: Error) => console.log(error.message));`);
    assertStringIncludes(message, "libvulkan.so.1");
    assertStringIncludes(message, "Leave the choice to `backend` auto.");
  },
});

Deno.test({
  name: "a missing loader is told from a missing driver by the list of libraries",
  ignore: !LINUX,
  async fn() {
    const said = (list: string) =>
      withoutDriver(`
        import { vulkanAdvice } from "../lib/backend/webgpu/mod.ts";
        console.log(await vulkanAdvice(${JSON.stringify(list)}));`);
    const folder = await Deno.makeTempDir();
    const [without, with_] = [join(folder, "without"), join(folder, "with")];
    await Deno.writeTextFile(without, "ld.so-1.7.0\0libc.so.6\0/lib/libc.so.6\0");
    await Deno.writeTextFile(with_, "ld.so-1.7.0\0libvulkan.so.1\0/lib/libvulkan.so.1\0");
    assertStringIncludes(await said(without), "install libvulkan1");
    assertStringIncludes(await said(with_), "VK_DRIVER_FILES");
    await Deno.remove(folder, { recursive: true });
    const { vulkanAdvice, hasWebgpu } = await import("../../lib/backend/webgpu/mod.ts");
    if (await hasWebgpu()) assertEquals(await vulkanAdvice(without), undefined);
  },
});
