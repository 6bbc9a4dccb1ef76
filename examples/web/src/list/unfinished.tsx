// Lists of an earlier page, or of another tab, that have not come to their end.

import { forgetJob, type Job, unfinishedJobs } from '@dialgraph/client';
import { useEffect, useState } from 'react';
import { Notice } from '../parts/notice.tsx';
import { t } from '../texts.ts';

interface UnfinishedProps {
  onGoOn(job: Job): void;
}

export function Unfinished({ onGoOn }: UnfinishedProps) {
  const [jobs, setJobs] = useState<readonly Job[]>([]);
  useEffect(() => {
    // Where nothing can be kept, there is nothing to go on with.
    unfinishedJobs().then(setJobs, () => setJobs([]));
  }, []);
  const forget = (job: Job) =>
    forgetJob(job.runId).then(
      () => setJobs(jobs.filter((one) => one !== job)),
      // Another tab is at it, so it stays.
      () => undefined,
    );
  return jobs.map((job) => (
    <Notice key={job.runId} tone="warn" title={t.unfinished.title(job.total, job.campaignName)}>
      <p>{t.unfinished.text}</p>
      <div className="actions">
        <button type="button" className="primary" onClick={() => onGoOn(job)}>
          {t.unfinished.goOn}
        </button>
        <button type="button" onClick={() => void forget(job)}>
          {t.unfinished.forget}
        </button>
      </div>
    </Notice>
  ));
}
