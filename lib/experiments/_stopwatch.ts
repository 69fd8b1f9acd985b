import process from "node:process";

/** Seconds of a clock, and of all processors together. */
export interface Times {
  /** Seconds. */
  seconds: number;
  /** Seconds that this process has had of all processors. */
  cpuSeconds: number;
}

/** Measures work from when it is made. */
export class Stopwatch {
  #start = now();

  /** What has gone by. */
  read(): Times {
    return between(this.#start, now());
  }

  /** Does something that does not count. */
  async aside(work: () => Promise<void>): Promise<void> {
    const before = now();
    await work();
    const { seconds, cpuSeconds } = between(before, now());
    this.#start.seconds += seconds;
    this.#start.cpuSeconds += cpuSeconds;
  }
}

function now(): Times {
  const { user, system } = process.cpuUsage();
  return { seconds: performance.now() / 1000, cpuSeconds: (user + system) / 1e6 };
}

function between(start: Times, end: Times): Times {
  const seconds = end.seconds - start.seconds;
  return { seconds, cpuSeconds: end.cpuSeconds - start.cpuSeconds };
}
