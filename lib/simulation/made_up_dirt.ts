import type { Random } from "../core/mod.ts";
import { spanOn } from "./canvas.ts";
import { colouredNoise } from "./coloured_noise.ts";
import { blobs, paint } from "./made_up.ts";

/**
 * Dirt for made up images of fibers and vesicles, dark on 0: balls of ice and rows of them, clumps, the
 * film with its edge; a good part of the images stays clean.
 *
 * @param width What the objects to pick measure, in pixels; their depth is about 1.
 */
export function madeUpDirt(size: number, width: number, stream: Random): Float32Array {
  const pixels = new Float32Array(size * size);
  const anywhere = () => ({ x: stream.between(0, size), y: stream.between(0, size) });
  for (let rows = [0, 0, 2, 5][stream.integer(4)]; rows > 0; rows--) {
    const ball = { ...anywhere(), diameter: width * stream.between(0.6, 3.5) };
    const depth = stream.between(0.5, 4);
    for (let balls = 1 + stream.integer(3); balls > 0; balls--) {
      paintBall(pixels, size, ball, depth);
      const angle = stream.between(0, 2 * Math.PI);
      ball.x += 0.8 * ball.diameter * Math.cos(angle);
      ball.y += 0.8 * ball.diameter * Math.sin(angle);
    }
  }
  for (let clumps = [0, 0, 2, 6][stream.integer(4)]; clumps > 0; clumps--) {
    const diameter = width * stream.between(0.6, 4);
    paint(
      { pixels, size, ...anywhere(), diameter, strength: stream.between(0.1, 0.6) },
      blobs(stream),
      stream,
    );
  }
  if (stream.uniform() < 0.25) addFilm(pixels, size, width, stream);
  return pixels;
}

/** Subtracts the projection of a ball. */
export function paintBall(
  pixels: Float32Array,
  size: number,
  { x, y, diameter }: { x: number; y: number; diameter: number },
  depth: number,
): void {
  const rows = spanOn(size, y, diameter / 2);
  for (let row = rows.from; row <= rows.to; row++) {
    const across = Math.sqrt(Math.max(0, diameter ** 2 / 4 - (row - y) ** 2));
    const columns = spanOn(size, x, across);
    for (let column = columns.from; column <= columns.to; column++) {
      const off = 2 * Math.hypot(column - x, row - y) / diameter;
      pixels[row * size + column] -= depth * Math.sqrt(Math.max(0, 1 - off * off));
    }
  }
}

/** The film on one side of a nearly straight edge: darker, grained, with a rim of its own. */
function addFilm(pixels: Float32Array, size: number, width: number, stream: Random): void {
  const radius = size * Math.exp(stream.between(0, 4)) * (stream.integer(2) ? 1 : -1);
  const angle = stream.between(0, 2 * Math.PI);
  const off = stream.between(-0.4, 0.4) * size; // of the edge from the middle
  const [cx, cy] = [Math.cos(angle), Math.sin(angle)]
    .map((along) => size / 2 + (off + radius) * along);
  const [depth, rough, rim] = [stream.between(0, 3), stream.between(0, 1.5), stream.between(-1, 3)];
  const reach = width * stream.between(0.1, 0.8);
  const texture = colouredNoise(size, stream.between(0.3, 1.2), stream);
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0; x < size; x++, i++) {
      const inside = Math.sign(radius) * (Math.abs(radius) - Math.hypot(x - cx, y - cy));
      if (inside <= 0) continue;
      pixels[i] -= depth + rough * texture[i] + rim * Math.exp(-inside / reach);
    }
  }
}
