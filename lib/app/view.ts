import { fromFileUrl } from "@std/path";
import * as z from "zod";
import {
  checkOptions,
  EPickerError,
  messageOfError,
  type Mode,
  MODES,
  option,
} from "../core/mod.ts";
import { SHIPPED_MODELS } from "../picking/mod.ts";
import { keepAddress, lastAddress } from "./address.ts";
import { pageScript } from "./bundle.ts";
import { admitted, jsonBody, Refusal, SAFE_HEADERS } from "./guard.ts";
import { Follower } from "./follow.ts";
import { Learner } from "./learner.ts";
import { pickedWith } from "./picked_with.ts";
import { Pictures } from "./pictures.ts";
import { Session } from "./session.ts";
import type { PictureHead, ServerEvent } from "./wire.ts";

/** What {@linkcode openView} may be told. */
export interface ViewOptions {
  /** Folder that `pickFiles` has written, or in which labels shall lie; made where it is missing. */
  picks: string;
  /** Folder of labels or other picks to show beside. */
  labels?: string;
  /** Model to go on from when the page trains, and to pick by; the one that ships for the mode by default. */
  model?: string;
  /** What is to be picked; what the folder has, or `particle`, by default. */
  mode?: Mode;
  /** Exemplars of what it has learned, to add to it without forgetting. */
  exemplars?: string;
  /** Port on 127.0.0.1; that of the last view of the folder by default, or a free one. */
  port?: number;
}

/** A page that is served. */
export interface View extends AsyncDisposable {
  /** Address with the token, without which nothing is answered; the same as the last time of the folder. */
  address: string;
  /** Fulfilled when the server has ended. */
  finished: Promise<void>;
}

/**
 * Serves the page on 127.0.0.1 until it is disposed.
 *
 * @throws {EPickerError} `bad-option`, `missing-file` without micrographs or model; `bad-model`;
 * `write-failed` where the folder of picks is not writable or another view has it open.
 */
export async function openView(inputs: readonly string[], options: ViewOptions): Promise<View> {
  checkOptions(options, { port: option.whole(0, 65535), mode: option.oneOf(MODES) });
  const script = await pageScript();
  const style = await Deno.readTextFile(new URL("page/style.css", import.meta.url));
  const pages = new Pages();
  const { mode = (await pickedWith(options.picks)).mode ?? "particle" } = options;
  const learner = await Learner.open({
    ...{ picks: options.picks, exemplars: options.exemplars },
    model: options.model ?? fromFileUrl(SHIPPED_MODELS[mode]),
  }, (progress) => pages.tell({ progress }));
  const session = await Session.open(inputs, options);
  const pictures = new Pictures();
  const follower = new Follower(session, options.picks, (results) => pages.tell({ results }));
  const files = { script, style };
  const routes = new Routes({ session, pictures, learner, follower, pages, files });
  const { token, port: last } = await lastAddress(options.picks);
  const ended = new DisposableStack();
  for (const part of [learner, pictures, session]) ended.use(part);
  ended.defer(() => void follower.close());
  const handler = (request: Request) => routes.answer(request, token);
  const server = serve(options.port, last, handler, ended);
  const { port } = server.addr;
  await keepAddress(options.picks, { port, token });
  return {
    address: `http://127.0.0.1:${port}/${token}/`,
    finished: server.finished,
    async [Symbol.asyncDispose]() {
      await follower.close();
      pages.close();
      await server.shutdown();
      ended.dispose();
    },
  };
}

/** Serves on a port; without one on that of the last time, or a free one. */
function serve(
  port: number | undefined,
  last: number | undefined,
  handler: Deno.ServeHandler,
  parts: Disposable,
) {
  const start = (port: number) =>
    Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, handler);
  try {
    if (port !== undefined) return start(port);
    try {
      return start(last ?? 0);
    } catch {
      return start(0); // another program has it now
    }
  } catch (error) {
    parts[Symbol.dispose]();
    throw new EPickerError("bad-option", {
      file: "port",
      found: `${port ?? "any"}, on which nothing can be served (${messageOfError(error)})`,
      expected: "a free port",
      remedy: "Leave it out: a free one is taken.",
    }, { cause: error });
  }
}

const changesSchema = z.object({ by: z.string().max(64), changes: z.unknown() });
const ruleSchema = z.object({
  threshold: z.number().min(0).max(1),
  diameterRange: z.tuple([z.number(), z.number()]).optional(),
});
const saveSchema = z.object({ rule: ruleSchema, formats: z.array(z.string()).max(20) });
const learnSchema = z.object({
  kind: z.enum(["train", "add"]),
  steps: z.number().int().min(1).max(1e6),
  rule: ruleSchema,
  diameter: z.number().positive(),
});
const pickSchema = z.object({ by: z.enum(["given", "new"]) });

/** The pages that listen. */
class Pages {
  readonly #listeners = new Set<ReadableStreamDefaultController<Uint8Array>>();

