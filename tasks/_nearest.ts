import { closest, distance } from "fastest-levenshtein";

/** The name that was probably meant, if one is near. */
export function nearest(word: string, names: string[]): string | undefined {
  const name = closest(word, names);
  return distance(word, name) <= word.length / 2 ? name : undefined;
}
