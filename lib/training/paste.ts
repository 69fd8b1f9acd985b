import { type Circle, distance, type Random } from "../core/mod.ts";
import type { Crop } from "./augment.ts";

/** Radius in diameters of what is pasted: the particle, and surroundings in which it fades out. */
const [WHOLE, FADED] = [0.6, 1];

/** Places that are tried for a particle. */
const TRIES = 20;

/**
 * Pastes a particle of one crop into another, with its surroundings, which fade out, where nothing
 * else is; nothing where there is no such particle or no such place.
 *
 * @returns Whether it was pasted; `into` is changed.
 */
export function pasteParticle(from: Crop, into: Crop, size: number, stream: Random): boolean {
  const reach = ({ diameter }: Circle) => Math.ceil(FADED * diameter);
  const fits = (circle: Circle) =>
    [circle.x, circle.y].every((at) => at >= reach(circle) && at < size - 1 - reach(circle));
  const whole = from.objects.filter(fits);
  if (whole.length === 0) return false;
  const particle = whole[stream.integer(whole.length)];
  const place = freePlace(particle, into, size, stream);
  if (place === undefined) return false;
  blend(from.pixels, into.pixels, size, particle, place);
  into.objects = [...into.objects, place];
  return true;
}

/** A place whole pixels away from the particle's, so that nothing is interpolated. */
function freePlace(particle: Circle, into: Crop, size: number, stream: Random): Circle | undefined {
  const reach = Math.ceil(FADED * particle.diameter);
  const span = size - 2 * reach - 1;
  const taken = [...into.objects, ...into.ignored];
  for (let i = 0; i < TRIES; i++) {
    const [x, y] = [particle.x, particle.y].map((at) => {
      return reach + stream.integer(span) + at - Math.floor(at);
    });
    const place = { ...particle, x, y };
    const isFree = taken.every((other) =>
      distance(place, other) > FADED * particle.diameter + other.diameter / 2
    );
    if (isFree) return place;
  }
}

function blend(
  source: Float32Array,
  target: Float32Array,
  size: number,
  from: Circle,
  to: Circle,
): void {
  const reach = Math.ceil(FADED * from.diameter);
  const [shiftX, shiftY] = [Math.round(to.x - from.x), Math.round(to.y - from.y)];
  const [middleX, middleY] = [Math.round(from.x), Math.round(from.y)];
  for (let y = middleY - reach; y <= middleY + reach; y++) {
    for (let x = middleX - reach; x <= middleX + reach; x++) {
      const radius = distance({ x, y }, from) / from.diameter;
      const share = Math.max(0, Math.min(1, (FADED - radius) / (FADED - WHOLE)));
      const at = (y + shiftY) * size + x + shiftX;
      target[at] = share * source[y * size + x] + (1 - share) * target[at];
    }
  }
}
