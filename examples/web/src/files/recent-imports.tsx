// The files of late, to go on with.

import { ask, findImport, type Import, ImportsDocument, type Transport } from '@dialgraph/client';
import { useEffect, useState } from 'react';
import { Pill } from '../parts/pill.tsx';
import { hrefOf } from '../route.ts';
import { useSession } from '../session.tsx';
import { t } from '../texts.ts';
import { importTones } from './import-panel.tsx';

const shown = 5;

export function RecentImports() {
  const { transport } = useSession();
  const [imports, setImports] = useState<readonly Import[]>([]);
  useEffect(() => {
    let isGone = false;
    // Where files cannot be listed there is nothing to show; whoever drops one is told why.
    recentImports(transport, shown).then(
      (states) => !isGone && setImports(states),
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
        {imports.map((state) => (
          <li key={state.id}>
            <a href={hrefOf('list', state.id)}>{state.fileName}</a>
            <Pill tone={importTones[state.state]}>{t.importStates[state.state]}</Pill>
            <span className="muted">{t.files.line2(state.campaignName, state.counts)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

async function recentImports(transport: Transport, first: number): Promise<Import[]> {
  const { data } = await ask(transport, ImportsDocument, { first, after: null });
  return Promise.all((data.imports?.nodes ?? []).map(({ id }) => findImport(transport, id)));
}
