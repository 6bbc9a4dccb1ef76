// The campaigns: whether the dialer has them, when calls may be made, and which columns they take.

import { CampaignDocument, type CampaignQuery } from '@dialgraph/client';
import { useMemo } from 'react';
import { Heading } from '../parts/heading.tsx';
import { Failure, type Tone } from '../parts/notice.tsx';
import { Pill } from '../parts/pill.tsx';
import { hrefOf } from '../route.ts';
import { type Campaign, useSession } from '../session.tsx';
import { t } from '../texts.ts';
import { localTime, offsetOf } from '../time.ts';
import { useAnswer } from '../use-answer.ts';

type Details = NonNullable<CampaignQuery['campaign']>;
type Hours = NonNullable<Details['callingHours']>;

export function CampaignsView() {
  const { campaigns } = useSession();
  return (
    <>
      <Heading title={t.campaigns.title} lead={t.campaigns.lead} />
      {campaigns.length === 0 && <p className="empty">{t.campaigns.none}</p>}
      <div className="cards">
        {campaigns.map((campaign) => (
          <CampaignCard key={campaign.name} campaign={campaign} />
        ))}
      </div>
    </>
  );
}

function CampaignCard({ campaign }: { campaign: Campaign }) {
  const { name } = campaign;
  const variables = useMemo(() => ({ name }), [name]);
  const { data, error, askAgain } = useAnswer(CampaignDocument, variables);
  // Of the list, until its own answer is there.
  const { exists, position, routing, timeZone, headers } = data?.campaign ?? campaign;
  const hours = data?.campaign?.callingHours ?? null;
  const id = `campaign-${name}`;
  return (
    <article className="card stack" aria-labelledby={id}>
      <div className="title-line">
        <h2 id={id}>{name}</h2>
        <Pill tone={toneOf(exists)}>{t.campaigns.position(exists, position)}</Pill>
      </div>
      {error && <Failure error={error} onAgain={askAgain} />}
      <dl>
        <dt>{t.campaigns.clock}</dt>
        <dd>{t.campaigns.zone(timeZone, offsetOf(timeZone), localTime(Date.now(), timeZone).slice(11))}</dd>
        <dt>{t.campaigns.routing}</dt>
        <dd>{t.campaigns.routings[routing ?? 'NONE']}</dd>
        <dt>{t.campaigns.hours}</dt>
        <dd>
          {data === null ? (
            t.campaigns.asking
          ) : hours === null ? (
            t.campaigns.anyTime
          ) : (
            <HoursList hours={hours} />
          )}
        </dd>
        <dt>{t.campaigns.headers}</dt>
        <dd>
          {headers === null ? (
            t.campaigns.anyHeader
          ) : (
            <ul className="chips">
              {headers.map((header) => (
                <li key={header}>{header}</li>
              ))}
            </ul>
          )}
        </dd>
      </dl>
      <p>
        <a className="button" href={hrefOf('lead', name)}>
          {t.campaigns.schedule}
          <span className="visually-hidden"> {t.campaigns.into(name)}</span>
        </a>
      </p>
    </article>
  );
}

function toneOf(exists: boolean | null): Tone {
  return exists === null ? 'plain' : exists ? 'good' : 'bad';
}

function HoursList({ hours: { rule, zone, policy, windows, holidays } }: { hours: Hours }) {
  return (
    <>
      <ul className="plain">
        {windows.map(({ days, from, to }) => (
          <li key={`${days} ${from}`}>{t.campaigns.window(days, from, to)}</li>
        ))}
      </ul>
      <p className="hint">{t.campaigns.rule(rule, t.campaigns.zones[zone], t.campaigns.policies[policy])}</p>
      {holidays.length > 0 && <p className="hint">{t.campaigns.holidays(holidays)}</p>}
    </>
  );
}
