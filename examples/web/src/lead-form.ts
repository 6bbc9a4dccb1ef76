// One lead as a form has it, all in texts, and as a record.

import { type CampaignRecordInput, problemsByField } from '@dialgraph/client';
import type { Campaign } from './session.tsx';
import { t } from './texts.ts';
import { tomorrow } from './time.ts';
import type { Checked } from './use-check.ts';

export type FieldName =
  | 'phoneNumber'
  | 'name'
  | 'scheduledTime'
  | 'priority'
  | 'expiryDate'
  | 'agentId'
  | 'skill';

export type LeadForm = Record<FieldName, string> & { custom: Record<string, string> };

/** Headers for which the record has a field of its own. */
const ownHeaders = new Set([
  'PhoneNumber',
  'ScheduledTime',
  'Name',
  'Priority',
  'ExpiryDate',
  'AgentID',
  'skill',
]);

export function customHeaders(campaign: Campaign | undefined): string[] {
  return (campaign?.headers ?? []).filter((header) => !ownHeaders.has(header));
}

/** Whether the campaign has a use for the field. */
export function takesField(campaign: Campaign | undefined, name: 'agentId' | 'skill'): boolean {
  const header = name === 'agentId' ? 'AgentID' : 'skill';
  return campaign?.headers?.includes(header) ?? true;
}

export function emptyLead(zone: string): LeadForm {
  return {
    ...{ phoneNumber: '', name: '', scheduledTime: tomorrow(zone) },
    ...{ priority: '', expiryDate: '', agentId: '', skill: '', custom: {} },
  };
}

/** What is left empty is left out. */
export function recordOf(form: LeadForm, campaign: Campaign | undefined): CampaignRecordInput {
  const { custom, priority, ...texts } = form;
  const record: CampaignRecordInput = {};
  for (const [name, value] of Object.entries(texts) as [Exclude<FieldName, 'priority'>, string][])
    if (value.trim() !== '') record[name] = value;
  if (priority !== '') record.priority = Number(priority);
  const customFields = customHeaders(campaign).flatMap((header) => {
    const value = custom[header] ?? '';
    return value.trim() === '' ? [] : [{ header, value }];
  });
  if (customFields.length > 0) record.customFields = customFields;
  return record;
}

/** Sentences by the field that they stand beside: a field's name, or a custom field's header. `''`: beside none. */
export function problemsOf(
  form: LeadForm,
  campaign: Campaign | undefined,
  result: Checked | null,
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  // The schema takes a whole number: anything else would be refused as a malformed request.
  if (!isWholeNumber(form.priority)) found.set('priority', [t.field.wholeNumber]);
  if (result === null) return found;
  const { customFields = [] } = recordOf(form, campaign);
  for (const [field, problems] of problemsByField(result)) {
    const [, position] = /^customFields\[(\d+)\]/.exec(field) ?? [];
    const name = position === undefined ? field : (customFields?.[Number(position)]?.header ?? '');
    found.set(name, [...(found.get(name) ?? []), ...problems.map(({ message }) => message)]);
  }
  return found;
}

export function isWholeNumber(text: string): boolean {
  return text === '' || Number.isInteger(Number(text));
}
