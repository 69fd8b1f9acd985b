/** A value of a Python literal: lists and tuples become arrays, dictionaries maps. */
export type PythonValue =
  | string
  | number
  | boolean
  | null
  | PythonValue[]
  | Map<string, PythonValue>;

/** Deepest nesting that is read; the header of an array has four levels. */
const MAX_DEPTH = 16;

const TOKEN =
  /\s*(?:([bu]?)'((?:[^'\\]|\\.)*)'|([bu]?)"((?:[^"\\]|\\.)*)"|(-?\d+)L?|(True|False|None)|([[\](){},:]))/sgy;

const NAMED: Record<string, boolean | null> = { True: true, False: false, None: null };

/**
 * Reads a Python literal made of texts, whole numbers, `True`, `False`, `None`, tuples, lists and
 * dictionaries with texts as keys, in time that grows with its length.
 *
 * @throws {RangeError} For anything else.
 */
export function parsePythonLiteral(text: string): PythonValue {
  const tokens = tokensOf(text);
  let at = 0;
  const isNext = (mark: string) => tokens[at]?.mark === mark;
  const expect = (mark: string) => {
    if (!isNext(mark)) throw new RangeError(`no ${mark} at token ${at + 1}`);
    at++;
  };
  const items = <T>(end: string, item: () => T): T[] => {
    const list: T[] = [];
    while (!isNext(end)) {
      list.push(item());
      if (!isNext(end)) expect(",");
    }
    at++;
    return list;
  };
  function value(depth: number): PythonValue {
    if (depth > MAX_DEPTH) throw new RangeError(`more than ${MAX_DEPTH} levels`);
    const token = tokens[at++];
    if (token === undefined) throw new RangeError("an early end");
    const inner = () => value(depth + 1);
    if (token.mark === "[") return items("]", inner);
    if (token.mark === "(") return items(")", inner);
    if (token.mark === "{") return new Map(items("}", () => entry(inner)));
    if (token.mark !== undefined) throw new RangeError(`${token.mark} at token ${at}`);
    return token.value;
  }
  function entry(inner: () => PythonValue): [string, PythonValue] {
    const key = inner();
    if (typeof key !== "string") throw new RangeError("a key that is no text");
    expect(":");
    return [key, inner()];
  }
  const whole = value(0);
  if (at < tokens.length) throw new RangeError(`more behind token ${at}`);
  return whole;
}

/** A bracket, comma or colon, or a plain value. */
type Token = { mark: string } | { mark?: undefined; value: string | number | boolean | null };

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (const [whole, , single, , double, digits, name, mark] of text.matchAll(TOKEN)) {
    at += whole.length;
    if (mark !== undefined) tokens.push({ mark });
    else if (digits !== undefined) tokens.push({ value: Number(digits) });
    else if (name !== undefined) tokens.push({ value: NAMED[name] });
    else tokens.push({ value: (single ?? double).replaceAll(/\\(.)/gs, "$1") });
  }
  if (text.slice(at).trim() === "") return tokens;
  throw new RangeError(`the text ${JSON.stringify(text.slice(at, at + 40))}`);
}
