/** The style of every page. The policy of the page has its hash. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --bg: #ffffff; --fg: #1c2128; --muted: #57606a; --line: #d0d7de; --card: #f6f8fa; --link: #0550ae;
  --good: #116329; --bad: #b3261e; --wait: #7d4e00;
  --upload: #2f6fd0; --queue: #6b7280; --restore: #1a7f4b; --increment: #8a4bbf; --check: #a85a00;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --bg: #0f1317; --fg: #e6edf3; --muted: #9aa4af; --line: #3a424c; --card: #171c22; --link: #79b8ff;
    --good: #5fd38a; --bad: #ff8b82; --wait: #e3b341;
    --upload: #6ea8ff; --queue: #9aa4af; --restore: #4fc586; --increment: #c79bff; --check: #f0a54a;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 80rem; background: var(--bg); color: var(--fg); font: 0.9375rem/1.5 system-ui, sans-serif; }
h1 { margin: 0 0 0.25rem; font-size: 1.6rem; line-height: 1.25; }
h2 { margin: 2.25rem 0 0.5rem; font-size: 1.2rem; }
h3 { margin: 1rem 0 0.25rem; font-size: 1rem; }
p { margin: 0.25rem 0; }
a { color: var(--link); }
code { font: 0.875em/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
ul { margin: 0.25rem 0; padding-left: 1.25rem; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.muted, .digest { color: var(--muted); }
.text { white-space: pre-line; overflow-wrap: anywhere; }
.good { color: var(--good); } .bad { color: var(--bad); } .wait { color: var(--wait); }
.badge { white-space: nowrap; font-weight: 600; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: 0.5rem; margin: 0.5rem 0; }
.tiles div { padding: 0.5rem 0.75rem; border: 1px solid var(--line); border-radius: 0.5rem; background: var(--card); }
.tiles dt { color: var(--muted); font-size: 0.8125rem; }
.tiles dd { margin: 0; font-size: 1.2rem; font-weight: 600; overflow-wrap: anywhere; }
.tiles .good dd { color: var(--good); } .tiles .bad dd { color: var(--bad); }
.facts { margin: 0.25rem 0 0.75rem; }
.facts div { display: grid; grid-template-columns: 12rem 1fr; gap: 0 1rem; padding: 0.125rem 0; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.facts ul { margin: 0; padding-left: 1rem; }
.notice { margin: 0.5rem 0; padding: 0.5rem 0.75rem; border: 1px solid var(--line); border-left: 0.3rem solid var(--wait); border-radius: 0.25rem; background: var(--card); }
.notice.error { border-left-color: var(--bad); }
.notice p:first-child { font-weight: 600; }
.filter { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; margin: 0.5rem 0; }
.filter[hidden] { display: none; }
.filter input, .filter select { font: inherit; color: inherit; background: var(--bg); border: 1px solid var(--muted); border-radius: 0.25rem; padding: 0.2rem 0.4rem; max-width: 60vw; }
.filter p { color: var(--muted); }
.scroll { overflow: auto; max-height: 80vh; border: 1px solid var(--line); border-radius: 0.5rem; }
table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: 0.875rem; }
caption { text-align: left; padding: 0.4rem 0.6rem; color: var(--muted); }
th, td { padding: 0.3rem 0.45rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); white-space: nowrap; }
thead th { position: sticky; top: 0; z-index: 2; background: var(--card); }
tbody th { position: sticky; left: 0; z-index: 1; background: var(--bg); font-weight: 600; max-width: 16rem; overflow: hidden; text-overflow: ellipsis; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
thead button { all: unset; cursor: pointer; font-weight: 600; }
thead button:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
thead button::after { content: " \\2195"; color: var(--muted); }
[aria-sort=ascending] button::after { content: " \\2191"; color: inherit; }
[aria-sort=descending] button::after { content: " \\2193"; color: inherit; }
details { border-bottom: 1px solid var(--line); }
details:where(:not([open])) { content-visibility: auto; contain-intrinsic-size: auto 2.1rem; }
summary { cursor: pointer; padding: 0.3rem 0; overflow-wrap: anywhere; }
details[hidden] { display: none; }
.picture { overflow: auto; max-height: 75vh; border: 1px solid var(--line); border-radius: 0.5rem; position: relative; }
.axis, .rows { display: flex; width: max-content; min-width: 100%; }
.axis { position: sticky; top: 0; z-index: 2; background: var(--card); border-bottom: 1px solid var(--line); }
.full { content-visibility: auto; contain-intrinsic-size: auto 800px; }
.names { position: sticky; left: 0; z-index: 1; width: 11rem; flex: none; background: var(--bg); border-right: 1px solid var(--line); font-size: 12px; }
.axis .names { background: var(--card); }
.names span { display: block; height: 16px; line-height: 16px; padding: 0 0.4rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
svg { display: block; flex: none; }
svg text { fill: var(--muted); font: 11px system-ui, sans-serif; }
.grid { stroke: var(--line); fill: none; }
.break { stroke: var(--muted); stroke-dasharray: 2 3; fill: none; }
.hit { fill: transparent; }
.rows g:hover .hit { fill: var(--card); }
.upload { fill: var(--upload); }
.queue { fill: none; stroke: var(--queue); stroke-dasharray: 3 2; }
.restore { fill: url(#restore); stroke: var(--restore); }
.queueOrRestore { fill: none; stroke: var(--restore); stroke-dasharray: 3 2; }
.increment { fill: var(--increment); }
.check { fill: url(#check); stroke: var(--check); }
.whole { fill: var(--queue); }
.open { opacity: 0.65; }
.restore-line { stroke: var(--restore); stroke-width: 2; } .check-dot { fill: var(--check); }
.failed { stroke: var(--bad); stroke-width: 2; fill: none; }
.load path { stroke: none; }
.load .queue, .load .queueOrRestore { fill: var(--line); }
.defs { position: absolute; width: 0; height: 0; }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; list-style: none; padding: 0; margin: 0.5rem 0; font-size: 0.875rem; }
.legend li { display: flex; align-items: center; gap: 0.4rem; }
@media (max-width: 40rem) {
  body { padding: 0.6rem; }
  .facts div { grid-template-columns: 1fr; }
  .names { width: 6.5rem; }
  tbody th { max-width: 9rem; }
}
@page { margin: 12mm; }
@media print {
  :root { color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 9pt; background: #ffffff; }
  .filter { display: none; }
  .scroll, .picture { overflow: visible; max-height: none; border: 0; }
  thead th, tbody th, .axis, .names { position: static; }
  .full, details { content-visibility: visible; }
  .rows, tr, .notice, .tiles div, details { break-inside: avoid; }
  .axis, .rows { zoom: 0.6; min-width: 0; }
  .names { width: 7rem; }
  th, td { white-space: normal; padding: 0.15rem 0.3rem; overflow-wrap: anywhere; }
  table { font-size: 7pt; }
  details::details-content { content-visibility: visible; display: block; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
