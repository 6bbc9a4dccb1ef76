// The files of late, to go on with.

import { ask, ImportsDocument, type ImportsQuery } from '@dialgraph/client';
import { useEffect, useState } from 'react';
import { Pill } from '../parts/pill.tsx';
import { hrefOf } from '../route.ts';
import { useSession } from '../session.tsx';
import { t } from '../texts.ts';
import { importTones } from './import-panel.tsx';

const shown = 5;

type ListedImport = NonNullable<ImportsQuery['imports']>['nodes'][number];

export function RecentImports() {
  const { transport } = useSession();
  const [imports, setImports] = useState<readonly ListedImport[]>([]);
  useEffect(() => {
    let isGone = false;
    // Where files cannot be listed there is nothing to show; whoever drops one is told why.
    ask(transport, ImportsDocument, { first: shown, after: null }).then(
      ({ data }) => !isGone && setImports(data.imports?.nodes ?? []),
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [transport]);
  if (imports.length === 0) return null;
  return (
    <section className="stack" aria-labelledby="recent">
      <h2 id="recent">{t.files.recent}</h2>
      <ul className="links">
        {imports.map(({ id, fileName, state, campaignName, counts }) => (
          <li key={id}>
            <a href={hrefOf('list', id)}>{fileName}</a>
            <Pill tone={importTones[state]}>{t.importStates[state]}</Pill>
            <span className="muted">{t.files.line2(campaignName, counts)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
