// The seed's dialect: one PHP page that takes `api_key`, `campaign_name` and `bulkData` as a query or as a form.
// It knows no duplicate check and no other call. A chunk whose URL would pass 4 KB goes as a form: servers and
// proxies refuse long URLs.

import { paths } from '../../upstream/contract.ts';
import type { Dialect } from './dialect.ts';
import { readAnswer } from './schedule-reply.ts';

const maxUrlLength = 4096;

export const v1: Dialect = {
  capabilities: { checkMakesToken: false, accountSetting: undefined },
  connect: ({ url, apiKey }, guard, _shared, now) => ({
    async postRows(chunk, options) {
      const fields = new URLSearchParams({
        api_key: apiKey,
        campaign_name: chunk.campaignName,
        bulkData: JSON.stringify(chunk.bulkData),
      }).toString();
      const path = `${paths.v1Schedule}?${fields}`;
      const rows = chunk.bulkData.data.length;
      return guard.request(
        url.length + path.length < maxUrlLength
          ? { method: 'GET', path, headers: {}, purpose: 'schedule', rows }
          : {
              method: 'POST',
              path: paths.v1Schedule,
              headers: { 'content-type': 'application/x-www-form-urlencoded' },
              body: fields,
              purpose: 'schedule',
              rows,
            },
        (reply) => readAnswer(reply, chunk, [apiKey], now()),
        options,
      );
    },
  }),
};
