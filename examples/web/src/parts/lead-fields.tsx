// The fields of one lead: those that every lead has, and behind a summary those that only some campaigns want.

import { customHeaders, type FieldName, type LeadForm, takesField } from '../lead-form.ts';
import type { Campaign } from '../session.tsx';
import { useSession } from '../session.tsx';
import { t } from '../texts.ts';
import { Field } from './field.tsx';

interface LeadFieldsProps {
  form: LeadForm;
  campaign: Campaign | undefined;
  /** Sentences, by field or header; `''`: of none. */
  problems: ReadonlyMap<string, readonly string[]>;
  onChange(form: LeadForm): void;
  onTouched(name: string): void;
}

export function LeadFields({ form, campaign, problems, onChange, onTouched }: LeadFieldsProps) {
  const { limits } = useSession();
  const isAgentWise = campaign?.routing === 'AGENT_WISE';
  const isSkillWise = campaign?.routing === 'SKILL_WISE';
  const text = (
    name: FieldName,
    { hint, type = 'text', isOptional = true, ...more }: TextOptions & React.ComponentProps<'input'> = {},
  ) => (
    <Field
      key={name}
      label={t.fields[name]}
      hint={hint}
      isOptional={isOptional}
      problems={problems.get(name) ?? []}
    >
      {(control) => (
        <input
          {...control}
          {...more}
          type={type}
          name={name}
          value={form[name]}
          required={!isOptional}
          onChange={(event) => {
            onChange({ ...form, [name]: event.target.value });
            onTouched(name);
          }}
          onBlur={() => form[name] !== '' && onTouched(name)}
        />
      )}
    </Field>
  );
  const agent = takesField(campaign, 'agentId') && text('agentId', { isOptional: !isAgentWise });
  const skill = takesField(campaign, 'skill') && text('skill', { isOptional: !isSkillWise });
  const ofNone = problems.get('') ?? [];
  return (
    <>
      <div className="fields">
        {text('phoneNumber', {
          ...{ type: 'tel', inputMode: 'tel', autoComplete: 'off', isOptional: false },
          hint: limits && t.lead.phoneHint(limits.region),
        })}
        {text('name', { autoComplete: 'off' })}
        {text('scheduledTime', {
          ...{ type: 'datetime-local', isOptional: false },
          hint: t.lead.timeHint(campaign?.timeZone ?? limits?.timeZone ?? ''),
        })}
        {isAgentWise && agent}
        {isSkillWise && skill}
      </div>
      <details>
        <summary>{t.lead.more}</summary>
        <div className="fields">
          {text('priority', {
            ...{ type: 'number', inputMode: 'numeric' },
            hint: limits && t.lead.priorityHint(limits.minPriority, limits.maxPriority),
          })}
          {text('expiryDate', { type: 'datetime-local', hint: t.lead.expiryHint })}
          {!isAgentWise && agent}
          {!isSkillWise && skill}
          {customHeaders(campaign).map((header) => (
            <Field key={header} label={header} isOptional problems={problems.get(header) ?? []}>
              {(control) => (
                <input
                  {...control}
                  value={form.custom[header] ?? ''}
                  onChange={(event) => {
                    onChange({ ...form, custom: { ...form.custom, [header]: event.target.value } });
                    onTouched(header);
                  }}
                />
              )}
            </Field>
          ))}
        </div>
      </details>
      {ofNone.length > 0 && (
        <ul className="problems">
          {ofNone.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
    </>
  );
}

interface TextOptions {
  hint?: string | null;
  isOptional?: boolean;
}
