import type { Shaders } from "./gl.ts";
import { HELD_SIGMAS } from "./greys.ts";

/** A rectangle of the micrograph. */
const vertex = `#version 300 es
uniform vec2 centre, screen, size; uniform float zoom, origin;
out vec2 at;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  vec2 place = (origin + corner * size - 0.5 - centre) * zoom / screen * 2.0;
  at = corner;
  gl_Position = vec4(place.x, -place.y, 0, 1);
}`;

/** The picture in greys. */
export const PICTURE_SHADERS: Shaders = {
  vertex,
  fragment: `#version 300 es
precision highp float;
uniform sampler2D picture; uniform float sigmas, offset, invert;
in vec2 at; out vec4 colour;
void main() {
  float value = (texture(picture, at).r * 2.0 - 1.0) * ${HELD_SIGMAS.toFixed(1)};
  float grey = clamp(0.5 + (value - offset) / sigmas, 0.0, 1.0);
  colour = vec4(vec3(mix(grey, 1.0 - grey, invert)), 1);
}`,
};

/** Probabilities from red over orange to yellow; where there is none, the picture is seen. */
export const HEAT_SHADERS: Shaders = {
  vertex,
  fragment: `#version 300 es
precision highp float;
uniform sampler2D picture; uniform float heat, origin; uniform vec2 size, whole;
in vec2 at; out vec4 colour;
void main() {
  vec2 place = origin + at * size;
  if (any(lessThan(place, vec2(0))) || any(greaterThan(place, whole))) discard; // margins
  float value = texture(picture, at).r;
  vec3 ink = mix(vec3(0.84, 0.2, 0.0), vec3(1.0, 0.95, 0.3), value);
  float alpha = heat * sqrt(value);
  colour = vec4(ink * alpha, alpha);
}`,
};
