// Signing in with a key. A page with a log-in of its own takes its token from there.

import { useState } from 'react';
import { setCredential } from '../../web/src/endpoint.ts';
import { Field } from '../../web/src/parts/field.tsx';
import { t } from './texts.ts';

export function SignIn({ onSignIn }: { onSignIn(): void }) {
  const [value, setValue] = useState('');
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    setCredential(value.trim());
    onSignIn();
  };
  return (
    <main className="lone">
      <form className="card stack" onSubmit={submit}>
        <h1>{t.signIn.title}</h1>
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
