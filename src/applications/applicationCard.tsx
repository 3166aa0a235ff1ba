import { Link } from 'react-router';
import { Status, ToneShape } from '#src/look/status.tsx';
import { Stepper } from '#src/look/stepper.tsx';
import { dateWords } from '#src/look/times.ts';
import { APPLICATION_STATUS, type Tone } from '#src/look/tones.ts';
import { useReading, When } from '#src/look/when.tsx';
import type { Delivery } from './delivery.ts';
import type { StudentApplication, StudentEvent } from './studentView.ts';
import type { TimelineStep } from './timeline.ts';

/** One application: what for, where it stands, and where it is. Its lines stay when values change. */
export function ApplicationCard({ application }: { application: StudentApplication }) {
  const { jobTitle, jobSlug, jobPublished, employer, status, stageName, interviewAt } = application;
  return (
    <li className="card application">
      <div className="application-head">
        <div>
          <h2>{jobPublished ? <Link to={`/jobs/${jobSlug}`}>{jobTitle}</Link> : jobTitle}</h2>
          <p className="quiet-text">{employer}</p>
        </div>
        <p className="application-status">
          <Status of={APPLICATION_STATUS} status={status} />
          {interviewAt && status === 'interview' && (
            <span className="small">
              <When at={interviewAt} as="date" />
            </span>
          )}
        </p>
      </div>
      {application.steps.length > 1 && <Way steps={application.steps} jobTitle={jobTitle} />}
      <dl className="facts">
        {application.isFollowed && (
          <>
            <dt>Their stage</dt>
            <dd>{stageName ?? <span className="muted">Not named yet</span>}</dd>
          </>
        )}
        <dt>Updated</dt>
        <dd>
          <When at={application.updatedAt} />{' '}
          {application.updatedBy === 'employer' ? 'by the employer' : 'by you'}
        </dd>
        <dt>Where it is</dt>
        <dd>
          <DeliveryWords delivery={application.delivery} />
        </dd>
      </dl>
      <History events={application.events} />
    </li>
  );
}

function Way({ steps, jobTitle }: { steps: TimelineStep[]; jobTitle: string }) {
  const { now, zone } = useReading();
  const ended = steps.at(-1)?.state === 'ended';
  return (
    <div className={ended ? 'application-way ended' : 'application-way'}>
      <Stepper
        label={`Where your application for ${jobTitle} stands`}
        at={steps.findIndex(({ state }) => state === 'now' || state === 'ended')}
        steps={steps.map(({ word, at }) => ({
          word,
          // A space keeps the line, so that nothing moves when a date comes.
          detail: at ? dateWords(at, zone, now) : '\u00a0',
        }))}
      />
    </div>
  );
}

const DELIVERY_TONE: Record<Delivery['state'], Tone> = {
  stored: 'info',
  delivered: 'ok',
  problem: 'warn',
};

function DeliveryWords({ delivery }: { delivery: Delivery }) {
  return (
    <>
      <span className={`delivery ${delivery.state}`}>
        <ToneShape tone={DELIVERY_TONE[delivery.state]} /> {delivery.words}
      </span>
      <span className="muted small delivery-meaning">{delivery.meaning}</span>
    </>
  );
}

function History({ events }: { events: StudentEvent[] }) {
  return (
    <details className="application-history">
      <summary>What happened when</summary>
      <ol>
        {events.map((event) => (
          <li key={`${event.at.toISOString()} ${event.word}`}>
            <strong>{event.word}</strong>
            {event.stageName && ` (${event.stageName})`}
            {event.by === 'employer' ? ', by the employer, ' : ', by you, '}
            <When at={event.at} as="exact" />
          </li>
        ))}
      </ol>
    </details>
  );
}