  /** A stream of what happens. */
  listen(): Response {
    let own: ReadableStreamDefaultController<Uint8Array>;
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        own = controller;
        this.#listeners.add(controller);
        controller.enqueue(new TextEncoder().encode(": listening\n\n"));
      },
      cancel: () => void this.#listeners.delete(own),
    });
    return new Response(stream, { headers: { "content-type": "text/event-stream" } });
  }

  /** Tells all of them. */
  tell(event: ServerEvent): void {
    const bytes = new TextEncoder().encode(`data: ${JSON.stringify(event)}\n\n`);
    for (const listener of this.#listeners) listener.enqueue(bytes);
  }

  /** Ends what they listen to. */
  close(): void {
    for (const listener of this.#listeners) listener.close();
    this.#listeners.clear();
  }
}

/** What answers are made of. */
interface Parts {
  session: Session;
  pictures: Pictures;
  learner: Learner;
  follower: Follower;
  pages: Pages;
  files: { script: string; style: string };
}

/** Answers requests. */
class Routes {
  readonly #session: Session;
  readonly #pictures: Pictures;
  readonly #learner: Learner;
  readonly #follower: Follower;
  readonly #pages: Pages;
  readonly #files: Parts["files"];

  constructor({ session, pictures, learner, follower, pages, files }: Parts) {
    this.#session = session;
    this.#pictures = pictures;
    this.#learner = learner;
    this.#follower = follower;
    this.#pages = pages;
    this.#files = files;
  }

  async answer(request: Request, token: string): Promise<Response> {
    const response = await this.#route(request, token).catch(failure);
    for (const [name, value] of Object.entries(SAFE_HEADERS)) response.headers.set(name, value);
    return response;
  }

  async #route(request: Request, token: string): Promise<Response> {
    const [what = "", name = "", ...rest] = admitted(request, token);
    if (rest.length > 0) throw new Refusal(404, "nothing of this name");
    const { searchParams } = new URL(request.url);
    if (request.method === "GET") return await this.#get(what, name, searchParams);
    if (request.method !== "POST") throw new Refusal(405, "another method");
    return Response.json(await this.#post(what, name, await jsonBody(request)) ?? {});
  }

  async #get(what: string, name: string, query: URLSearchParams): Promise<Response> {
    const text = (body: string, type: string) =>
      new Response(body, { headers: { "content-type": `${type}; charset=utf-8` } });
    switch (what) {
      case "":
        return text(PAGE, "text/html");
      case "app.js":
        return text(this.#files.script, "text/javascript");
      case "style.css":
        return text(this.#files.style, "text/css");
      case "about":
        return Response.json({
          ...this.#session.about(),
          teaching: this.#learner.teaching,
          watching: await this.#follower.watching(),
        });
      case "facts":
        return Response.json(await this.#session.facts(wholeOf(query, "from"), 200));
      case "suggestion":
        return Response.json(this.#session.suggestion());
      case "events":
        return this.#pages.listen();
      case "progress":
        return Response.json(this.#learner.progress);
      case "new":
        return Response.json(await this.#learner.newPicks({ name, path: this.#pathOf(name) }));
      case "marks":
        this.#pathOf(name);
        return Response.json(await this.#session.marks(name));
      case "thumbnail":
        return new Response(await this.#pictures.thumbnail(this.#pathOf(name)), {
          headers: { "content-type": "image/png" },
        });
      case "picture":
        return await this.#picture(name, query);
    }
    throw new Refusal(404, "nothing of this name");
  }

  async #post(what: string, name: string, body: unknown): Promise<unknown> {
    switch (what) {
      case "edits": {
        this.#pathOf(name);
        const { by, changes } = parsed(changesSchema, body);
        const made = await this.#session.edits.change(name, changes);
        this.#pages.tell({ edited: { name, by, changes: made } });
        return {};
      }
      case "save": {
        const { rule, formats } = parsed(saveSchema, body);
        return await this.#session.save(rule, formats);
      }
      case "learn":
        return await this.#learn(body);
      case "stop":
        return this.#learner.stop();
      case "resume":
        return this.#learner.resume();
      case "pick":
        return this.#learner.pickAll(await this.#session.toPick(), parsed(pickSchema, body).by);
    }
    throw new Refusal(404, "nothing of this name");
  }

  async #learn(body: unknown): Promise<void> {
    const { rule, diameter, ...lesson } = parsed(learnSchema, body);
    const { mode } = this.#learner;
    await this.#learner.begin(lesson, await this.#session.labelled({ mode, diameter, ...rule }));
  }

  async #picture(name: string, query: URLSearchParams): Promise<Response> {
    const { pixels, ...head } = await this.#pictures.picture(this.#pathOf(name), {
      lowPassA: wholeOf(query, "lowpass"),
      spectrum: query.has("spectrum"),
    });
    return new Response(pixels, {
      headers: {
        "content-type": "application/octet-stream",
        "x-picture": JSON.stringify(head satisfies PictureHead),
      },
    });
  }

  /** Only names of the list reach files; no path is ever made of an address. */
  #pathOf(name: string): string {
    const path = this.#session.pathOf(name);
    if (path === undefined) throw new Refusal(404, "no micrograph of this name");
    return path;
  }
}

function wholeOf(query: URLSearchParams, name: string): number {
  const value = Number(query.get(name) ?? 0);
  if (Number.isInteger(value) && value >= 0 && value <= 1e6) return value;
  throw new Refusal(400, `a ${name} that is no whole number`);
}

function parsed<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const checked = schema.safeParse(body);
  if (checked.success) return checked.data;
  throw new Refusal(400, "a body of another shape");
}

/** What went wrong, as an answer: a refusal, a mistake in a line, or a fault of ours. */
function failure(error: unknown): Response {
  const status = error instanceof Refusal
    ? error.status
    : error instanceof EPickerError && error.code !== "write-failed"
    ? 422
    : 500;
  return Response.json({ error: messageOfError(error) }, { status });
}

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>EPicker</title>
<link rel="stylesheet" href="style.css">
<link rel="icon" href="data:,">
<body><div id="app"></div><script type="module" src="app.js"></script></body>
</html>
`;
