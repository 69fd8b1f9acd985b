/** The commands of `epicker` in groups, with what each does; their modules have the same names. */
export const GROUPS: Record<string, Record<string, string>> = {
  pick: {
    pick: "Finds particles in micrographs and writes their coordinates.",
    relion: "Picks as a RELION External job: STAR of micrographs in, a job's files out.",
    topaz: "Picks or trains as RELION's Topaz executable, by tasks/launch/epicker-topaz.",
    slurm: "Picks a list in many tasks: an array job of Slurm, or processes; merges the results.",
    view: "Shows micrographs and picks in a browser, to choose a threshold, correct and label.",
    page: "Writes one HTML page about the picks of a folder, for mailing.",
    threshold: "Takes the picks of a folder anew, by another threshold.",
    trace: "Traces fibers through points of coordinate files, or through mask images.",
    convert: "Converts coordinate files; files about many micrographs are split.",
  },
  train: {
    learn:
      "Teaches a model a new dataset, so that it still knows the old ones; shows what it lost.",
    train: "Trains a picker on datasets: folders with micrographs/, coordinates/, dataset.json.",
    simulate: "Makes micrographs with known truth, as dataset folders that every command reads.",
    exemplars: "Keeps labelled pieces of learned data, which later training replays.",
    export:
      "Writes a model, by default the shipped one, as ONNX for other programs, or half as large.",
  },
  measure: {
    evaluate: "Scores picks against the labels of datasets, beside other pickers' picks.",
    experiment: "Adds datasets to a base model by several strategies; measures what is forgotten.",
    biased: "Labels only side views of one of three proteasome species; measures recall of all.",
    benchmark: "Measures picking, networks, training steps, simulation and kernels.",
    gpu: "Checks and measures everything on a GPU in one go, beside PyTorch where it is.",
  },
  explain: {
    site: "Writes a static page that picks in the browser, for any web server.",
    demo: "Makes four micrographs, picks them with the shipped model, scores and shows the picks.",
    notebooks: "Runs notebooks on the Deno kernel, top to bottom; fails where a cell fails.",
  },
};

/** What every command does, by its name. */
export const COMMANDS: Record<string, string> = Object.assign({}, ...Object.values(GROUPS));
