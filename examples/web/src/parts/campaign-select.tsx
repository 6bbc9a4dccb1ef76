// Which campaign, and on whose clock its times are.

import { useEffect, useState } from 'react';
import { useCampaign, useSession } from '../session.tsx';
import { t } from '../texts.ts';
import { offsetOf } from '../time.ts';
import { Field } from './field.tsx';

const storageKey = 'dialgraph campaign';

/** The one that was chosen last, or the only one; else a person has to choose: a call into the wrong one is not taken back. */
export function useCampaignChoice(asked: string | null = null): [string, (name: string) => void] {
  const { campaigns } = useSession();
  const [name, setName] = useState(() => {
    const names = campaigns.map((campaign) => campaign.name);
    const last = asked ?? localStorage.getItem(storageKey) ?? '';
    return names.length === 0 || names.includes(last) ? last : names.length === 1 ? (names[0] ?? '') : '';
  });
  useEffect(() => {
    if (asked !== null) setName(asked);
  }, [asked]);
  const choose = (next: string) => {
    localStorage.setItem(storageKey, next);
    setName(next);
  };
  return [name, choose];
}

interface CampaignSelectProps {
  value: string;
  onChange(name: string): void;
  isDisabled?: boolean;
}

export function CampaignSelect({ value, onChange, isDisabled = false }: CampaignSelectProps) {
  const { campaigns } = useSession();
  const { campaign, zone } = useCampaign(value);
  const hint = campaign?.exists === false ? t.campaign.missing : t.campaign.zone(zone, offsetOf(zone));
  return (
    <Field label={t.campaign.label} hint={hint}>
      {(control) =>
        campaigns.length === 0 ? (
          <input
            {...control}
            value={value}
            disabled={isDisabled}
            required
            onChange={(event) => onChange(event.target.value)}
          />
        ) : (
          <select
            {...control}
            value={value}
            disabled={isDisabled}
            required
            onChange={(event) => onChange(event.target.value)}
          >
            {value === '' && <option value="">{t.campaign.choose}</option>}
            {campaigns.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )
      }
    </Field>
  );
}
