// A file of leads: started by a mutation, uploaded by tus, which goes on where a broken line stopped.

import { StartImportDocument } from '@dialgraph/client';
import { Upload } from 'tus-js-client';
import { request } from './fetch.ts';

export async function importFile(
  url: string,
  token: string,
  campaignName: string,
  file: File,
): Promise<string> {
  const { startImport } = await request(url, token, StartImportDocument, {
    input: { campaignName, fileName: file.name, fileSize: file.size, idempotencyKey: crypto.randomUUID() },
  });
  if (startImport?.__typename !== 'ImportPayload') throw new Error(startImport?.message ?? 'not answered');
  const { id, uploadUrl } = startImport.import;
  if (uploadUrl === null) return id;
  await new Promise<void>((onSuccess, onError) => {
    new Upload(file, {
      uploadUrl: new URL(uploadUrl, url).href,
      headers: { authorization: `Bearer ${token}` },
      retryDelays: [0, 1000, 5000, 15_000],
      onSuccess: () => onSuccess(),
      onError,
    }).start();
  });
  return id;
}
