#!/usr/bin/env node
/**
 * The command `epicker` of the npm package: runs the Deno that npm has installed beside it, with the
 * permissions of the command's task in `deno.json`.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import config from "../deno.json" with { type: "json" };

const argv = process.argv.slice(2);
const child = spawn(
  denoPath(),
  ["run", "--quiet", ...permissionsOf(argv), besides("epicker"), ...argv],
  { stdio: "inherit" },
);
process.on("SIGINT", () => {}); // it is for the child, which ends when its step is done
child.on("exit", (code) => process.exit(code ?? 130));
child.on("error", ({ message }) => {
  console.error(
    `epicker: found no Deno (${message}); expected it beside the package or installed.`,
  );
  process.exit(2);
});

/**
 * What npm has made of the package `deno`: a program, or one to unpack where it ran no scripts; the
 * Deno that is installed where npm was told to leave the package out.
 */
function denoPath(): string {
  const require = createRequire(import.meta.url);
  const folder = folderOf("deno", require);
  if (folder === undefined) return "deno";
  const program = join(folder, process.platform === "win32" ? "deno.exe" : "deno");
  return existsSync(program) ? program : require(join(folder, "install_api.cjs")).runInstall();
}

function folderOf(name: string, require: NodeJS.Require): string | undefined {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

/** As the launcher of the checkout has it. */
function permissionsOf([name = "", ...rest]: string[]): string[] {
  const isOnnx = name === "pick" && /(^| )--backend[ =]onnx( |$)/.test(rest.join(" "));
  const isPage = name === "pick" && rest.includes("--page");
  const own = /^[a-z]+$/.test(name) ? name : "";
  const tasks = new Map(Object.entries(config.tasks));
  const task = tasks.get(isOnnx ? "pick-onnx" : isPage ? "pick-page" : own) ?? "";
  const [, flags = "--no-prompt"] = /^deno run (.*) tasks\/epicker\.ts /.exec(task) ?? [];
  return flags.split(" ");
}

/** A module in this folder, which is JavaScript in the package. */
function besides(name: string): string {
  const extension = /\.\w+$/.exec(import.meta.url)![0];
  return fileURLToPath(new URL(name + extension, import.meta.url));
}
