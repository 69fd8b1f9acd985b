import { printable } from "../lib/core/mod.ts";

/** A process, and what may be in it. */
export interface Job {
  /** The program. */
  program: string;
  /** Its arguments. */
  args: string[];
  /** Variables that it sees beside those of this process. */
  env?: Record<string, string>;
  /** Where it runs; by default here. */
  cwd?: string;
}

/** How a process went. */
export interface JobRun {
  /** Its exit code; of one that was ended or could not be started, none. */
  code?: number;
  /** Whether it was ended since its time was up. */
  late: boolean;
  /** What it wrote to standard error, the end of it. */
  text: string;
  /** Seconds that it took. */
  seconds: number;
}

/** Characters of standard error that are kept. */
const MOST_TEXT = 4000;

/** Runs a process for at most so many seconds, and gives its lines as they come. */
export async function runJob(
  { program, args, env, cwd }: Job,
  limit: number,
  onLine: (line: string) => void = () => {},
): Promise<JobRun> {
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  let child: Deno.ChildProcess;
  try {
    const streams = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
    child = new Deno.Command(program, { args, env, cwd, ...streams }).spawn();
  } catch (error) {
    return { late: false, text: `${program}: ${(error as Error).message}`, seconds: seconds() };
  }
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill("SIGKILL");
  }, limit * 1000);
  const [text, , { code }] = await Promise.all([
    endOf(child.stderr),
    eachLine(child.stdout, onLine),
    child.status,
  ]);
  clearTimeout(timer);
  return { ...(late ? {} : { code }), late, text, seconds: seconds() };
}

async function eachLine(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  onLine: (line: string) => void,
): Promise<void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    lines.forEach(onLine);
  }
  if (rest !== "") onLine(rest);
}

async function endOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let end = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    end = (end + text).slice(-MOST_TEXT);
  }
  return printable(end).trim();
}
