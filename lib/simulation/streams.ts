/** Numbers of the random streams, so that no option shifts what another one draws. */
export const STREAMS = {
  places: 1,
  broken: 2,
  iceNoise: 3,
  shotNoise: 4,
  thickness: 5,
  crystals: 6,
  carbon: 7,
  hotPixels: 8,
  outline: 9,
  dataset: 10,
} as const;
