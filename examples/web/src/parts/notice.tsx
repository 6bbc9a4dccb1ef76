// Something that a person should know, and what was thrown, with what helps against it.

import {
  BusyError,
  ForbiddenError,
  JobRunsElsewhereError,
  MalformedAnswerError,
  NetworkError,
  OtherRecordsError,
  StoreUnavailableError,
  UnauthenticatedError,
} from '@dialgraph/client';
import type { ReactNode } from 'react';
import { t } from '../texts.ts';
import { Icon } from './icon.tsx';

export type Tone = 'good' | 'bad' | 'warn' | 'plain';

interface NoticeProps {
  tone: Tone;
  title: string;
  children?: ReactNode;
  /** Said at once to those who do not see it. */
  isUrgent?: boolean;
}

export function Notice({ tone, title, children, isUrgent = false }: NoticeProps) {
  return (
    <div className={`notice ${tone}`} role={isUrgent ? 'alert' : undefined}>
      <Icon name={tone === 'good' ? 'check' : tone === 'plain' ? 'info' : 'alert'} />
      <div className="stack tight">
        <p>
          <strong>{title}</strong>
        </p>
        {children}
      </div>
    </div>
  );
}

/** Whether the request may have been carried out though its answer never came. */
export function isLost(error: Error | null): boolean {
  return error instanceof NetworkError || error instanceof MalformedAnswerError;
}

interface FailureProps {
  error: Error;
  /** Sends the same request again. */
  onAgain?: () => void;
}

export function Failure({ error, onAgain }: FailureProps) {
  return (
    <Notice tone="bad" title={titleOf(error)} isUrgent>
      <p>{error.message}</p>
      {onAgain && (
        <p>
          <button type="button" onClick={onAgain}>
            {t.failure.again}
          </button>
        </p>
      )}
    </Notice>
  );
}

function titleOf(error: Error): string {
  if (isLost(error)) return t.failure.network;
  if (error instanceof UnauthenticatedError) return t.failure.signedOut;
  if (error instanceof ForbiddenError) return t.failure.forbidden;
  if (error instanceof BusyError) return t.failure.busy;
  if (error instanceof JobRunsElsewhereError) return t.failure.elsewhere;
  if (error instanceof OtherRecordsError) return t.failure.otherList;
  if (error instanceof StoreUnavailableError) return t.failure.store;
  return t.failure.refused;
}
