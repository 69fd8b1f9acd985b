import { editedPicks, isPick, messageOfError, type Pick } from "../core/mod.ts";
import { type CandidatesFile, readCandidates, readEdits, readMicrograph } from "../io/mod.ts";
import { editsPath, recordedNames, recordPath } from "../picking/mod.ts";
import { type PickFigure, pickPage } from "../plots/mod.ts";
import { preprocess } from "../preprocess/mod.ts";

/** Micrographs that a report shows, if it is not told. */
const SHOWN = 6;

/** A line of the table. */
interface Row {
  name: string;
  picks?: number;
  candidates?: number;
  diameter?: number;
  note: string;
}

/**
 * One self-contained HTML page about a folder that `pickFiles` has written: counts of all its
 * micrographs, pictures of some, evenly among them; edits are in it. It only shows: for mailing.
 *
 * @param shown How many pictures; each takes about a megabyte.
 * @throws {EPickerError} `missing-file` for a folder without candidates.
 */
export async function pickReport(folder: string, shown: number = SHOWN): Promise<string> {
  const names = await recordedNames(folder);
  const every = Math.max(1, names.length / shown);
  const chosen = new Set(
    Array.from({ length: Math.min(shown, names.length) }, (_, i) => names[Math.floor(i * every)]),
  );
  const rows: Row[] = [];
  const micrographs: PickFigure[] = [];
  let head: CandidatesFile | undefined;
  for (const name of names) {
    try {
      const record = await readCandidates(recordPath({ out: folder, name }));
      head ??= record;
      const picks = await corrected(folder, name, record);
      rows.push(rowOf(name, record, picks));
      if (chosen.has(name)) micrographs.push(await figureOf(name, record, picks));
    } catch (error) {
      rows.push({ name, note: messageOfError(error) });
    }
  }
  const total = rows.reduce((sum, { picks = 0 }) => sum + picks, 0);
  const { model = "unknown", backend = "unknown", threshold = 0 } = head ?? {};
  return pickPage({
    title: `${total} picks in ${names.length} micrographs`,
    subtitle:
      `Model "${model}" on ${backend}, threshold ${threshold}. Shown: ${micrographs.length}.`,
    micrographs,
    threshold,
    table: {
      rows,
      columns: [
        { key: "name", title: "micrograph" },
        { key: "picks" },
        { key: "candidates" },
        { key: "diameter", title: "diameter (px)", digits: 1 },
        { key: "note", title: "notes" },
      ],
    },
  });
}

/** Candidates, or the nodes of fibers, as a person has corrected them. */
async function corrected(folder: string, name: string, record: CandidatesFile) {
  const { candidates, fibers, diameterRange } = record;
  const fitting = candidates.filter((one) => isPick(one, { threshold: 0, diameterRange }));
  const nodes = fibers?.flatMap(({ line, score }, i) =>
    line.map((node): Pick => ({ ...node, score, fiber: i + 1 }))
  );
  const path = editsPath({ out: folder, name });
  const isThere = await Deno.stat(path).then(() => true, () => false);
  return editedPicks<Pick>(nodes ?? fitting, isThere ? (await readEdits(path)).edits : {});
}

type Picks = Awaited<ReturnType<typeof corrected>>;

function rowOf(
  name: string,
  { threshold, candidates, doubts = [] }: CandidatesFile,
  picks: Picks,
): Row {
  const sure = picks.filter(({ score = 1 }) => score >= threshold);
  const sizes = sure.flatMap(({ diameter }) => diameter ?? []).sort((a, b) => a - b);
  const fibers = new Set(sure.flatMap(({ fiber }) => fiber ?? [])).size;
  return {
    name,
    picks: sure.filter(({ fiber }) => fiber === undefined).length + fibers,
    candidates: candidates.length,
    diameter: sizes[sizes.length >> 1],
    note: doubts.map(({ text }) => text).join("; "),
  };
}

async function figureOf(
  name: string,
  { provenance, candidates }: CandidatesFile,
  picks: Picks,
): Promise<PickFigure> {
  if (provenance === undefined) throw new Error("no picture: its file is not known");
  const image = preprocess(await readMicrograph(provenance.path));
  const diameter = candidates[0]?.diameter ?? 0.04 * image.width * image.scale;
  return { name, image, diameter, picks };
}
