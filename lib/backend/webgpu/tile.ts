/** What one invocation of a convolution keeps in registers. */
export interface Tile {
  /** Neighbouring columns of the result. */
  positions: number;
  /** Neighbouring channels of the result. */
  channels: number;
}

/** Invocations below which smaller tiles fill a GPU better. */
const WANTED_INVOCATIONS = 2 ** 14;

/**
 * Chooses a tile from the sizes alone: 8 × 8 where there is enough to do, else 8 × 4 or 4 × 4, which
 * load more for each product.
 *
 * @param values Values of the result.
 * @param columns Columns that a tile cannot cross.
 * @param channels Channels of the result.
 */
export function chooseTile(values: number, columns: number, channels: number): Tile {
  const share = values / WANTED_INVOCATIONS;
  const most = share >= 32 ? 8 : 4;
  return {
    positions: Math.ceil(columns / Math.ceil(columns / most)),
    channels: share >= 64 && channels % 8 === 0 ? 8 : Math.min(4, channels),
  };
}

/**
 * The workgroup of 64 for so many tiles of channels: up to 8 of them side by side, so that
 * neighbouring invocations load neighbouring filter values and the same pixels.
 */
export function tileWorkgroup(channelTiles: number): [across: number, down: number, one: number] {
  const across = Math.min(8, 2 ** Math.ceil(Math.log2(channelTiles)));
  return [across, 64 / across, 1];
}
