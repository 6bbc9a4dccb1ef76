// What a form shows as it is filled in: beside each field all that is wrong with it, and under '' what speaks of no field.

import {
  ask,
  type CampaignRecordInput,
  problemsByField,
  type Transport,
  ValidateDocument,
} from '@dialgraph/client';

export async function checkForm(
  transport: Transport,
  campaignName: string,
  form: CampaignRecordInput,
): Promise<Record<string, string[]>> {
  const input = { campaignName, records: [form], timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone };
  const { data } = await ask(transport, ValidateDocument, { input });
  const answer = data.validateCampaignData;
  if (answer?.__typename !== 'ScheduleCampaignDataPayload') return { '': [answer?.message ?? 'not checked'] };
  const [result] = answer.results;
  const problems = result === undefined ? [] : [...problemsByField(result)];
  return Object.fromEntries(problems.map(([field, all]) => [field, all.map(({ message }) => message)]));
}
