import { Form, Link } from 'react-router';
import { Confirm } from '#src/look/confirm.tsx';
import { Status, ToneShape } from '#src/look/status.tsx';
import { Stepper } from '#src/look/stepper.tsx';
import { dateWords } from '#src/look/times.ts';
import { APPLICATION_STATUS, type Tone } from '#src/look/tones.ts';
import { useReading, When } from '#src/look/when.tsx';
import type { Delivery } from './delivery.ts';
import type { Mover, StudentApplication, StudentEvent } from './studentView.ts';
import type { TimelineStep } from './timeline.ts';

/** One application: what for, where it stands, and where it is. Its lines stay when values change. */
export function ApplicationCard({ application }: { application: StudentApplication }) {
  const { jobTitle, jobSlug, jobPublished, employer, status, stageName } = application;
  const { interviewAt, offerAt } = application;
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
        {interviewAt && <PlannedDate words="Interview" at={interviewAt} />}
        {offerAt && <PlannedDate words="Offer" at={offerAt} />}
        {application.isFollowed && (
          <>
            <dt>Their stage</dt>
            <dd>{stageName ?? <span className="muted">Not named yet</span>}</dd>
          </>
        )}
        <dt>Updated</dt>
        <dd>
          <When at={application.updatedAt} /> {MOVERS[application.updatedBy]}
        </dd>
        <dt>Where it is</dt>
        <dd>
          <DeliveryWords delivery={application.delivery} />
        </dd>
      </dl>
      <History events={application.events} />
      <NextStep application={application} />
    </li>
  );
}

const MOVERS: Record<Mover, string> = {
  student: 'by you',
  employer: 'by the employer',
  kiex: 'by KiEX, which said anew what the employer’s stage means',
};

/** A date the employer has given, in the reader's zone. */
function PlannedDate({ words, at }: { words: string; at: Date }) {
  return (
    <>
      <dt>{words}</dt>
      <dd>
        <GivenDate at={at} />
      </dd>
    </>
  );
}

/** Employers give a day, or a day and a time. A day alone reaches us as its midnight in UTC. */
function GivenDate({ at }: { at: Date }) {
  const isDay = new Date(at).getTime() % DAY === 0;
  if (!isDay) return <When at={at} as="exact" />;
  return <time dateTime={new Date(at).toISOString()}>{dateWords(new Date(at), 'UTC')}</time>;
}

const DAY = 24 * 60 * 60 * 1_000;

/** What the student can do with it now; the question is asked without a script. */
function NextStep({ application }: { application: StudentApplication }) {
  const { id, jobTitle, jobSlug, employer } = application;
  if (application.canApplyAgain) {
    return (
      <p className="application-next">
        <Link className="button" to={`/jobs/${jobSlug}/apply`}>
          Apply again
        </Link>
      </p>
    );
  }
  if (!application.canWithdraw) return null;
  return (
    <div className="application-next">
      <Confirm
        words="Withdraw…"
        question={`Take back your application for ${jobTitle} at ${employer}? You can apply again while the job is open.`}
      >
        <Form method="post" preventScrollReset>
          <input type="hidden" name="intent" value="withdraw" />
          <input type="hidden" name="applicationId" value={id} />
          <button type="submit" className="danger" aria-label={`Withdraw from ${jobTitle}`}>
            Withdraw application
          </button>
        </Form>
      </Confirm>
    </div>
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
            {event.stageName && ` (${event.stageName})`}, {MOVERS[event.by]},{' '}
            <When at={event.at} as="exact" />
            {event.interviewAt && (
              <span className="application-date">
                Interview: <GivenDate at={event.interviewAt} />
              </span>
            )}
            {event.offerAt && (
              <span className="application-date">
                Offer: <GivenDate at={event.offerAt} />
              </span>
            )}
          </li>
        ))}
      </ol>
    </details>
  );
}
