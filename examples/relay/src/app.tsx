// The frame: a lead's form, and what is scheduled. What fails in one of them leaves the other as it is; to sign in is for both.

import { type ReactNode, Suspense, startTransition, useId, useState } from 'react';
import { fetchQuery, RelayEnvironmentProvider, useQueryLoader, useRelayEnvironment } from 'react-relay';
import { Heading } from '../../web/src/parts/heading.tsx';
import leadFormDocument, { type leadFormQuery } from './__generated__/leadFormQuery.graphql.ts';
import recordsDocument, { type recordsQuery } from './__generated__/recordsQuery.graphql.ts';
import { Boundary } from './boundary.tsx';
import { Failure, isSignedOut } from './failure.tsx';
import { LeadForm } from './lead-form.tsx';
import { Records } from './records.tsx';
import { openSession, type Session } from './session.ts';
import { SignIn } from './sign-in.tsx';
import { t } from './texts.ts';

export function App({ first }: { first: Session }) {
  const [session, setSession] = useState(first);
  const signIn = () => setSession(openSession());
  return (
    <RelayEnvironmentProvider key={session.id} environment={session.environment}>
      <Boundary catches={isSignedOut} fallback={() => <SignIn onSignIn={signIn} />}>
        <Page session={session} />
      </Boundary>
    </RelayEnvironmentProvider>
  );
}

function Page({ session }: { session: Session }) {
  const [leadForm, loadLeadForm] = useQueryLoader<leadFormQuery>(leadFormDocument, session.leadForm);
  const [records, loadRecords] = useQueryLoader<recordsQuery>(recordsDocument, session.records);
  const { refresh, error } = useRefresh();
  return (
    <main>
      <p className="brand">
        <img src="/icon.svg" alt="" width="28" height="28" />
        {t.app.name}
      </p>
      <Heading title={t.app.title} lead={t.app.lead} />
      {/* The list stands below the form, and waits for it: else the form would push it away. */}
      <Suspense fallback={<Asking />}>
        <Part title={t.lead.title} onAgain={() => loadLeadForm({}, { fetchPolicy: 'network-only' })}>
          {/* Its answer does not say what is in the list from now on. */}
          {leadForm && <LeadForm queryRef={leadForm} onScheduled={refresh} />}
        </Part>
        <Part title={t.records.title} onAgain={() => loadRecords({}, { fetchPolicy: 'network-only' })}>
          {error && <Failure error={error} onAgain={refresh} />}
          <Suspense fallback={<Asking />}>
            {records && <Records queryRef={records} onRefresh={refresh} />}
          </Suspense>
        </Part>
      </Suspense>
    </main>
  );
}

/** The list, asked for again: what is there is seen until its answer is in the store, and where none comes. */
function useRefresh() {
  const environment = useRelayEnvironment();
  const [error, setError] = useState<Error | null>(null);
  const refresh = () => {
    setError(null);
    fetchQuery<recordsQuery>(environment, recordsDocument, {}).subscribe({ error: setError });
  };
  return { refresh, error };
}

interface PartProps {
  title: string;
  onAgain(): void;
  children: ReactNode;
}

function Part({ title, onAgain, children }: PartProps) {
  const id = useId();
  return (
    <section className="card stack" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <Boundary
        catches={(error) => !isSignedOut(error)}
        fallback={(error, reset) => (
          <Failure
            error={error}
            onAgain={() =>
              startTransition(() => {
                onAgain();
                reset();
              })
            }
          />
        )}
      >
        {children}
      </Boundary>
    </section>
  );
}

function Asking() {
  return (
    <p className="muted" role="status">
      {t.app.asking}
    </p>
  );
}
