/** Whether a program is there; where the variable says that it must be, its absence is a failure. */
export async function hasProgram(name: string, required: string): Promise<boolean> {
  const { success } = await new Deno.Command("sh", { args: ["-c", `command -v ${name}`] }).output();
  return success || Deno.env.get(required) === "1";
}

/** Runs a program; gives its exit code and all that it wrote. */
export async function runTool(name: string, args: string[], cwd?: string) {
  const command = new Deno.Command(name, { args, cwd });
  const { code, stdout, stderr } = await command.output();
  const text = new TextDecoder();
  return { code, text: text.decode(stdout) + text.decode(stderr) };
}

/** Whether a file is there. */
export async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** Waits until something is so. */
export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!await isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}
