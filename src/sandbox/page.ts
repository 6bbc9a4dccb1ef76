// The sandbox's page: the accepted rows, newest first, for a person who tries the API out.
// One document without scripts or other files, which the browser reloads. Its one form moves the clock. Phone numbers are shown whole, since they are made up
// or the visitor's own. At most the newest 1000 rows are shown.

import { headers } from '../upstream/contract.ts';
import { wallClock } from './clock.ts';
import { demonstrations, errorsDemo, handOverDemonstrations } from './errors-demo.ts';
import type { SandboxState } from './exchange.ts';
import type { LedgerRow } from './ledger.ts';

const maxRowsShown = 1000;
const refreshSeconds = 5;

export function newestRows(rows: readonly LedgerRow[]): LedgerRow[] {
  return rows.slice(-maxRowsShown).reverse();
}

export function renderPage(state: SandboxState): string {
  const { ledger, requests, campaigns, timeZone, doNotDisturb } = state;
  const all = ledger.rows;
  const shown = newestRows(all);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${refreshSeconds}">
<title>Sandbox dialer: ${count(all.length, 'row')}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Sandbox dialer</h1>
<p>This is a sandbox: it stands in for the real dialer, and <strong>nobody is called</strong>. It forgets everything when it stops.</p>
<dl>
<div><dt>Rows accepted</dt><dd>${number(all.length)}</dd></div>
<div><dt>Requests seen</dt><dd>${number(requests.length)}</dd></div>
<div><dt>Campaigns</dt><dd class="names">${[...campaigns.keys()].map((name) => `<code>${escapeHtml(name)}</code>`).join(' ')}</dd></div>
</dl>
${clockForm(state)}${doNotDisturb.numbers.length === 0 ? '' : doNotDisturbLine(doNotDisturb.numbers)}
${shown.length === 0 ? '<p class="empty">No rows yet. Schedule a record, and it appears here within a few seconds.</p>' : tableOf(shown, all.length, timeZone)}
${campaigns.has(errorsDemo) ? demonstrationsTable() + handOverTable() : ''}</main>
</body>
</html>
`;
}

const steps: readonly (readonly [label: string, ms: number])[] = [
  ['1 minute', 60_000],
  ['1 hour', 3_600_000],
  ['1 day', 86_400_000],
];

function clockForm({ now, timeZone }: SandboxState): string {
  const buttons = steps.map(([label, ms]) => `<button name="advanceMs" value="${ms}">+ ${label}</button>`);
  return `<form method="post" action="/sandbox/clock">
<p>Its clock shows <b>${wallClock(now(), timeZone)}</b> (${escapeHtml(timeZone)}). A row is handed over to its campaign when its time comes.
Move the clock: ${buttons.join(' ')}</p>
</form>
`;
}

const maxNumbersShown = 20;

function doNotDisturbLine(numbers: readonly string[]): string {
  const shown = numbers.slice(0, maxNumbersShown).map((digits) => `<code>${escapeHtml(digits)}</code>`);
  const more = numbers.length - shown.length;
  return `<p>Its do-not-disturb list, by which it refuses rows only when they are handed over: ${shown.join(' ')}${more > 0 ? ` and ${number(more)} more` : ''}</p>`;
}

/** Times of acceptance are shown in the account's zone, scheduled times as they were received. */
function tableOf(shown: readonly LedgerRow[], total: number, timeZone: string): string {
  const which =
    shown.length < total
      ? `The newest ${number(shown.length)} of ${count(total, 'row')}`
      : count(total, 'row');
  return `<div class="scroll" role="region" aria-label="Accepted rows" tabindex="0">
<table>
<caption>${which}, newest first. Times received are in ${escapeHtml(timeZone)}.</caption>
<thead><tr>${['Received', 'Campaign', 'Number', 'Scheduled time', 'Name', 'Other fields', 'What became of it'].map((title) => `<th scope="col">${title}</th>`).join('')}</tr></thead>
<tbody>
${shown.map((row) => rowOf(row, timeZone)).join('\n')}
</tbody>
</table>
</div>`;
}

function handOverTable(): string {
  const rows = [...handOverDemonstrations].map(
    ([name, { does, answer }]) =>
      `<tr><th scope="row"><code>${name}</code></th><td>${escapeHtml(does)}</td><td>${answer === null ? 'nothing' : `<code>${escapeHtml(answer.message)}</code>`}</td></tr>`,
  );
  return `<h2>At the hand-over</h2>
<p>The names of these records decide there what the dialer makes of them when their time comes.</p>
<div class="scroll" role="region" aria-label="At the hand-over" tabindex="0">
<table class="errors">
<thead><tr>${['Name', 'The dialer', 'What the list says'].map((title) => `<th scope="col">${title}</th>`).join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</div>
`;
}

function demonstrationsTable(): string {
  const rows = Object.entries(demonstrations).map(
    ([name, { does, result }]) =>
      `<tr><th scope="row"><code>${name}</code></th><td>${escapeHtml(does)}</td><td><code>${result}</code></td></tr>`,
  );
  return `<h2>Errors on demand</h2>
<p>In the campaign <code>${errorsDemo}</code> the name of a record decides what the dialer makes of it; any other name is scheduled.</p>
<div class="scroll" role="region" aria-label="Errors on demand" tabindex="0">
<table class="errors">
<thead><tr>${['Name', 'The dialer', 'Result'].map((title) => `<th scope="col">${title}</th>`).join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</div>
`;
}

const ownColumns: readonly string[] = [headers.phoneNumber, headers.scheduledTime, headers.name];

function rowOf(row: LedgerRow, timeZone: string): string {
  // As an agent would see them after the replay.
  const fields = { ...row.fields, ...row.replayed };
  const others = Object.entries(fields)
    .filter(([header, value]) => !ownColumns.includes(header) && value !== '')
    .map(([header, value]) => `<span class="field"><b>${escapeHtml(header)}</b> ${escapeHtml(value)}</span>`);
  const cells = [
    wallClock(row.createdAt, timeZone),
    row.campaignName,
    row.phoneNumber,
    row.scheduledTime,
    fields[headers.name] ?? '',
  ].map((text) => `<td>${escapeHtml(text)}</td>`);
  const deleted = row.deleted === true;
  return `<tr${deleted ? ' class="deleted"' : ''}>${cells.join('')}<td>${others.join(' ')}</td><td>${fateOf(row, timeZone)}</td></tr>`;
}

function fateOf({ deleted, handedOver, removed }: LedgerRow, timeZone: string): string {
  if (deleted === true) return '<i>deleted</i>';
  if (handedOver === undefined) return 'waits';
  const { at, outcome, response } = handedOver;
  return `${outcome} at ${wallClock(at, timeZone)}${removed === true ? ', <i>removed</i>' : ''}<br>${escapeHtml(response)}`;
}

const entities: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities.get(sign) ?? sign);
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

function count(value: number, noun: string): string {
  return `${number(value)} ${noun}${value === 1 ? '' : 's'}`;
}

const style = `
:root { color-scheme: light dark; --line: light-dark(#d9dde3, #343a44); --soft: light-dark(#5c6573, #9aa4b2); --head: light-dark(#f3f5f8, #1d2229); }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; background: light-dark(#fff, #14181d); color: light-dark(#1b2129, #e4e8ee); }
main { max-width: 76rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
button { font: inherit; padding: .1rem .6rem; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 0; }
p { margin: .25rem 0 1rem; color: var(--soft); }
p strong { color: inherit; }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2.5rem; margin: 0 0 1.25rem; }
dt { color: var(--soft); font-size: .85rem; }
dd { margin: 0; font-size: 1.4rem; font-variant-numeric: tabular-nums; }
dd.names { font-size: .95rem; line-height: 2.1rem; }
code { font: .9em ui-monospace, monospace; padding: .1rem .35rem; border: 1px solid var(--line); border-radius: .3rem; }
.empty { padding: 2rem; border: 1px dashed var(--line); border-radius: .5rem; text-align: center; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .75rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { background: var(--head); font-size: .85rem; }
tbody th { background: none; font-weight: inherit; }
td:nth-child(5), td:nth-child(6), td:last-child { white-space: normal; overflow-wrap: anywhere; }
.errors td:nth-child(2) { white-space: normal; }
.errors td:last-child { white-space: nowrap; }
.field { margin-right: .75rem; }
.field b { font-weight: 500; color: var(--soft); }
.deleted td { color: var(--soft); text-decoration: line-through; }
`;
