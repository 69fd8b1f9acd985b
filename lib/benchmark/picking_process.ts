import { withPeak } from "./memory.ts";
import { measurePicking } from "./picking_speed.ts";

// The program of a process that picks and does nothing else, so that its memory is that of picking.

const args: Parameters<typeof measurePicking> = JSON.parse(Deno.args[0]);
console.log(JSON.stringify(await withPeak(() => measurePicking(...args))));
