// What the dialer would say of a row when its time comes: the upstream replays rows as query strings, and its documents do
// not tell whether it encodes the values of a row once more. The sandbox can play both.

import { headers } from '../upstream/contract.ts';

/** `raw`: values stand in the query as they were received, and are decoded. `encoded`: they are encoded, and stay as they are. */
export type Replay = 'raw' | 'encoded';

/** Fields that the replay says otherwise than they were received, or adds; undefined where there are none. */
export function replayedFields(
  fields: Readonly<Record<string, string>>,
  replay: Replay,
): Record<string, string> | undefined {
  if (replay === 'encoded') return undefined;
  // A number's %2B is the vendor's own way to write its plus.
  const pairs = Object.entries(fields).filter(([header]) => header !== headers.phoneNumber);
  const query = pairs.map((pair) => pair.join('=')).join('&');
  if (!/[&#%+]/.test(pairs.flat().join(''))) return undefined;
  const said = new URLSearchParams(query.replace(/#.*$/s, ''));
  const received = new Map(pairs);
  const changed = new Map([...said].filter(([header, value]) => received.get(header) !== value));
  for (const [header] of pairs) if (!said.has(header)) changed.set(header, '');
  return changed.size === 0 ? undefined : Object.fromEntries(changed);
}
