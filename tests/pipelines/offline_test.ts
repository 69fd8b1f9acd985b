import { assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { writeModel } from "../../lib/centernet/mod.ts";
import { noiseFolder } from "../picking/_batch.ts";
import { freshModel } from "../picking/_model.ts";
import { hasProgram, isThere, runTool } from "./_tools.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** What gives a program no network but loopback; not everybody may. */
const [alone, ...rest] = [
  "unshare",
  "-rn",
  "sh",
  "-c",
  'ip link set lo up 2>/dev/null; exec "$@"',
  "-",
];
const mayBeAlone = await hasProgram("unshare", "-") && Deno.build.os === "linux" &&
  Deno.build.arch === "x86_64" && (await runTool(alone, [...rest, "true"])).code === 0 &&
  await isThere(join(ROOT, ".gitignore")) && !ROOT.includes("/project/");

/** Whether this machine has Vulkan's loader, which the folder then brings. */
async function hasLoader(): Promise<boolean> {
  return (await runTool("/sbin/ldconfig", ["-p"]).catch(() => ({ text: "" }))).text
    .includes("libvulkan.so.1");
}

Deno.test({
  name: "the offline folder picks and tests without network and with an empty home",
  ignore: !mayBeAlone,
  async fn() {
    const folder = await noiseFolder(2);
    const kit = join(folder, "kit");
    await writeModel(join(folder, "model.safetensors"), freshModel());
    const make = ["run", "-A", "--quiet", "tasks/offline.ts", "--out", kit];
    const made = await runTool(Deno.execPath(), make, ROOT);
    assertEquals(made.code, 0, made.text);
    const { text } = await runTool("du", ["-sm", kit]);
    assertLess(parseInt(text), 184); // MB before xz, which makes 55 of 177
    const home = join(folder, "home");
    await Deno.mkdir(home);
    const bare = ["env", "-i", `HOME=${home}`, "PATH=/usr/bin:/bin"];
    const run = (...words: string[]) => runTool(alone, [...rest, ...bare, ...words]);
    const out = join(folder, "out");
    const options = ["--model", join(folder, "model.safetensors"), "--out", out];
    const picked = await run(join(kit, "epicker"), "pick", join(folder, "micrographs"), ...options);
    assertEquals(picked.code, 0, picked.text);
    assertEquals(await isThere(join(out, "candidates", "m1.json")), true);
    const tested = await run(join(kit, "test"), "tests/core/hash_test.ts", "tests/tracing");
    assertEquals(tested.code, 0, tested.text);
    const probe = ["run", "-A", "--no-config", join(kit, "project", "tasks", "gpu", "probe.ts")];
    const variable = `DENO_DIR=${join(kit, "cache")}`;
    const adapter = await run("env", variable, join(kit, "bin", "deno"), ...probe);
    assertEquals(adapter.code, 0, adapter.text); // what is there depends on the machine
    const gpu = await run(join(kit, "epicker"), "gpu", "--part", "everything");
    assertStringIncludes(gpu.text, "expected kernels");
    assertEquals([...Deno.readDirSync(home)], []);
    assertEquals(await isThere(join(kit, "lib", "libvulkan.so.1")), await hasLoader());
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test("ONNX Runtime that is not installed cannot be brought along", async () => {
  const folder = await Deno.makeTempDir();
  const out = join(folder, "kit");
  const args = ["run", "-A", "--quiet", "tasks/offline.ts", "--out", out];
  const command = new Deno.Command(Deno.execPath(), {
    args: [...args, "--onnx"],
    ...{ cwd: ROOT, env: { XDG_CACHE_HOME: folder } },
  });
  const { code, stderr } = await command.output();
  assertEquals([code, await isThere(out)], [2, false]);
  assertStringIncludes(new TextDecoder().decode(stderr), "run epicker pick --backend onnx once");
  assertEquals((await runTool(Deno.execPath(), [...args, "--else"], ROOT)).code, 2);
  await Deno.remove(folder, { recursive: true });
});
