import { EPickerError } from "../../mod.ts";
import type { Tables } from "./_read.ts";

/** A table in a text: between a comment with its name and the comment `end`. */
const MARKED = /<!-- table: (?<name>\S+) -->\n(?<body>.*?)<!-- end -->/gs;

/** The names of the tables that a text asks for. */
export function tablesIn(text: string): string[] {
  return [...text.matchAll(MARKED)].map(({ groups }) => groups!.name);
}

/**
 * A text with its tables written anew; one that differs in blanks alone stays.
 *
 * @param file Name of the text, for errors.
 * @throws {EPickerError} `bad-data` for a name that is no table, and for a comment without its end.
 */
export function withTables(text: string, tables: Tables, file: string): string {
  const begun = text.split("<!-- table: ").length - 1;
  if (begun !== tablesIn(text).length) {
    throw new EPickerError("bad-data", {
      file,
      found: `${begun} tables that begin and ${tablesIn(text).length} that end`,
      expected: "a line <!-- end --> after every <!-- table: NAME -->",
    });
  }
  return text.replaceAll(MARKED, (whole: string, name: string, body: string) => {
    if (!Object.hasOwn(tables, name)) throw unknownTable(file, name, tables);
    return cellsOf(body) === cellsOf(tables[name])
      ? whole
      : `<!-- table: ${name} -->\n\n${tables[name]}\n\n<!-- end -->`;
  });
}

function unknownTable(file: string, name: string, tables: Tables): EPickerError {
  return new EPickerError("bad-data", {
    file,
    found: `a table "${name}"`,
    expected: Object.keys(tables).join(", "),
    remedy: "Add it to tasks/tables/.",
  });
}

/** A table without what a formatter may change: blanks, line breaks, the length of rules. */
function cellsOf(table: string): string {
  return table.trim().replaceAll(/\s+/g, " ").replaceAll(/ ?\| ?/g, "|").replaceAll(/-+/g, "-");
}
