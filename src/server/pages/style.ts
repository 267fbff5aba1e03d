/**
 * The styles of all pages: light and dark, from a phone to a screen on the wall.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** The style sheet. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --text: #1c2024; --quiet: #5a6169; --page: #f6f7f8; --card: #ffffff; --line: #d5d9de;
  --link: #0b57b0; --bad: #b3161b; --warn: #8a5300; --good: #1a6e34; --wait: #5a6169;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6e8ea; --quiet: #a3abb3; --page: #15181b; --card: #1e2226; --line: #3a4047;
    --link: #8ab8f5; --bad: #ff8a85; --warn: #f0b356; --good: #74cf8f; --wait: #a3abb3;
  }
}
* { box-sizing: border-box; }
body { background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif;
  margin: 0; overflow-wrap: anywhere; }
a { color: var(--link); }
a:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { left: -99rem; position: absolute; }
.skip:focus { background: var(--card); left: 0; padding: 0.5rem 1rem; top: 0; z-index: 1; }
header, main, footer { margin: 0 auto; max-width: 120rem; padding: 0 1rem; }
header { align-items: baseline; display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem;
  padding-top: 0.75rem; }
header strong { font-size: 1.05rem; }
nav ul, ul.grid { list-style: none; margin: 0; padding: 0; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; }
nav a { display: inline-block; padding: 0.2rem 0; }
h1 { font-size: 2rem; line-height: 1.2; margin: 1rem 0 0.5rem; }
h2 { font-size: 1.15rem; margin: 1.5rem 0 0.5rem; }
h3 { font-size: 1.05rem; margin: 0; }
p { margin: 0.25rem 0; }
.filter { margin-bottom: 1rem; }
.filter a { background: var(--card); border: 1px solid var(--line); border-radius: 1rem;
  padding: 0.1rem 0.8rem; text-decoration: none; }
.filter a[aria-current] { border-color: var(--link); box-shadow: inset 0 0 0 1px var(--link);
  font-weight: 600; }
ul.grid { display: grid; gap: 0.75rem; }
ul.cards { grid-template-columns: repeat(auto-fill, minmax(min(26rem, 100%), 1fr)); }
ul.tiles { gap: 0.5rem; grid-template-columns: repeat(auto-fill, minmax(min(13rem, 100%), 1fr)); }
.box { background: var(--card); border: 1px solid var(--line); border-left: 5px solid var(--wait);
  border-radius: 4px; padding: 0.6rem 0.8rem; }
.tiles .box { border-left-width: 4px; line-height: 1.3; padding: 0.25rem 0.6rem; }
.tiles h3 { font-size: 1rem; }
.tiles .box { min-width: 0; }
.tiles p { margin: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.tiles .head { justify-content: space-between; }
.box.down, .notice, .box.failed, .box.stale { border-left-color: var(--bad); }
.box.degraded { border-left-color: var(--warn); }
.box.up { border-left-color: var(--good); }
.head { align-items: baseline; display: flex; flex-wrap: wrap; gap: 0 0.75rem; }
.state { font-weight: 600; }
.state.down, .state.failed, .state.stale { color: var(--bad); }
.state.degraded { color: var(--warn); }
.state.up, .state.ok { color: var(--good); }
.state.starting, .state.waiting, .state.unsupported { color: var(--wait); }
.missing { border-left: 3px solid var(--warn); color: var(--warn); padding-left: 0.5rem; }
.urgency { font-weight: 600; }
.urgency.late { color: var(--bad); }
.urgency.soon { color: var(--warn); }
.urgency.later { font-weight: 400; }
.quiet { color: var(--quiet); font-size: 0.875rem; }
details.box { margin: 0.75rem 0; }
details.box:not([open]) { margin: 0.25rem 0; padding-bottom: 0.3rem; padding-top: 0.3rem; }
summary { cursor: pointer; }
summary h2 { display: inline; margin: 0; }
summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.part h3 { margin: 1rem 0 0.25rem; }
dl { display: grid; gap: 0.15rem 1rem; grid-template-columns: max-content 1fr; margin: 0.5rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; }
table { background: var(--card); border: 1px solid var(--line); border-collapse: collapse;
  width: 100%; }
caption { font-size: 1.15rem; font-weight: 600; padding: 1rem 0 0.5rem; text-align: left; }
th, td { border-bottom: 1px solid var(--line); padding: 0.4rem 0.8rem; text-align: left;
  vertical-align: top; }
thead th { color: var(--quiet); font-weight: 500; }
thead th, .state { overflow-wrap: normal; }
tbody th { font-weight: 600; min-width: 7rem; }
tbody th .quiet { font-weight: 400; }
.number, td { font-variant-numeric: tabular-nums; }
th.number, td.number { text-align: right; }
td.number, td.word { overflow-wrap: normal; }
footer { color: var(--quiet); font-size: 0.875rem; padding-bottom: 1.5rem; padding-top: 1.5rem; }
@media (max-width: 48rem) {
  h1 { font-size: 1.6rem; }
  table, tbody, tr, th, td { display: block; }
  table { background: none; border: 0; }
  thead { clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; width: 1px; }
  caption { display: block; }
  tr { background: var(--card); border: 1px solid var(--line); border-radius: 4px;
    margin-bottom: 0.5rem; padding: 0.5rem 0.8rem; }
  tbody th, tbody td { border: 0; padding: 0.1rem 0; }
  td.number { text-align: left; }
  td::before { color: var(--quiet); content: attr(data-label) ": "; }
  dl { grid-template-columns: 1fr; }
  dd { margin-bottom: 0.4rem; }
}
`;

/** The style sheet as a source of the Content-Security-Policy: nothing else may style a page. */
export const STYLE_HASH = `'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`;
