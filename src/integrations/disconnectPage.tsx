import { data, Form, redirect } from 'react-router';
import { areaOf, useArea } from '#src/look/area.ts';
import { Card, Notice, Page, pageMeta } from '#src/look/page.tsx';
import '#src/look/staff.css';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Route } from './+types/disconnectPage.ts';
import type { Leaving } from './commands.ts';
import { providerWords, resourceWords } from './labels.ts';
import { signedIn } from './staffActions.ts';

export const meta: Route.MetaFunction = () => pageMeta('Disconnect');

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

export async function loader({ params, context }: Route.LoaderArgs) {
  const { deskOf } = context.get(appContext);
  const { integrations } = await deskOf(context.get(viewerContext));
  const leaving = UUID.test(params.id) ? await integrations.whatLeaves(params.id) : null;
  if (!leaving) throw data(null, { status: 404 });
  return { id: params.id, leaving };
}

export async function action({ params, url, context }: Route.ActionArgs) {
  const viewer = signedIn(context.get(viewerContext));
  const { integrations } = await context.get(appContext).deskOf(viewer);
  const begun = await integrations.disconnect(params.id, viewer.userId);
  const did = begun ? 'disconnect' : 'gone';
  return redirect(`${areaOf(url.pathname).root}/integrations?did=${did}#${params.id}`);
}

/** Asks once more, with what goes and what stays. */
export default function DisconnectPage({ loaderData }: Route.ComponentProps) {
  const { id, leaving } = loaderData;
  const { root } = useArea();
  const provider = providerWords(leaving.provider);
  const isOver = leaving.state === 'disconnected' || leaving.state === 'disconnecting';
  return (
    <Page
      narrow
      title={`Disconnect ${leaving.label}`}
      back={{ to: `${root}/integrations#${id}`, words: 'Integration Settings' }}
      lead={`KiEX leaves this ${provider} account. Nothing in ${provider} is deleted but its webhooks.`}
    >
      {isOver ? (
        <Notice tone="info" title="It is disconnected already, or about to be." />
      ) : (
        <div className="stack-wide">
          <Goes leaving={leaving} provider={provider} />
          <Stays leaving={leaving} provider={provider} />
          <Form method="post">
            <button type="submit" className="danger">
              Disconnect
            </button>
          </Form>
        </div>
      )}
    </Page>
  );
}

function Goes({ leaving, provider }: { leaving: Leaving; provider: string }) {
  const jobs = leaving.linked.jobs ?? 0;
  const open = [
    leaving.openRuns > 0 && counted(leaving.openRuns, 'run'),
    leaving.openFailures > 0 && counted(leaving.openFailures, 'problem'),
  ].filter(Boolean);
  return (
    <Card title="What goes">
      <ul className="bullets">
        <li>
          The webhooks that KiEX registered in {provider} are removed there. If {provider} cannot be
          reached within ten minutes, the card says that they are left; what they send is turned
          away.
        </li>
        <li>The key is destroyed here. To be safe, delete it in {provider} as well.</li>
        <li>
          {jobs > 0 ? `${counted(jobs, 'job')} ${jobs === 1 ? 'is' : 'are'}` : 'Its jobs are'}{' '}
          closed for applicants, here only: {provider} is not told.
        </li>
        {open.length > 0 && <li>What is open is dropped: {open.join(', ')}.</li>}
      </ul>
    </Card>
  );
}

function Stays({ leaving, provider }: { leaving: Leaving; provider: string }) {
  const tied = Object.entries(leaving.linked)
    .map(([resource, total]) => `${resourceWords(resource)} ${total.toLocaleString('en-US')}`)
    .join(', ');
  return (
    <Card title="What stays">
      <ul className="bullets">
        <li>Every job, application and its history stays in KiEX. Students keep seeing theirs.</li>
        <li>
          What is tied to a record in {provider} stays tied{tied && ` (${tied})`}. Connect the same
          account again with a new key, and all of it goes on; nothing comes twice.
        </li>
        <li>
          Applications that are not in {provider} yet are kept, and sent if it is connected again.
        </li>
        <li>Everything in {provider} stays as it is.</li>
      </ul>
    </Card>
  );
}

const counted = (count: number, what: string) =>
  `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;
