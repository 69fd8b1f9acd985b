/** The WGSL type of one load of `width` floats. */
export function floats(width: 1 | 4): string {
  return width === 4 ? "vec4<f32>" : "f32";
}

/** The integers 0…count − 1. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
