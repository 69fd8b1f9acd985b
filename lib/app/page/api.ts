/// <reference lib="dom" />
import type { EditChanges, PickRule } from "../../core/mod.ts";
import type {
  About,
  Facts,
  Marks,
  NewPicks,
  PictureHead,
  Progress,
  Saved,
  ServerEvent,
  Suggestion,
} from "../wire.ts";

/** A picture as the server sends it. */
export interface Picture extends PictureHead {
  /** Greys, row-major. */
  pixels: Uint8Array;
}

/** This page, among others that look at the same folder. */
const PAGE_ID = crypto.randomUUID();

/** What the page knows from the start. */
export function getAbout(): Promise<About> {
  return getJson("about");
}

/** Facts of some micrographs from a place in the list. */
export function getFacts(from: number): Promise<Facts[]> {
  return getJson(`facts?from=${from}`);
}

/** The threshold that the scores suggest. */
export function getSuggestion(): Promise<Suggestion> {
  return getJson("suggestion");
}

/** Candidates, labels and edits of a micrograph. */
export function getMarks(name: string): Promise<Marks> {
  return getJson(`marks/${encodeURIComponent(name)}`);
}

/** Address of a thumbnail. */
export function thumbnailOf(name: string): string {
  return `thumbnail/${encodeURIComponent(name)}`;
}

/** The picture of a micrograph, or its power spectrum. */
export async function getPicture(
  name: string,
  { lowPassA = 0, spectrum = false, signal }: {
    lowPassA?: number;
    spectrum?: boolean;
    signal: AbortSignal;
  },
): Promise<Picture> {
  const query = `lowpass=${Math.round(lowPassA)}${spectrum ? "&spectrum" : ""}`;
  const response = await checked(
    await reached(`picture/${encodeURIComponent(name)}?${query}`, { signal }),
  );
  const head: PictureHead = JSON.parse(response.headers.get("x-picture")!);
  return { ...head, pixels: new Uint8Array(await response.arrayBuffer()) };
}

/** Edits that wait to be sent, in order. */
let sending: Promise<unknown> = Promise.resolve();

/** Milliseconds until edits are sent again that did not arrive. */
const RETRY = 1000;

/**
 * Sends edits after all those before, again and again until they have arrived; sent twice, they do
 * the same as once. Tells whether they were taken.
 */
export function sendChanges(
  name: string,
  changes: EditChanges,
  onState: (problem: string | undefined) => void,
): Promise<boolean> {
  const send = async () => {
    for (;;) {
      try {
        await postJson(`edits/${encodeURIComponent(name)}`, { by: PAGE_ID, changes });
        onState(undefined);
        return true;
      } catch (error) {
        onState(error instanceof Error ? error.message : String(error));
        if (error instanceof Refused) return false;
        await new Promise((resolve) => setTimeout(resolve, RETRY));
      }
    }
  };
  const sent = sending.then(send);
  sending = sent;
  return sent;
}

/** Candidates, labels and edits of a micrograph, after all edits that were made here before. */
export async function getMarksAfterEdits(name: string): Promise<Marks> {
  await sending;
  return await getMarks(name);
}

/** Writes the picks of all micrographs, after all edits that were made before. */
export async function save(rule: PickRule, formats: string[]): Promise<Saved> {
  await sending;
  return await postJson("save", { rule, formats });
}

/** How learning and picking stand. */
export function getProgress(): Promise<Progress> {
  return getJson("progress");
}

/** What the new model sees in a micrograph; it is picked where it was not. */
export function getNewPicks(name: string): Promise<NewPicks> {
  return getJson(`new/${encodeURIComponent(name)}`);
}

/** Begins to learn from what is labelled, after all edits that were made before. */
export async function learn(
  lesson: { kind: "train" | "add"; steps: number; rule: PickRule; diameter: number },
): Promise<void> {
  await sending;
  await postJson("learn", lesson);
}

/** Ends a run after the step in work, or goes on with it. */
export async function command(what: "stop" | "resume"): Promise<void> {
  await postJson(what, {});
}

/** Picks all micrographs, by the new model or the one that the server was given. */
export async function pickAll(by: "given" | "new"): Promise<void> {
  await postJson("pick", { by });
}

/**
 * Hears of edits that other pages have made, and of learning.
 *
 * @param onAgain Called where the connection was lost and is there again: what was told in between
 * was not heard.
 */
export function listen(onEvent: (event: ServerEvent) => void, onAgain: () => void): void {
  const events = new EventSource("events");
  let opened = 0;
  events.onopen = () => {
    if (opened++ > 0) onAgain();
  };
  events.onmessage = ({ data }: MessageEvent<string>) => {
    const event: ServerEvent = JSON.parse(data);
    if (!("edited" in event) || event.edited.by !== PAGE_ID) onEvent(event);
  };
}

/** What the server does not take, however often it is sent. */
class Refused extends Error {}

async function getJson<T>(path: string): Promise<T> {
  return await (await checked(await reached(path))).json();
}

async function postJson<T>(path: string, body: unknown): Promise<T> {
  const headers = { "content-type": "application/json" };
  const request = { method: "POST", headers, body: JSON.stringify(body) };
  return await (await checked(await reached(path, request))).json();
}

async function reached(path: string, request?: RequestInit): Promise<Response> {
  try {
    return await fetch(path, request);
  } catch (error) {
    if (request?.signal?.aborted) throw error;
    throw new Error(
      "The server does not answer. Edits wait in this page: start 'epicker view' again.",
    );
  }
}

async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  const told: { error?: string } = await response.json().catch(() => ({}));
  const message = told.error ?? `the server answers ${response.status}`;
  throw response.status < 500 ? new Refused(message) : new Error(message);
}
