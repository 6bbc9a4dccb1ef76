// What was promised, held against what was seen.

import type { ScheduleMutation } from '../gql/graphql.ts';
import type { Watched } from './service.ts';

export interface Answered {
  id: string;
  /** As the dialer has them, in the order of the records. */
  numbers: readonly string[];
  ms: number;
  hasKey: boolean;
  /** Undefined: no answer that a front end can use. */
  result: ScheduleMutation['scheduleCampaignData'] | undefined;
}

interface Single extends Pick<Answered, 'id' | 'ms' | 'hasKey'> {
  phase: string;
}

export interface Judge {
  /** What is answered from now on belongs to it. */
  phase(name: string): void;
  answered(answer: Answered): void;
  judge(watched: Watched): { text: string; failed: boolean };
}

const goals = { lagMs: 50, singlesRatio: 3, megabytesAMinute: 10 };

export function createJudge(): Judge {
  let phase = 'warm-up';
  let unusable = 0;
  const singles: Single[] = [];
  const told = new Map<string, string>();
  let records = 0;
  let mutations = 0;

  return {
    phase(name) {
      phase = name;
    },
    answered({ id, numbers, ms, hasKey, result }) {
      mutations++;
      records += numbers.length;
      if (result?.__typename !== 'ScheduleCampaignDataPayload') {
        unusable++;
        return;
      }
      if (numbers.length === 1) singles.push({ phase, id, ms, hasKey });
      for (const [at, number] of numbers.entries())
        told.set(number, result.results[at]?.__typename ?? 'nothing');
    },
    judge({ memory, lagMs, disturbed, accepted, upstreamRequests, upstreamMs, faultsMet }) {
      const kinds = new Map<string, number>();
      let lost = 0;
      let untrue = 0;
      for (const [number, kind] of told) {
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        if (kind === 'ScheduledRecord' && !accepted.has(number)) lost++;
        if (kind !== 'ScheduledRecord' && kind !== 'OutcomeUnknownError' && accepted.has(number)) untrue++;
      }
      const twice = [...accepted.values()].filter((times) => times > 1).length;
      const isUndisturbed = ({ id }: Single) => !disturbed.has(id);
      const msOf = (phase: string, isWanted: (single: Single) => boolean = isUndisturbed) =>
        singles.filter((single) => single.phase === phase && isWanted(single)).map(({ ms }) => ms);
      const idle = percentile(msOf('idle'), 0.99);
      const loaded = percentile(msOf('load'), 0.99);
      const lag = percentile(lagMs, 0.95);
      const slope = slopeOf(memory.slice(Math.floor(memory.length / 3)));
      const lines: [what: string, is: string, ok: boolean][] = [
        ['answers that no front end can use', String(unusable), unusable === 0],
        ['told scheduled, and not there', String(lost), lost === 0],
        ['told not accepted, and there', String(untrue), untrue === 0],
        ['accepted twice', String(twice), twice === 0],
        [
          `p99 of a lead beside the load / idle (≤ ${goals.singlesRatio})`,
          `${(loaded / idle).toFixed(2)} (${loaded.toFixed(0)} / ${idle.toFixed(0)} ms)`,
          loaded / idle <= goals.singlesRatio,
        ],
        [
          `p99 of the event loop's delay, in 95 of 100 looks (< ${goals.lagMs} ms)`,
          `${lag.toFixed(1)} ms (worst ${Math.max(...lagMs).toFixed(1)})`,
          lag < goals.lagMs,
        ],
        [
          `memory after the first third, MB a minute (< ${goals.megabytesAMinute})`,
          `${slope.toFixed(1)} (from ${memory[0]?.[1].toFixed(0)} to ${memory.at(-1)?.[1].toFixed(0)} MB)`,
          slope < goals.megabytesAMinute,
        ],
      ];
      const all = msOf('load', () => true);
      const p99Of = (wantsKey: boolean) =>
        percentile(
          msOf('load', (single) => single.hasKey === wantsKey && isUndisturbed(single)),
          0.99,
        ).toFixed(0);
      const facts = [
        `${mutations} mutations with ${records} records in ${upstreamRequests} requests to the dialer, ${faultsMet} of which met a fault`,
        `outcomes: ${[...kinds].map(([kind, count]) => `${kind} ${count}`).join(', ')}`,
        `memory, MB: ${memory
          .filter((_, at) => at % 20 === 0)
          .map(([, megabytes]) => megabytes.toFixed(0))
          .join(' ')}`,
        `the dialer's own time: p50 ${percentile(upstreamMs, 0.5).toFixed(0)} ms, p99 ${percentile(upstreamMs, 0.99).toFixed(0)} ms`,
        `p99 of leads with a key ${p99Of(true)} ms, without ${p99Of(false)} ms`,
        `leads that met a fault included: p50 ${percentile(all, 0.5).toFixed(0)} ms, p99 ${percentile(all, 0.99).toFixed(0)} ms`,
      ];
      return {
        text: [...facts, ...lines.map(([what, is, ok]) => `${ok ? 'ok    ' : 'FAILED'} ${what}: ${is}`)].join(
          '\n',
        ),
        failed: lines.some(([, , ok]) => !ok),
      };
    },
  };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Least squares, a minute. */
function slopeOf(points: readonly (readonly [seconds: number, value: number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(points.map(([at]) => at));
  const y = mean(points.map(([, value]) => value));
  const across = points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0);
  return (across / points.reduce((sum, [at]) => sum + (at - x) ** 2, 0)) * 60;
}
