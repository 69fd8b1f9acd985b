/**
 * The picker in a browser: look at picks, choose a threshold, correct and label.
 *
 * {@linkcode openView} serves a page on this machine alone, for micrographs and the folder that
 * `pickFiles` has written or will. What a person adds, rejects, ignores or draws is an edit
 * (`core`); each is on the disk before the page says so, and `pickFiles` and `changeThreshold` write
 * coordinates with the edits in them. The page itself lies in `page/`; it is bundled on first use.
 * {@linkcode pickReport} makes a page that only shows, for mailing.
 *
 * @module
 */
export { writeSite } from "./site.ts";
export { pickReport } from "./report.ts";
export { openView, type View, type ViewOptions } from "./view.ts";
