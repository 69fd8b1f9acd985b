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
  const listed = await Deno.readFile(libraries)
    .then((bytes) => new TextDecoder("latin1").decode(bytes).includes(LOADER), () => true);
  return listed
    ? `No driver was found by ${LOADER}: its file should be in /usr/share/vulkan/icd.d or ` +
      "/etc/vulkan/icd.d, or be named by the variable VK_DRIVER_FILES."
    : `${LOADER} is not among this machine's libraries: install libvulkan1 (Debian, Ubuntu) or ` +
      "vulkan-loader (Fedora, RHEL).";
}
