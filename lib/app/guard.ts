/** Largest body of a request: edits of some ten thousand marks. */
export const MAX_BODY_BYTES = 4 << 20;

/** Names under which a browser reaches a server on its own machine, or at the end of a tunnel. */
const LOCAL_NAMES = ["127.0.0.1", "localhost", "[::1]"];

/** A request that is refused. */
export class Refusal extends Error {
  /** HTTP status. */
  readonly status: number;

  /** Says why. */
  constructor(status: number, reason: string) {
    super(reason);
    this.status = status;
  }
}

/** A token that nobody guesses: 128 bits as text. */
export function newToken(): string {
  return crypto.getRandomValues(new Uint8Array(16)).toHex();
}

/**
 * The parts of a request's path behind the token, decoded.
 *
 * A page of another origin cannot read the token, and one that has another name for this machine
 * (DNS rebinding) is told by its host.
 *
 * @throws {Refusal} For another host or origin, without the token, or where a part is no text.
 */
export function admitted(request: Request, token: string): string[] {
  const url = new URL(request.url);
  const host = request.headers.get("host") ?? "";
  if (!LOCAL_NAMES.includes(host.replace(/:\d+$/, ""))) throw new Refusal(403, "another host");
  const origin = request.headers.get("origin");
  if (origin !== null && origin !== `http://${host}`) throw new Refusal(403, "another origin");
  const site = request.headers.get("sec-fetch-site") ?? "none";
  if (!["same-origin", "none"].includes(site)) throw new Refusal(403, "another site");
  const [, given, ...parts] = url.pathname.split("/");
  if (!isSame(given, token)) throw new Refusal(403, "no token");
  try {
    return parts.map(decodeURIComponent);
  } catch {
    throw new Refusal(400, "an address that is no text");
  }
}

/** Compares texts in a time that does not tell where they differ. */
function isSame(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

/**
 * The JSON of a request's body.
 *
 * @throws {Refusal} For what is no JSON, of another type, or longer than {@linkcode MAX_BODY_BYTES};
 * reading stops there.
 */
export async function jsonBody(request: Request): Promise<unknown> {
  if (request.headers.get("content-type") !== "application/json") {
    throw new Refusal(415, "a body that is not JSON");
  }
  const tooLong = new Refusal(413, `a body of more than ${MAX_BODY_BYTES} bytes`);
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) throw tooLong;
  const decoder = new TextDecoder();
  let [text, length] = ["", 0];
  try {
    for await (const piece of request.body ?? []) {
      length += piece.length;
      if (length > MAX_BODY_BYTES) throw tooLong;
      text += decoder.decode(piece, { stream: true });
    }
    return JSON.parse(text + decoder.decode());
  } catch (error) {
    throw error === tooLong ? error : new Refusal(400, "a body that is cut off or not JSON");
  }
}

/** What every answer tells the browser: own files alone, nothing remembered, no frame around it. */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};
