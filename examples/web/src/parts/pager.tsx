// One page after the other. Where there is one page only, there is nothing to be seen.

import { t } from '../texts.ts';

interface PagerProps {
  /** From 0. */
  page: number;
  pages: number;
  onPage(page: number): void;
}

export function Pager({ page, pages, onPage }: PagerProps) {
  if (pages < 2) return null;
  return (
    <nav className="pager" aria-label={t.pager.label}>
      <button type="button" disabled={page === 0} onClick={() => onPage(page - 1)}>
        {t.pager.previous}
      </button>
      <span className="muted">{t.pager.page(page + 1, pages)}</span>
      <button type="button" disabled={page >= pages - 1} onClick={() => onPage(page + 1)}>
        {t.pager.next}
      </button>
    </nav>
  );
}
