import { formatTable } from "../../mod.ts";
import {
  FEW_COLUMNS,
  fewLines,
  type FewReport,
  UNSEEN_COLUMNS,
  unseenLines,
  type UnseenReport,
} from "../../lib/experiments/mod.ts";
import { readJson, readJsonIfThere, type Tables } from "./_read.ts";

/** Kinds that a model has not seen, with none and with few of their labels. */
export async function unseenTables(): Promise<Tables> {
  const folder = "models/experiments/unseen";
  const unseen = await readJson<UnseenReport>(`${folder}/unseen.json`);
  const few = await readJsonIfThere<FewReport>(`${folder}/few.json`);
  return {
    unseen: formatTable(unseenLines(unseen), UNSEEN_COLUMNS),
    ...(few && { few: formatTable(fewLines(few), FEW_COLUMNS) }),
  };
}
