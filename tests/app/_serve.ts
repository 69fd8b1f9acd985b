import { join } from "@std/path";

/** Serves a folder as any web server does. */
export function serveFolder(folder: string) {
  const types: Record<string, string> = {
    ...{ js: "text/javascript", html: "text/html", css: "text/css", wasm: "application/wasm" },
  };
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async ({ url }) => {
    const name = new URL(url).pathname.slice(1) || "index.html";
    const bytes = await Deno.readFile(join(folder, name)).catch(() => undefined);
    const type = types[name.split(".").at(-1)!] ?? "application/octet-stream";
    if (bytes === undefined) return new Response("", { status: 404 });
    return new Response(bytes, { headers: { "content-type": type } });
  });
}
