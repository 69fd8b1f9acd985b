import { join } from "@std/path";
import { EPickerError } from "../core/mod.ts";
import { formatStarTable } from "../io/mod.ts";
import { INDEX_FILE } from "./coordinate_index.ts";

/** The versions of RELION that are known. */
export const RELION_VERSIONS = ["3.1", "4", "5"] as const;

/** A version of RELION. */
export type RelionVersion = typeof RELION_VERSIONS[number];

/** The file that tells the version of a project. */
const PIPELINE = "default_pipeline.star";

/** What {@linkcode PIPELINE} writes as its version: 3.1 and 4 the same. */
const [BEFORE_5, FROM_5] = [[30001, 40001], [50001]];

/**
 * The version of RELION that a project belongs to.
 *
 * By the comment `# version 50001` of `default_pipeline.star`; versions before 5 write 30001, and
 * of these 3.1 has numbers of node types where 4 has labels. A project of which no node or job is
 * listed yet counts as 4.
 *
 * @param project Folder of the project.
 * @throws {EPickerError} `missing-file` where there is no project, `bad-file` for another version.
 */
export async function projectVersion(project: string): Promise<RelionVersion> {
  const path = join(project, PIPELINE);
  const text = await Deno.readTextFile(path).catch((cause) => {
    throw new EPickerError("missing-file", {
      file: path,
      found: "that it cannot be read",
      expected: "the pipeline of a RELION project",
      remedy: "Start in the folder of the project, or tell its version (--relion 5).",
    }, { cause });
  });
  const [, version = ""] = /^#\s*version\s+(\d+)/m.exec(text) ?? [];
  if (FROM_5.includes(Number(version))) return "5";
  const hasNumbers = /^_rlnPipeLine(Node|Process)Type\s/m.test(text);
  if (BEFORE_5.includes(Number(version))) return hasNumbers ? "3.1" : "4";
  throw new EPickerError("bad-file", {
    file: path,
    found: version === "" ? "no version" : `version ${version}`,
    expected: `a project of RELION ${RELION_VERSIONS.join(", ")}`,
    remedy: "Tell whose files it reads (--relion 5).",
  });
}

/** What RELION calls the list of coordinate files that a job gives, by version. */
const LABELS: Record<Exclude<RelionVersion, "3.1">, string> = {
  "4": "MicrographsCoords.star.relion.autopick",
  "5": "MicrographCoordsGroup.star.relion.autopick",
};

/** RELION 3.1's number for coordinates. */
const COORDINATES = "2";

/**
 * `RELION_OUTPUT_NODES.star`: what a job gives to others.
 *
 * 4 and 5 take the index of the coordinate files, 3.1 the file that tells their ending.
 *
 * @param job The job's folder, as RELION calls it.
 */
export function formatOutputNodes(job: string, version: RelionVersion): string {
  const [type, label, file] = version === "3.1"
    ? ["_rlnPipeLineNodeType", COORDINATES, SUFFIX_FILE]
    : ["_rlnPipeLineNodeTypeLabel", LABELS[version], INDEX_FILE];
  return formatStarTable("output_nodes", ["_rlnPipeLineNodeName", type], [[
    join(job, file),
    label,
  ]]);
}

/** The file that tells RELION 3.1 the ending of the coordinate files, and holds their micrographs' list. */
export const SUFFIX_FILE = "coords_suffix_autopick.star";

/** What picks are called after their micrograph. */
export const PICK_SUFFIX = "_autopick";

/**
 * `.gui_manualpickjob.star`: with it, RELION shows the picks with circles of the right size.
 *
 * @param diameterA Diameter of the particles in Å.
 */
export function formatDisplayJob(diameterA: number, version: RelionVersion): string {
  const type = version === "3.1"
    ? [["_rlnJobType", "3"]]
    : [["_rlnJobTypeLabel", "relion.manualpick"], ["_rlnJobIsTomo", "0"]];
  const job = [...type, ["_rlnJobIsContinue", "0"]].map((pair) => pair.join(" ")).join("\n");
  const options = Object.entries({ ...DISPLAY, diameter: String(Math.round(diameterA)) });
  const columns = ["_rlnJobOptionVariable", "_rlnJobOptionValue"];
  return `\n# version 30001\n\ndata_job\n\n${job}\n\n# version 30001\n` +
    formatStarTable("joboptions_values", columns, options);
}

/** RELION's own defaults of a manual picking job; it wants them all. */
const DISPLAY: Record<string, string> = {
  angpix: "-1",
  black_val: "0",
  blue_value: "0",
  color_label: "rlnAutopickFigureOfMerit",
  ctfscale: "1",
  do_color: "No",
  do_fom_threshold: "No",
  do_queue: "No",
  do_startend: "No",
  fn_color: "",
  fn_in: "",
  highpass: "-1",
  lowpass: "20",
  micscale: "0.2",
  min_dedicated: "1",
  minimum_pick_fom: "0",
  other_args: "",
  qsub: "qsub",
  qsubscript: "",
  queuename: "openmpi",
  red_value: "2",
  sigma_contrast: "3",
  white_val: "0",
};
