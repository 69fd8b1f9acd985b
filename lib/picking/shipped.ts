import type { Mode } from "../core/mod.ts";

const shipped = (name: string) =>
  new URL(`../../models/${name}/model.safetensors`, import.meta.url);

/** The models that ship with this project, by what they pick. */
export const SHIPPED_MODELS: Readonly<Record<Mode, URL>> = {
  particle: shipped("general"),
  vesicle: shipped("vesicle"),
  fiber: shipped("fiber"),
};

/** The one for particles, of kinds that it has not learned as well. */
export const SHIPPED_MODEL: URL = SHIPPED_MODELS.particle;
