import { formatTable } from "../../mod.ts";
import { UNSEEN_COLUMNS, unseenLines, type UnseenReport } from "../../lib/experiments/mod.ts";
import { readJson, type Tables } from "./_read.ts";

/** Kinds that a model has not seen. */
export async function unseenTables(): Promise<Tables> {
  const unseen = await readJson<UnseenReport>("models/experiments/unseen/unseen.json");
  return { unseen: formatTable(unseenLines(unseen), UNSEEN_COLUMNS) };
}
