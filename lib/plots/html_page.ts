import { escapeHtml } from "./escape.ts";
import { PAGE_STYLE } from "./page_style.ts";

/** What {@linkcode htmlPage} puts together. */
export interface HtmlPageOptions {
  /** Title and heading. */
  title: string;
  /** A sentence below it. */
  subtitle?: string | undefined;
  /** HTML below that. */
  body: string;
  /** A script at the end. */
  script?: string;
}

/** One self-contained page in the project's style. */
export function htmlPage({ title, subtitle, body, script }: HtmlPageOptions): string {
  const heading = escapeHtml(title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${heading}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<h1>${heading}</h1>
${subtitle === undefined ? "" : `<p>${escapeHtml(subtitle)}</p>`}
${body}
${script === undefined ? "" : `<script>${script}</script>\n`}</body>
</html>
`;
}
