/**
 * Asks a resident helper to do its work, and waits for its answer: `ask_resident.ts SOCKET`.
 *
 * Ends with the exit code of the work; with 75 where no helper has answered, so that the caller does
 * the work itself. Imports nothing: it runs once for every micrograph.
 *
 * @module
 */
const [path] = Deno.args;

/** As `EX_TEMPFAIL` of sysexits.h. */
const NO_HELPER = 75;

/** The answer of the helper: its exit code and what it complains of. */
async function ask(): Promise<{ code: number; error?: string }> {
  const connection = await Deno.connect({ transport: "unix", path });
  return await new Response(connection.readable).json(); // closes it
}

const { code, error } = await ask().catch(() => ({ code: NO_HELPER, error: undefined }));
if (error !== undefined) console.error(error);
Deno.exit(code);
