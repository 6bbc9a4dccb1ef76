// A labelled control, with a hint and what is wrong with it: each is tied to it for screen readers.

import { type ReactNode, useId } from 'react';

interface ControlProps {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

interface FieldProps {
  label: string;
  hint?: string | undefined;
  /** Sentences. */
  problems?: readonly string[];
  children(control: ControlProps): ReactNode;
}

export function Field({ label, hint, problems = [], children }: FieldProps) {
  const id = useId();
  const describedBy = [problems.length > 0 && `${id}-problems`, hint && `${id}-hint`].filter(Boolean);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        'aria-describedby': describedBy.join(' ') || undefined,
        'aria-invalid': problems.length > 0 || undefined,
      })}
      {problems.length > 0 && (
        <ul id={`${id}-problems`} className="problems">
          {problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
      {hint && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
    </div>
  );
}
