// What the browser tests' page has: the package as a front end imports it, and its hooks in components that tell what they see.

import { createElement, StrictMode, useEffect } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import * as client from '../../client/src/index.ts';
import {
  type UseImport,
  type UseImportProgress,
  type UseSchedule,
  type UseScheduleAll,
  useImport,
  useImportProgress,
  useSchedule,
  useScheduleAll,
} from '../../client/src/react.ts';

/** What the hooks returned last, by their names. */
export interface Seen {
  schedule?: UseSchedule;
  scheduleAll?: UseScheduleAll;
  import?: UseImport;
  importProgress?: UseImportProgress;
}

declare global {
  var dialgraph: typeof client;
  /** Kept by the page over its calls. */
  var seen: Seen & { progress?: client.ScheduleAllProgress | client.UploadProgress };
  /** Signals of the requests that were sent. */
  var signals: AbortSignal[];
  var transportTo: (url: string) => client.Transport;
  var makeLeads: (count: number) => client.CampaignRecordInput[];
  /** Shows a component in StrictMode, which runs each effect twice. */
  var show: (name: keyof typeof components, props: never) => void;
  var unmount: () => void;
}

type Probe<Props> = (props: Props) => null;

const ScheduleProbe: Probe<{ url: string; input: client.ScheduleInput }> = ({ url, input }) => {
  const schedule = useSchedule(transportTo(url));
  seen.schedule = schedule;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as a page does that schedules when it is opened
  useEffect(() => void schedule.schedule(input), []);
  return null;
};

const ScheduleAllProbe: Probe<{ url: string; count: number; runId: string }> = ({ url, count, runId }) => {
  const all = useScheduleAll();
  seen.scheduleAll = all;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(() => {
    const transport = transportTo(url);
    void all.start(makeLeads(count), { transport, campaignName: 'Sales_Demo', runId, partSize: 25 });
  }, []);
  return null;
};

const ImportProbe: Probe<{ url: string; content: string; runId: string }> = ({ url, content, runId }) => {
  const one = useImport(transportTo(url));
  seen.import = one;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(() => {
    const file = new File([content], 'leads.csv', { lastModified: 1 });
    void one.start(file, { campaignName: 'Sales_Demo', runId, start: 'AFTER_REVIEW' });
  }, []);
  return null;
};

const ImportProgressProbe: Probe<{ url: string; id: string | null }> = ({ url, id }) => {
  seen.importProgress = useImportProgress(transportTo(url), id);
  return null;
};

const components = {
  schedule: ScheduleProbe,
  scheduleAll: ScheduleAllProbe,
  import: ImportProbe,
  importProgress: ImportProgressProbe,
};

/** One for each server, as a page has. */
const transports = new Map<string, client.Transport>();
let root: Root | undefined;

Object.assign(globalThis, {
  dialgraph: client,
  seen: {},
  signals: [],
  transportTo(url: string) {
    const send: typeof fetch = (input, init) => {
      if (init?.signal) signals.push(init.signal);
      return fetch(input, init);
    };
    const transport = transports.get(url) ?? client.fetchTransport({ url, fetch: send });
    transports.set(url, transport);
    return transport;
  },
  makeLeads: (count: number) =>
    Array.from({ length: count }, (_, n) => ({
      reference: `lead-${n}`,
      phoneNumber: `98${10_000_000 + n}`,
      scheduledTime: '2026-11-26 10:00:00',
    })),
  show(name: keyof typeof components, props: object) {
    root ??= createRoot(document.body.appendChild(document.createElement('div')));
    root.render(createElement(StrictMode, null, createElement(components[name] as never, props)));
  },
  unmount() {
    root?.unmount();
    root = undefined;
  },
});
