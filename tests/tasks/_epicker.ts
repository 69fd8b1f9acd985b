import { fromFileUrl } from "@std/path";

/** The launcher of this checkout. */
export const LAUNCHER = fromFileUrl(new URL("../../epicker", import.meta.url));

/** Runs `epicker …` as one does from a shell. */
export async function epicker(
  args: string[],
  options: { cwd?: string; path?: string; program?: string } = {},
) {
  const { cwd, path: PATH = Deno.env.get("PATH") ?? "", program = LAUNCHER } = options;
  const command = new Deno.Command(program, { args, cwd, env: { NO_COLOR: "1", PATH } });
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}
