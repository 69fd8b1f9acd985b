/** Texts, up to the end where they are not closed; commas before brackets; what JSON writes otherwise. */
const TOKEN =
  /[bu]?(?:'([^'\\]*(?:\\[^]?[^'\\]*)*)('|$)|"([^"\\]*(?:\\[^]?[^"\\]*)*)("|$))|,(?=\s*[\])}])|[()]|True|False|None|(?<=\d)L/g;

const IN_JSON: Record<string, string> = {
  ...{ "(": "[", ")": "]", ",": "", L: "" },
  ...{ True: "true", False: "false", None: "null" },
};

/**
 * A Python literal of texts, numbers, `True`, `False`, `None`, tuples, lists and dictionaries as JSON,
 * in one pass; what is none becomes no JSON either.
 */
export function jsonOfPython(literal: string): string {
  return literal.replaceAll(TOKEN, (token, single, endOfSingle, double, endOfDouble) => {
    if (endOfSingle || endOfDouble) {
      return JSON.stringify((single ?? double).replaceAll(/\\([^])/g, "$1"));
    }
    return IN_JSON[token] ?? token;
  });
}
