/** The page's style sheet; colours are Okabe and Ito's (2008), safe for colour-blind readers. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark; accent-color: #0072b2;
  --paper: #ffffff; --ink: #1b1f24; --faint: #59636e; --line: #d1d9e0;
  --pick: #56b4e9; --truth: #e69f00;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #14181d; --ink: #e6e9ed; --faint: #9aa4af; --line: #343c46; }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem; max-width: 120rem;
  background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif;
}
h1 { margin: 0 0 .5rem; font-size: 1.5rem; }
p { margin: 0 0 1rem; color: var(--faint); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: 0 0 1rem; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .5rem; border-bottom: 1px solid var(--line); text-align: left; }
th { color: var(--faint); font-weight: 600; }
.number { text-align: right; }
.controls {
  position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; align-items: center;
  gap: .5rem 1.5rem; margin: 0 -1.5rem 1rem; padding: .75rem 1.5rem;
  background: var(--paper); border-bottom: 1px solid var(--line);
}
.controls label { display: flex; align-items: center; gap: .5rem; }
.controls input[type="range"] { width: min(20rem, 45vw); }
.controls output { font-variant-numeric: tabular-nums; }
.key { display: inline-block; width: 1em; height: 1em; border-radius: 50%; }
.key.picks { border: .2em solid var(--pick); }
.key.truth { border: .2em solid var(--truth); }
.figures { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fill, minmax(min(34rem, 100%), 1fr)); }
figure { margin: 0; min-width: 0; }
figure.large { grid-column: 1 / -1; }
.picture {
  position: relative; display: block; width: 100%; padding: 0; border: 0;
  background: none; cursor: zoom-in; line-height: 0;
}
.large .picture { cursor: zoom-out; }
.picture:focus-visible { outline: 3px solid var(--pick); outline-offset: 2px; }
.picture img { width: 100%; height: auto; }
.picture svg { position: absolute; inset: 0; width: 100%; height: 100%; }
.picture svg * { vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.picks circle, .truth circle { fill: transparent; }
.picks polyline, .truth polyline { fill: none; }
.picks { stroke: var(--pick); stroke-width: 1.75; }
.truth { stroke: var(--truth); stroke-width: 3.5; }
.weak, .no-picks .picks, .no-truth .truth { display: none; }
figcaption { padding: .5rem 0; overflow-wrap: anywhere; }
.charts {
  display: grid; gap: 1.5rem; margin: 1rem 0; grid-auto-flow: dense;
  grid-template-columns: repeat(auto-fit, minmax(min(30rem, 100%), 1fr));
}
.charts .broad { grid-column: 1 / -1; }
.chart, .picture-figure { max-width: 100%; height: auto; }
.charts div > .chart { width: 100%; max-width: 60rem; }
.charts .broad > .chart { max-width: none; }
.chart .title, .picture-figure .title, .picture-figure .label { fill: var(--ink); }
.chart .label, .chart .tick { fill: var(--faint); }
.chart .grid { stroke: var(--line); stroke-opacity: 1; }
h2 { margin: 1.5rem 0 .5rem; font-size: 1.2rem; }
`;
