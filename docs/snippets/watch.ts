// How an import goes, from its file to its end: the whole state at once, and after each change.

import { ImportProgressDocument, type ImportProgressSubscription } from '@dialgraph/client';
import { subscribe } from './subscribe.ts';

type Progress = ImportProgressSubscription['importProgress'];

export async function watchImport(
  url: string,
  token: string,
  id: string,
  show: (progress: Progress) => void,
): Promise<void> {
  const body = { query: ImportProgressDocument.loc?.source.body, variables: { id } };
  for await (const { importProgress } of subscribe<ImportProgressSubscription>(url, token, body))
    show(importProgress);
}
