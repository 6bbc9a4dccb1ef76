// What becomes of a row's values at the time of its call: the upstream then replays the row as a query string, and its documents
// do not say whether it encodes the values again. The sandbox can do both.

import { headers } from '../upstream/contract.ts';

/** `raw`: values go into the query as received, and may change when it is decoded. `encoded`: they are encoded, and do not change. */
export type Replay = 'raw' | 'encoded';

/** The fields that the replay changes or adds; undefined where there are none. */
export function replayedFields(
  fields: Readonly<Record<string, string>>,
  replay: Replay,
): Record<string, string> | undefined {
  if (replay === 'encoded') return undefined;
  // In a phone number the vendor itself writes the plus as %2B.
  const pairs = Object.entries(fields).filter(([header]) => header !== headers.phoneNumber);
  const query = pairs.map((pair) => pair.join('=')).join('&');
  if (!/[&#%+]/.test(pairs.flat().join(''))) return undefined;
  const said = new URLSearchParams(query.replace(/#.*$/s, ''));
  const received = new Map(pairs);
  const changed = new Map([...said].filter(([header, value]) => received.get(header) !== value));
  for (const [header] of pairs) if (!said.has(header)) changed.set(header, '');
  return changed.size === 0 ? undefined : Object.fromEntries(changed);
}
