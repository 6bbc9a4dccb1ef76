// Which view is shown: the address has it behind its #, so that a reload, a bookmark and the back button do what one expects.

import { useSyncExternalStore } from 'react';

export type ViewName = 'lead' | 'list' | 'scheduled' | 'campaigns';

export interface Route {
  view: ViewName;
  /** What follows the view's name: an import's id, or a campaign's name. */
  detail: string | null;
}

const viewNames: readonly ViewName[] = ['lead', 'list', 'scheduled', 'campaigns'];

export function hrefOf(view: ViewName, detail?: string): string {
  return detail === undefined ? `#/${view}` : `#/${view}/${encodeURIComponent(detail)}`;
}

export function go(view: ViewName, detail?: string): void {
  location.hash = hrefOf(view, detail);
}

function subscribe(onChange: () => void): () => void {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  const [, name, detail] = hash.split('/');
  const view = viewNames.find((one) => one === name) ?? 'lead';
  return { view, detail: detail ? decodeURIComponent(detail) : null };
}
