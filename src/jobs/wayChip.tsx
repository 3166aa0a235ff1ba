import { useArea } from '#src/look/area.ts';
import { Notice } from '#src/look/page.tsx';
import { Chip } from '#src/look/status.tsx';
import type { Tone } from '#src/look/tones.ts';
import { When } from '#src/look/when.tsx';
import { type JobWay, wayWords } from './jobWay.ts';

const TONES: Record<JobWay['state'], Tone> = {
  here: 'still',
  waiting: 'info',
  there: 'ok',
  problem: 'bad',
  gone: 'warn',
  apart: 'still',
};

export function WayChip({ way }: { way: JobWay }) {
  return <Chip word={wayWords(way)} tone={TONES[way.state]} />;
}

/** Where the last change of a job is, with the time. "In Manatal" only when Manatal has it. [F6] */
export function WayNotice({ way, justSaved }: { way: JobWay; justSaved: boolean }) {
  const { state, provider, agreedAt } = way;
  const { root } = useArea();
  if (state === 'waiting') {
    return (
      <Notice tone="info" announce={justSaved} title={`Saved here. On its way to ${provider}.`}>
        <p>It usually takes seconds. This page says so once it is there.</p>
      </Notice>
    );
  }
  if (state === 'there') {
    return (
      <Notice tone="ok" announce={justSaved} title={`In ${provider}`}>
        <p>Both sides agreed {agreedAt && <When at={agreedAt} />}.</p>
      </Notice>
    );
  }
  if (state === 'problem') {
    return (
      <Notice tone="bad" announce={justSaved} title={`${provider} did not take the last change`}>
        <p>
          It is saved here. <a href={`${root}/sync`}>The Sync Dashboard</a> says what {provider}{' '}
          answered and what can be done.
        </p>
      </Notice>
    );
  }
  if (state === 'gone') {
    return (
      <Notice tone="warn" announce={justSaved} title={`No longer in ${provider}`}>
        <p>The employer removed it there. What you change stays in KiEX.</p>
      </Notice>
    );
  }
  if (state === 'apart') {
    return (
      <Notice tone="warn" announce={justSaved} title={`${provider} is disconnected`}>
        <p>
          The job is closed for applicants and kept here. What you change goes to {provider} once
          the account is connected again.
        </p>
      </Notice>
    );
  }
  return (
    <Notice tone="info" announce={justSaved} title="Only in KiEX">
      <p>No connected account has this job, so nothing is sent anywhere.</p>
    </Notice>
  );
}
