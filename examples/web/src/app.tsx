// The frame: signing in, the views' names, who one is, and the view that is shown.

import { type Transport, UnauthenticatedError } from '@dialgraph/client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { setCredential } from './endpoint.ts';
import { Field } from './parts/field.tsx';
import { Icon } from './parts/icon.tsx';
import { Failure } from './parts/notice.tsx';
import { hrefOf, useRoute, type ViewName } from './route.ts';
import { openSession, type Session, SessionProvider } from './session.tsx';
import { t } from './texts.ts';
import { type ClientName, clientNames } from './transport/choose.ts';
import { CampaignsView } from './views/campaigns.tsx';
import { LeadView } from './views/lead.tsx';
import { ListView } from './views/list.tsx';
import { ScheduledView } from './views/scheduled.tsx';

const views = {
  lead: LeadView,
  list: ListView,
  scheduled: ScheduledView,
  campaigns: CampaignsView,
} satisfies Record<ViewName, unknown>;

export function App({ transport, clientName }: { transport: Transport; clientName: ClientName }) {
  const [session, setSession] = useState<Session | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const open = useCallback(() => {
    // What was wrong stays until it is right: a form that is filled in must not go.
    openSession(transport, clientName).then((opened) => {
      setError(null);
      setSession(opened);
    }, setError);
  }, [transport, clientName]);
  useEffect(open, [open]);

  if (error instanceof UnauthenticatedError) return <SignIn message={error.message} onSignIn={open} />;
  if (error !== null)
    return (
      <main className="lone">
        <Failure error={error} onAgain={open} />
      </main>
    );
  if (session === null)
    return (
      <main className="lone" aria-busy="true">
        <p className="muted">{t.app.opening}</p>
      </main>
    );
  return (
    <SessionProvider value={session}>
      <Frame session={session} />
    </SessionProvider>
  );
}

function Frame({ session }: { session: Session }) {
  const { view } = useRoute();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(view);
  useEffect(() => {
    document.title = t.app.title(t.nav[view]);
    if (shown.current === view) return;
    shown.current = view;
    // As after a page's load: the keyboard and the screen reader begin at the top of what is new.
    main.current?.querySelector('h1')?.focus();
    scrollTo(0, 0);
  }, [view]);
  const View = views[view];
  return (
    <div className="frame">
      {/* The address behind # is the view's, so that it is no link. */}
      <button type="button" className="skip" onClick={() => main.current?.querySelector('h1')?.focus()}>
        {t.app.skip}
      </button>
      <header className="side">
        <p className="brand">
          <img src="/icon.svg" alt="" width="28" height="28" />
          {t.app.name}
        </p>
        <nav className="views" aria-label={t.nav.label}>
          {(Object.keys(views) as ViewName[]).map((name) => (
            <a key={name} href={hrefOf(name)} aria-current={name === view ? 'page' : undefined}>
              <Icon name={name} />
              <span>{t.nav[name]}</span>
            </a>
          ))}
        </nav>
        <WhoAmI session={session} />
      </header>
      <main ref={main}>
        <View />
      </main>
    </div>
  );
}

function WhoAmI({ session: { viewer, clientName } }: { session: Session }) {
  return (
    <aside className="who" aria-label={t.viewer.label}>
      {viewer !== null && (
        <>
          <p>
            <strong>{viewer.name}</strong>
            <span className="muted">{t.viewer.account(viewer.account)}</span>
          </p>
          <p className="muted">{t.viewer.may(viewer.scopes)}</p>
          {viewer.rate !== null && <p className="muted">{t.viewer.rate(viewer.rate)}</p>}
        </>
      )}
      <p className="clients">
        <span className="muted">{t.app.over}</span>
        {clientNames.map((name) => (
          <a
            key={name}
            href={`?client=${name}${location.hash}`}
            aria-current={name === clientName || undefined}
          >
            {name}
          </a>
        ))}
      </p>
    </aside>
  );
}

function SignIn({ message, onSignIn }: { message: string; onSignIn(): void }) {
  const [value, setValue] = useState('');
  const sign = (event: React.FormEvent) => {
    event.preventDefault();
    setCredential(value.trim());
    onSignIn();
  };
  return (
    <main className="lone">
      <form className="card stack" onSubmit={sign}>
        <h1>{t.signIn.title}</h1>
        <p className="muted">{message}</p>
        <Field label={t.signIn.key} hint={t.signIn.hint}>
          {(control) => (
            <input
              {...control}
              type="password"
              autoComplete="current-password"
              required
              value={value}
              onChange={(event) => setValue(event.target.value)}
            />
          )}
        </Field>
        <button type="submit" className="primary">
          {t.signIn.submit}
        </button>
      </form>
    </main>
  );
}
