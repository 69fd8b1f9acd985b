import { distance, type Point } from "../core/mod.ts";
import { fitLine, type Scatter } from "./local_fit.ts";

/**
 * Moves every point of a line across it onto the parabola that fits the points around it best.
 *
 * @param reach Points up to a quarter of it to both sides count.
 */
export function smoothed(
  line: readonly Point[],
  { reach, ...scatter }: Scatter & { reach: number },
): Point[] {
  const along = [0];
  for (let i = 1; i < line.length; i++) along.push(along[i - 1] + distance(line[i - 1], line[i]));
  let [from, to] = [0, 0];
  return line.map((point, i) => {
    while (along[i] - along[from] > reach / 4) from++;
    while (to < line.length && along[to] - along[i] <= reach / 4) to++;
    if (to - from < 3) return point;
    const { axis, coefficients: [a] } = fitLine(line.slice(from, to), point, scatter);
    return { x: point.x - a * axis.y, y: point.y + a * axis.x };
  });
}
