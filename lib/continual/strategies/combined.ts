import { EPickerError } from "../../core/mod.ts";
import type { Strategy } from "../strategy.ts";
import { create as average } from "./average.ts";
import { create as epicker } from "./epicker.ts";
import { create as frozen } from "./frozen.ts";
import { create as paste } from "./paste.ts";
import { create as replay } from "./replay.ts";
import { create as unsure } from "./unsure.ts";

/** Strategies to which something can be added. */
const BASES: Record<string, () => Strategy> = { epicker, replay };

/** What can be added to them. */
const ADDITIONS: Record<string, () => Strategy> = { unsure, average, frozen, paste };

/**
 * A strategy with what others do besides their loss.
 *
 * @throws {EPickerError} `bad-option` for parts that do not go together.
 */
export function create({ parts }: { parts: string[] } = { parts: ["replay"] }): Strategy {
  const [first, ...more] = parts.map((name, i) => {
    const known = i === 0 ? BASES : ADDITIONS;
    if (Object.hasOwn(known, name)) return known[name]();
    throw new EPickerError("bad-option", {
      file: "strategy",
      found: `"${parts.join("+")}"`,
      expected: `${Object.keys(BASES).join(" or ")}, then +${Object.keys(ADDITIONS).join(", +")}`,
    });
  });
  const all = [first, ...more];
  const title = all.map(({ title }) => title).join(", ");
  const { prepare } = more.find((one) => one.prepare) ?? first;
  const { finish } = more.find((one) => one.finish) ?? first;
  const seen = new Set(all.flatMap(({ teacherOn }) => teacherOn ?? []));
  const teacherOn = seen.size > 1 ? "all" : [...seen][0];
  const keepsNorms = all.some((one) => one.keepsNorms);
  const pasted = Math.max(...all.map(({ pasted = 0 }) => pasted));
  return { ...first, title, prepare, finish, teacherOn, keepsNorms, pasted };
}
