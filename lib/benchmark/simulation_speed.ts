import { presetNamed, recipeOf, simulateMicrograph } from "../simulation/mod.ts";
import { timeTogether, type Timing, type TimingOptions } from "./timing.ts";

/** A micrograph that is simulated. */
export interface SimulationCase {
  /** Columns and rows. */
  edge: number;
  /** Ribosomes on it. */
  particles: number;
}

/** The speed of the simulator, which runs on one core. */
export interface SimulationSpeed extends SimulationCase {
  /** One micrograph, from recipe to pixels. */
  seconds: Timing;
}

/** Side of the field for one ribosome, in Å: so that they have room. */
const ROOM_A = 520;

/** Times a micrograph of simulated ribosomes, the particles with most Gaussians after the viruses. */
export async function measureSimulation(
  { edge, particles }: SimulationCase,
  options: TimingOptions,
): Promise<SimulationSpeed> {
  const ribosomes = presetNamed("paper10").find(({ name }) => name === "ribosome-80s")!;
  const recipe = recipeOf(
    {
      ...ribosomes,
      fieldA: Math.ceil(ROOM_A * Math.sqrt(particles)),
      specimen: { ...ribosomes.specimen, count: particles },
      density: [1, 1],
    },
    0,
    { size: edge },
  );
  const simulate = (calls: number) => {
    for (let i = 0; i < calls; i++) simulateMicrograph(recipe);
    return Promise.resolve();
  };
  const { seconds } = await timeTogether({ seconds: simulate }, options);
  return { edge, particles, seconds: seconds! };
}
