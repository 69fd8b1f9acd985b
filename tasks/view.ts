/**
 * Shows micrographs and picks in a browser: `epicker view IN…`.
 *
 * @module
 */
import { openView } from "../lib/app/mod.ts";
import { command, interruptSignal, untilAborted } from "./_cli.ts";
import { count, text } from "./_flags.ts";
import { besides } from "./_besides.ts";
import { FLAG } from "./_shared_flags.ts";

export default command({
  inputs: "IN…",
  flags: {
    picks: text("--picks DIR", "folder of picks and labels (default: Picks beside the inputs)"),
    labels: text("--labels DIR", "other coordinates, shown beside"),
    mode: {
      ...FLAG.mode,
      help: "particle, vesicle or fiber (default: that of the picks, or particle)",
    },
    model: text(
      "--model FILE",
      "model to train on from, and to pick by (default: what ships for the mode)",
    ),
    exemplars: text("--exemplars FILE", "what that model has learned, to add to it"),
    port: count("--port N", "port on 127.0.0.1 (default: a free one)"),
  },
  examples: [
    "Micrographs/",
    "Micrographs/ --picks Picks --labels ManualPick --port 8470",
    "Micrographs/ --model run/model.safetensors --exemplars run/exemplars.safetensors",
  ],
  async main({ picks, ...options }, inputs) {
    const folder = picks ?? await besides(inputs);
    await using view = await openView(inputs, { ...options, picks: folder });
    console.log(`${view.address}\n\nOpen this address in a browser; Ctrl-C ends it.`);
    const { port } = new URL(view.address);
    console.log(`From another machine, first: ssh -L ${port}:127.0.0.1:${port} THIS_MACHINE`);
    await untilAborted(interruptSignal());
  },
});
