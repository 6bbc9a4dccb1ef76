// Something that a person should know, said at once to those who do not see it.

import type { ReactNode } from 'react';
import { Icon } from '../../web/src/parts/icon.tsx';

interface NoticeProps {
  tone: 'good' | 'bad' | 'warn';
  title: string;
  children?: ReactNode;
}

export function Notice({ tone, title, children }: NoticeProps) {
  return (
    <div className={`notice ${tone}`} role={tone === 'good' ? 'status' : 'alert'}>
      <Icon name={tone === 'good' ? 'check' : 'alert'} />
      <div className="stack tight">
        <p>
          <strong>{title}</strong>
        </p>
        {children}
      </div>
    </div>
  );
}
