import type { Shaders } from "./gl.ts";

/** How much is seen of a mark: below the threshold the less, the weaker it is. */
const ALPHA = `
uniform float threshold, dimmed;
float alphaOf(float score) {
  return score < threshold ? dimmed * min(abs(score) / threshold, 1.0) : 1.0;
}`;

/** A line of a colour with a dark rim, by how far it is `off` the middle, in pixels of the screen. */
const INKED = `
vec4 inked(vec4 tint, float off) {
  float line = clamp(2.0 - off / 0.7, 0.0, 1.0), halo = clamp(2.4 - off, 0.0, 1.0);
  return vec4(tint.rgb * line, max(line, 0.55 * halo)) * tint.a;
}`;

/** A ring is a square about it, of which the program colours what lies near the circle. */
export const RING_SHADERS: Shaders = {
  vertex: `#version 300 es
uniform vec2 centre, screen; uniform float zoom, ratio;${ALPHA}
in vec4 ring; in vec3 ink;
out vec2 at; flat out float radius; flat out vec4 tint;
void main() {
  radius = max(ring.z * 0.5 * zoom / ratio, 3.0);
  int corner = gl_VertexID & 3;
  at = (vec2(corner & 1, corner >> 1) * 2.0 - 1.0) * (radius + 2.5);
  tint = vec4(ink, alphaOf(ring.w));
  vec2 place = ((ring.xy - centre) * zoom + at * ratio) / screen * 2.0;
  gl_Position = tint.a > 0.02 ? vec4(place.x, -place.y, 0, 1) : vec4(2, 2, 2, 1);
}`,
  fragment: `#version 300 es
precision highp float;${INKED}
in vec2 at; flat in float radius; flat in vec4 tint; out vec4 colour;
void main() {
  colour = inked(tint, abs(length(at) - radius));
}`,
};

/** A piece of a line is a rectangle along it. */
export const LINE_SHADERS: Shaders = {
  vertex: `#version 300 es
uniform vec2 centre, screen; uniform float zoom, ratio;${ALPHA}
in vec4 piece; in vec4 ink;
out float across; flat out vec4 tint;
void main() {
  vec2 from = (piece.xy - centre) * zoom, to = (piece.zw - centre) * zoom;
  vec2 along = normalize(to - from + vec2(1e-6, 0));
  int corner = gl_VertexID & 3;
  across = (float(corner >> 1) * 2.0 - 1.0) * 2.4;
  tint = vec4(ink.rgb, alphaOf(ink.a));
  vec2 end = (corner & 1) == 0 ? from - along * ratio : to + along * ratio;
  vec2 place = (end + vec2(-along.y, along.x) * across * ratio) / screen * 2.0;
  gl_Position = tint.a > 0.02 ? vec4(place.x, -place.y, 0, 1) : vec4(2, 2, 2, 1);
}`,
  fragment: `#version 300 es
precision highp float;${INKED}
in float across; flat in vec4 tint; out vec4 colour;
void main() {
  colour = inked(tint, abs(across));
}`,
};
