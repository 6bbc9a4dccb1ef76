// One import: watched until its end, and whether its file is on its way.

import { type Import, OtherFileError, type Upload } from '@dialgraph/client';
import { useImportProgress } from '@dialgraph/client/react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useSession } from '../session.tsx';
import { onUploads, sendAgain, unfinishedUpload, uploadOf } from './uploads.ts';

export interface WatchedImport {
  /** Null: not told yet. */
  state: Import | null;
  error: Error | null;
  /** The server cannot be reached for now. It goes on by itself. */
  isWaiting: boolean;
  /** The file is awaited, and this page does not have it. */
  needsFile: boolean;
  /** Resolves to whether it is the file that was begun with. */
  giveFile(file: File): Promise<boolean>;
  /** What a mutation has answered. */
  show(state: Import): void;
}

export function useImport(id: string): WatchedImport {
  const { transport } = useSession();
  const progress = useImportProgress(transport, id);
  const [answered, setAnswered] = useState<Import | null>(null);
  const upload = useSyncExternalStore(onUploads, () => uploadOf(id));
  const [unfinished, setUnfinished] = useState<Upload | null>(null);
  const state = newer(progress.import, answered);

  const isAwaited = state?.state === 'AWAITING_FILE' && upload === undefined;
  useEffect(() => {
    if (!isAwaited) return;
    let isGone = false;
    unfinishedUpload(id).then((found) => !isGone && setUnfinished(found));
    return () => {
      isGone = true;
    };
  }, [id, isAwaited]);

  return {
    state,
    error: progress.error ?? upload?.error ?? null,
    isWaiting: (progress.waitingFor ?? upload?.waitingFor ?? null) !== null,
    needsFile: isAwaited && unfinished !== null,
    async giveFile(file) {
      if (unfinished === null) return false;
      try {
        await sendAgain(transport, unfinished, file);
        return true;
      } catch (error) {
        // Any other failure is told with the upload.
        return !(error instanceof OtherFileError);
      }
    },
    show: setAnswered,
  };
}

/** Of what was told and what was answered: either may come behind the other. */
function newer(one: Import | null, other: Import | null): Import | null {
  return one !== null && one.version >= (other?.version ?? 0) ? one : (other ?? one);
}
