import { median } from "../core/mod.ts";

/** How long a piece of work took, in seconds. */
export interface Timing {
  /** Median of the runs. */
  median: number;
  /** The fastest run. */
  least: number;
  /** The runs, without the warm-up; 0 where that took so long that it stands for them. */
  runs: number;
  /** The warm-up: the very first call, with what is compiled and allocated then. */
  warmUp: number;
}

/** How often {@linkcode timeTogether} measures. */
export interface TimingOptions {
  /** Runs after the warm-up. */
  repeats: number;
  /** Seconds of one piece of work after which it gets no further run; it always gets one. */
  budget: number;
  /** Seconds that a run should take at least: shorter work is called several times. @default {0} */
  least?: number;
  /** Seconds of a warm-up from which on it stands for all runs. @default {Infinity} */
  slow?: number;
}

/** A piece of work that is done a number of times and is finished when its promise is. */
export type Work = (calls: number) => Promise<unknown>;

/** Most calls of a piece of work in one run. */
const MAX_CALLS = 1000;

/**
 * Times several pieces of work in turns, so that a change of the machine's speed meets all of them.
 *
 * @returns Their times per call, by name.
 */
export async function timeTogether<Name extends string>(
  works: Partial<Record<Name, Work>>,
  { repeats, budget, least = 0, slow = Infinity }: TimingOptions,
): Promise<Partial<Record<Name, Timing>>> {
  const measured = [];
  for (const [name, work] of Object.entries(works) as [Name, Work][]) {
    const warmUp = await secondsOf(() => work(1));
    const short = least > 0 && warmUp < Math.min(budget, slow);
    const calls = short ? await callsFor(work, least) : 1;
    measured.push({ name, work, warmUp, calls, seconds: [] as number[] });
  }
  for (let round = 0; round < repeats; round++) {
    for (const { work, warmUp, calls, seconds } of measured) {
      if (warmUp > slow || calls * seconds.reduce((sum, time) => sum + time, 0) > budget) continue;
      seconds.push(await secondsOf(() => work(calls)) / calls);
    }
  }
  const timings = measured.map(({ name, warmUp, seconds }) => [name, timingOf(warmUp, seconds)]);
  return Object.fromEntries(timings);
}

/** How many calls take `least` seconds; finishing takes time of its own, so that one may mislead. */
async function callsFor(work: Work, least: number): Promise<number> {
  for (let calls = 1;;) {
    const seconds = await secondsOf(() => work(calls));
    const wanted = Math.min(MAX_CALLS, Math.max(1, Math.ceil(calls * least / seconds)));
    if (2 * seconds >= least || calls === MAX_CALLS) return wanted;
    calls = wanted;
  }
}

/** Seconds that a piece of work takes. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** Summary of the seconds of runs; without any, the warm-up stands for them. */
export function timingOf(warmUp: number, seconds: number[]): Timing {
  const times = seconds.length === 0 ? [warmUp] : seconds;
  return { median: median(times), least: Math.min(...times), runs: seconds.length, warmUp };
}
