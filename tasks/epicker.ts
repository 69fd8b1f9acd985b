/**
 * All commands: `epicker COMMAND …`.
 *
 * Loads the module of the command that is asked for, and nothing for the list of all.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };
import { COMMANDS, GROUPS } from "./_commands.ts";
import { nearest } from "./_nearest.ts";

const [name = "", ...argv] = Deno.args;

if (name === "--version") console.log(`epicker ${config.version}`);
else if (name === "" || name === "--help" || name === "-h") console.log(help());
else if (Object.hasOwn(COMMANDS, name)) await start(name);
else refuse(name);

/** The commands in groups, a line each. */
function help(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length)) + 2;
  const groups = Object.entries(GROUPS).map(([group, commands]) =>
    [
      `${group}:`,
      ...Object.entries(commands).map(([name, line]) => `  ${name.padEnd(width)}${line}`),
      "",
    ].join("\n")
  );
  return [
    "Picks particles in cryo-EM micrographs, and learns new ones without forgetting.",
    "",
    "Usage: epicker COMMAND [options]",
    "",
    ...groups,
    "Examples:",
    "  epicker demo",
    "  epicker pick Micrographs/",
    "  epicker train --help",
  ].join("\n");
}

/** What runs a command that a module exports. */
interface Runner {
  run(command: unknown, about: { name: string; summary: string }, argv: string[]): Promise<never>;
}

/** Loads a module only now: by a literal name, Deno would fetch it for the list of commands, too. */
function load(name: string) {
  return import(import.meta.url.replace(/epicker(?=\.\w+$)/, name)); // .js in the npm package
}

async function start(name: string): Promise<never> {
  const { run }: Runner = await load("_cli");
  const { default: command }: { default: unknown } = await load(name);
  return await run(command, { name: `epicker ${name}`, summary: COMMANDS[name] }, argv);
}

function refuse(name: string): never {
  const near = nearest(name, Object.keys(COMMANDS));
  const hint = near === undefined ? "See epicker --help." : `Did you mean ${near}?`;
  console.error(`epicker: found ${JSON.stringify(name)}; expected a command. ${hint}`);
  Deno.exit(2);
}
