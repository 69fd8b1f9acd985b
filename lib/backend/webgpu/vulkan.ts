import { describeAdapter } from "./adapter.ts";

/** The Vulkan loader, by which WebGPU finds a GPU on Linux. */
const LOADER = "libvulkan.so.1";

/**
 * What most likely keeps WebGPU from an adapter on Linux, in a sentence; nothing where there is one,
 * or on another system.
 *
 * @param libraries The list of libraries that Linux keeps.
 */
export async function vulkanAdvice(libraries = "/etc/ld.so.cache"): Promise<string | undefined> {
  if (typeof Deno === "undefined" || Deno.build.os !== "linux") return undefined;
  if (await describeAdapter() !== undefined) return undefined;
  return await isListed(libraries) || await isInPath()
    ? `No driver was found by ${LOADER}: its file should be in /usr/share/vulkan/icd.d or ` +
      "/etc/vulkan/icd.d, or be named by the variable VK_DRIVER_FILES."
    : `${LOADER} is not among this machine's libraries: install libvulkan1 (Debian, Ubuntu) or ` +
      "vulkan-loader (Fedora, RHEL).";
}

/** Whether the list has the loader; where it cannot be read, nothing is known against it. */
async function isListed(libraries: string): Promise<boolean> {
  return await Deno.readFile(libraries)
    .then((bytes) => new TextDecoder("latin1").decode(bytes).includes(LOADER), () => true);
}

/** Whether the loader lies in a folder of LD_LIBRARY_PATH, where that may be read. */
async function isInPath(): Promise<boolean> {
  const { state } = await Deno.permissions.query({ name: "env", variable: "LD_LIBRARY_PATH" });
  if (state !== "granted") return false;
  const folders = (Deno.env.get("LD_LIBRARY_PATH") ?? "").split(":").filter((one) => one !== "");
  const found = folders.map((folder) =>
    Deno.stat(`${folder}/${LOADER}`).then(() => true, () => false)
  );
  return (await Promise.all(found)).includes(true);
}
