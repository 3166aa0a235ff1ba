import { data, Form, Link } from 'react-router';
import { ErrorSummary, Field } from '#src/look/fields.tsx';
import { Notice, Page, pageMeta } from '#src/look/page.tsx';
import '#src/look/staff.css';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Route } from './+types/correctPage.ts';
import { plainName, recordWords } from './labels.ts';
import { RecordLink } from './recordLink.tsx';
import { backWith, staffOnly } from './staffActions.ts';

export const meta: Route.MetaFunction = () => pageMeta('Edit and retry');

const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

export async function loader({ url, params, context }: Route.LoaderArgs) {
  staffOnly(context.get(viewerContext));
  const { integrations } = context.get(appContext);
  if (!UUID.test(params.id)) throw data(null, { status: 404 });
  const correction = await integrations.correction(params.id);
  // It may pass by itself while somebody types.
  if (!correction) throw backWith(new URL('/staff/sync', url), 'gone', '#problems');
  return { correction };
}

export async function action({ request, url, params, context }: Route.ActionArgs) {
  const viewer = staffOnly(context.get(viewerContext));
  const { integrations } = context.get(appContext);
  if (!UUID.test(params.id)) throw data(null, { status: 404 });
  const { version, ...typed } = Object.fromEntries(
    [...(await request.formData())].map(([name, value]) => [name, String(value)]),
  );
  const mended = { failureId: params.id, version: Number(version), values: typed };
  const saved = await integrations.correct(mended, viewer.userId);
  if (saved.kind === 'wrong') return data({ ...saved, typed }, { status: 422 });
  if (saved.kind === 'moved') return data({ kind: 'moved' as const }, { status: 409 });
  return backWith(new URL('/staff/sync', url), saved.fields.length > 0 ? 'edited' : 'retry');
}

const BARRED = {
  theirs: 'This record stands at the provider only. Mend it there; KiEX reads it again by itself.',
  gone: 'This record is not here any more, or may not be shared: there is nothing to send.',
  'nothing sent':
    'Its values come from the provider, and KiEX sends none of them: mend it there, and it passes by itself.',
  'not here':
    'Nothing of this record can be edited here. What it is made of belongs to somebody: the student edits the profile or the application, or another record that it needs has a problem of its own in the list.',
} as const;

export default function CorrectPage({ loaderData, actionData }: Route.ComponentProps) {
  const { correction } = loaderData;
  const { failure } = correction;
  const what = recordWords(failure.resource).toLowerCase();
  return (
    <Page
      narrow
      title={`Edit and retry: ${what}`}
      back={{ to: '/staff/sync#problems', words: 'All problems' }}
      lead={<RecordLink {...failure} />}
    >
      <div className="stack-wide">
        <Notice tone="bad" title="What the provider said">
          <p className="code">{failure.detail}</p>
        </Notice>
        {'barred' in correction ? (
          <Barred correction={correction} />
        ) : (
          <Mend correction={correction} answer={actionData} />
        )}
      </div>
    </Page>
  );
}

type Shown = Route.ComponentProps['loaderData']['correction'];

function Barred({ correction }: { correction: Extract<Shown, { barred: string }> }) {
  const { failure, barred } = correction;
  // A job has a page of its own to edit it; with its next version it is tried again by itself.
  if (failure.resource === 'jobs' && failure.ourId && barred === 'not here') {
    return (
      <Notice tone="info">
        <p>
          <Link to={`/staff/jobs/${failure.ourId}/edit`}>Edit the job</Link>: once it is saved, it
          is tried again by itself.
        </p>
      </Notice>
    );
  }
  return (
    <Notice tone="info">
      <p>{BARRED[barred]}</p>
    </Notice>
  );
}

function Mend({
  correction,
  answer,
}: {
  correction: Extract<Shown, { version: number }>;
  answer: Route.ComponentProps['actionData'];
}) {
  const wrong = answer?.kind === 'wrong' ? answer : null;
  return (
    <Form method="post" className="card stack" noValidate>
      {answer?.kind === 'moved' && (
        <Notice tone="warn" announce>
          <p>The record was changed meanwhile. This is how it stands now; look again.</p>
        </Notice>
      )}
      {wrong && <ErrorSummary errors={wrong.errors} />}
      <input type="hidden" name="version" value={correction.version} />
      {correction.fields.map(({ name, value }) => (
        <Field
          key={name}
          name={name}
          label={sentence(plainName(name))}
          optional
          errors={wrong?.errors ?? {}}
          defaultValue={wrong?.typed[name] ?? String(value ?? '')}
        />
      ))}
      <p className="small muted">
        It is saved here, as if its owner had edited it, and sent again at once. Who edited which
        fields is kept in the activity.
      </p>
      <div>
        <button type="submit" className="primary">
          Save and retry
        </button>
      </div>
    </Form>
  );
}

const sentence = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
