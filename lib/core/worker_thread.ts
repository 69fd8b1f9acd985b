import { messageOfError } from "./errors.ts";
import { inTurn } from "./in_turn.ts";

/** The functions that a worker offers; arguments and answers are cloned on the way. */
export interface WorkerFunctions {
  /** Whatever it can do. */
  // deno-lint-ignore no-explicit-any -- `never` would refuse the types of real functions
  [name: string]: (...args: any[]) => unknown;
  /** Called once before all others. */
  // deno-lint-ignore no-explicit-any -- as above
  start(...args: any[]): unknown;
}

/** What a worker is sent. */
interface Request {
  name: string;
  args: unknown[];
}

/** What it sends back: an answer, or before it what is going on. */
type Reply = { value: unknown } | { error: string } | { news: unknown };

/**
 * A worker that answers one call at a time; further calls wait for their turn.
 *
 * A function that throws rejects its call with its message. A worker that stops altogether rejects
 * the call in work, and the next call starts it anew. The worker's program is a module that calls
 * {@linkcode serveWorker}; the type argument is `typeof` the functions given there.
 */
export class WorkerThread<F extends WorkerFunctions> implements Disposable {
  readonly #module: string;
  readonly #first: unknown[];
  readonly #inTurn = inTurn();
  #worker: Worker | undefined;
  /** Hears what a function tells by {@linkcode tellCaller} before it answers. */
  onNews: (news: unknown) => void = () => {};

  /**
   * Prepares a worker, which runs from its first call on.
   *
   * @param module URL of its program.
   * @param first Arguments of its function `start`.
   */
  constructor(module: string, ...first: Parameters<F["start"]>) {
    this.#module = module;
    this.#first = first;
  }

  /** Calls a function of the worker and gives its answer. */
  call<N extends keyof F & string>(
    name: N,
    ...args: Parameters<F[N]>
  ): Promise<Awaited<ReturnType<F[N]>>> {
    const answer = this.#inTurn(async () => {
      return await this.#ask(this.#worker ?? await this.#begin(), { name, args });
    });
    return answer as Promise<Awaited<ReturnType<F[N]>>>;
  }

  async #begin(): Promise<Worker> {
    const worker = new Worker(this.#module, { type: "module" });
    this.#worker = worker;
    try {
      await this.#ask(worker, { name: "start", args: this.#first });
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
    return worker;
  }

  #ask(worker: Worker, request: Request): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      if ("news" in data) this.onNews(data.news);
      else if ("error" in data) reject(new Error(data.error));
      else resolve(data.value);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this[Symbol.dispose]();
      reject(new Error(`the worker stopped: ${event.message}`));
    };
    worker.postMessage(request);
    return promise;
  }

  /** Ends the worker; a call in work is never answered. */
  [Symbol.dispose](): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}

const moved = new WeakMap<object, ArrayBuffer[]>();

/** Marks buffers of a worker's answer to be moved to the caller, which is free, and not copied. */
export function transferring<T extends object>(answer: T, ...buffers: ArrayBuffer[]): T {
  moved.set(answer, buffers);
  return answer;
}

/** Tells the caller of the running worker what is going on; it is cloned on the way. */
export function tellCaller(news: unknown): void {
  (globalThis as unknown as Pick<Worker, "postMessage">).postMessage({ news });
}

/** Makes the running worker answer the calls of its {@linkcode WorkerThread}. */
export function serveWorker(functions: WorkerFunctions): void {
  const scope = globalThis as unknown as Pick<Worker, "onmessage" | "postMessage">;
  scope.onmessage = async ({ data: { name, args } }: MessageEvent<Request>) => {
    try {
      const value = await functions[name](...args);
      scope.postMessage({ value }, moved.get(Object(value)) ?? []);
    } catch (error) {
      scope.postMessage({ error: messageOfError(error) });
    }
  };
}
