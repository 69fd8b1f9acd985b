import type { Pick } from "../core/mod.ts";
import { badLine, parseNumber, parseOrdinal, parseScore, type TextPlace } from "./_numbers.ts";
import { oneGroup, rowsOf, someHave, textOf } from "./_text.ts";
import type { CoordinateFormat, ParseContext, PickGroup } from "./coordinate_format.ts";

/** Columns by the words of the bracketed header, in lower case. */
const COLUMNS = ["x", "y", "radius", "group", "value"] as const;

type Column = typeof COLUMNS[number];

/** Columns of a file without a header: labels made by hand. */
const PLAIN: readonly Column[] = ["x", "y", "value"];

/**
 * EPicker's `.thi`: a header in brackets, a row for each object, `[End]`; centres in pixels of the
 * micrograph. The header tells the kind: particles (`X Y Value`), vesicles (`X Y Radius Value`) or
 * helices (`X Y Group Value`, the nodes of one after the other).
 *
 * A summary of picks (`merge_results.thi`) is an index of micrographs and their files. Picks with a
 * fiber are written as helices, picks with a diameter as vesicles, others as particles; helices
 * have no diameter. EPicker itself cuts coordinates to whole pixels; this writes 2 decimals, which
 * it reads. Radius or value 0 stand for those that only some picks lack.
 */
export const thiFormat: CoordinateFormat = { name: "thi", extensions: [".thi"], parse, format };

function parse(bytes: Uint8Array, { file }: ParseContext): PickGroup[] {
  const text = textOf(bytes, file);
  if (/^\s*\[Micrograph\s/.test(text)) return referencesOf(text, file);
  let columns = PLAIN;
  const picks: Pick[] = [];
  for (const { line, words } of rowsOf(text)) {
    if (/^\[end\]/i.test(words[0])) break;
    if (words[0].startsWith("[")) columns = columnsOf(words.join(" ")) ?? columns;
    else picks.push(pickOf(words, columns, { file, line }));
  }
  return oneGroup(picks);
}

function columnsOf(header: string): Column[] | undefined {
  const words = header.toLowerCase().replace(/^.*:/, "").match(/[a-z]+/g) ?? [];
  const columns = words.flatMap((word) => COLUMNS.find((column) => column === word) ?? []);
  return columns.includes("x") && columns.includes("y") ? columns : undefined;
}

/** Rows of a micrograph's path and a coordinate file's path, behind the lines in brackets. */
function referencesOf(text: string, file: string): PickGroup[] {
  const rows = rowsOf(text.replace(/^\s*\[[^\]]*\]/, (head) => head.replace(/[^\r\n]/g, "")));
  return rows.filter(({ words }) => !words[0].startsWith("[")).map(({ line, words }) => {
    if (words.length === 2) {
      return { micrograph: words[0], picks: [], coordinatesPath: words[1] };
    }
    const expected = "a micrograph and its coordinate file, paths without blanks";
    throw badLine({ file, line }, `${words.length} values as a row`, expected);
  });
}

function pickOf(values: string[], columns: readonly Column[], place: TextPlace): Pick {
  const least = 1 + Math.max(columns.indexOf("x"), columns.indexOf("y"));
  if (values.length < least || values.length > columns.length) {
    throw badLine(place, `${values.length} values as a row`, columns.join(", "));
  }
  const text = (column: Column): string | undefined => values[columns.indexOf(column)];
  const number = (column: Column, text: string) => parseNumber(text, place, column);
  const [x, y] = [number("x", text("x")!), number("y", text("y")!)];
  const radius = number("radius", text("radius") ?? "0");
  return {
    x,
    y,
    diameter: radius > 0 ? 2 * radius : undefined,
    fiber: parseOrdinal(text("group") ?? "0", place, "group"),
    score: parseScore(text("value") ?? "", place, "value"),
  };
}

function format(picks: readonly Pick[]): string {
  const hasScores = someHave("score", picks);
  const kind = someHave("fiber", picks)
    ? "Helix"
    : someHave("diameter", picks)
    ? "Vesicle"
    : "Particle";
  const size = { Helix: " Group", Vesicle: " Radius", Particle: "" }[kind];
  const header = `[${kind} Coordinates: X Y${size}${hasScores ? " Value" : ""}]`;
  const rows = picks.map(({ x, y, score = 0, diameter = 0, fiber = 0 }) => {
    const row = [x.toFixed(2), y.toFixed(2)];
    if (kind === "Helix") row.push(String(fiber));
    if (kind === "Vesicle") row.push((diameter / 2).toFixed(3));
    return [...row, ...(hasScores ? [score.toFixed(6)] : [])].join("\t");
  });
  return [header, ...rows, "[End]", ""].join("\n");
}
