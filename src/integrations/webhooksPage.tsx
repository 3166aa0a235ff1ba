import { data, useSearchParams } from 'react-router';
import { useArea } from '#src/look/area.ts';
import { Confirm } from '#src/look/confirm.tsx';
import { Empty, Notice, Page, pageMeta, Section } from '#src/look/page.tsx';
import { Chip } from '#src/look/status.tsx';
import '#src/look/staff.css';
import { durationWords } from '#src/look/times.ts';
import { useLive } from '#src/look/useLive.ts';
import { When } from '#src/look/when.tsx';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Route } from './+types/webhooksPage.ts';
import { ActionButton } from './actionButton.tsx';
import type { WebhookEventStanding, WebhookStanding } from './commands.ts';
import { providerWords } from './labels.ts';
import { backWith, doneWords, signedIn } from './staffActions.ts';
import { WebhookAddress } from './webhookAddress.tsx';

export const handle = { hydrate: true };
export const meta: Route.MetaFunction = () => pageMeta('Webhooks');

export async function loader({ params, context }: Route.LoaderArgs) {
  const { deskOf } = context.get(appContext);
  const { dashboard, integrations } = await deskOf(context.get(viewerContext));
  const connection = (await dashboard.connections()).find(({ id }) => id === params.id);
  if (!connection) throw data(null, { status: 404 });
  const { id, label, provider, webhookAddress } = connection;
  const standing = await integrations.webhookStanding(id);
  return { connection: { id, label, provider, webhookAddress }, standing };
}

export async function action({ request, url, params, context }: Route.ActionArgs) {
  const viewer = signedIn(context.get(viewerContext));
  const { integrations } = await context.get(appContext).deskOf(viewer);
  switch ((await request.formData()).get('intent')) {
    case 'lookAtWebhooks':
      await integrations.lookAtWebhooks(params.id);
      return backWith(url, 'looked');
    case 'changeWebhookAddress': {
      const changed = await integrations.changeWebhookAddress(params.id, viewer.userId);
      return backWith(url, changed ? 'addressChanged' : 'gone');
    }
  }
  throw new Response(null, { status: 400 });
}

/** How the webhooks of one connection stand, event by event. */
export default function WebhooksPage({ loaderData }: Route.ComponentProps) {
  const { connection, standing } = loaderData;
  const [query] = useSearchParams();
  const { root, isStaff } = useArea();
  useLive(isStaff ? ['connections'] : ['jobs']);
  const done = doneWords(query);
  const provider = providerWords(connection.provider);
  return (
    <Page
      title="Webhooks"
      lead={`What ${provider} tells KiEX by itself about ${connection.label}`}
      back={{ to: `${root}/integrations#${connection.id}`, words: 'Integration Settings' }}
      actions={
        standing && (
          <ActionButton fields={{ intent: 'lookAtWebhooks' }} className="">
            Look now
          </ActionButton>
        )
      }
    >
      <div className="stack-wide">
        {done && (
          <Notice tone="ok" announce>
            <p>{done}</p>
          </Notice>
        )}
        {!standing && (
          <Empty title="No webhooks">
            The connection was disconnected, or {provider} offers none. Nothing is registered.
          </Empty>
        )}
        {standing && <Standing standing={standing} provider={provider} />}
        {standing && <Address standing={standing} connection={connection} />}
      </div>
    </Page>
  );
}

function Standing({ standing, provider }: { standing: WebhookStanding; provider: string }) {
  return (
    <>
      <Troubles standing={standing} provider={provider} />
      <Section
        title="Events"
        aside={
          <span className="muted small">
            {standing.lookedAt ? (
              <>
                Looked at <When at={new Date(standing.lookedAt)} />
              </>
            ) : (
              'Not looked at yet'
            )}
          </span>
        }
      >
        <EventTable events={standing.events} />
      </Section>
      <Silent standing={standing} provider={provider} />
    </>
  );
}

function Troubles({ standing, provider }: { standing: WebhookStanding; provider: string }) {
  if (standing.cannot) {
    return (
      <Notice tone="warn" title={standing.cannot}>
        <p>
          Set KIEX_PUBLIC_URL to where KiEX can be reached. Until then asking finds all changes.
        </p>
      </Notice>
    );
  }
  if (standing.problem) {
    return (
      <Notice tone="warn" title={`${provider} did not take all of it`}>
        <p>{standing.problem}. It is tried again within two minutes.</p>
      </Notice>
    );
  }
  return standing.moving ? (
    <Notice tone="info" title="Moving to the new address">
      <p>Until the last has moved, the address before is heard as well.</p>
    </Notice>
  ) : null;
}

function EventTable({ events }: { events: WebhookEventStanding[] }) {
  return (
    <div className="table-card lines">
      <table>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Event</th>
            <th scope="col">There</th>
            <th scope="col">Last heard</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.event}>
              <td data-label="When">
                <div>
                  {event.words}
                  {event.ignored && (
                    <span className="muted small block">Not used: {event.ignored}.</span>
                  )}
                </div>
              </td>
              <td data-label="Event">
                <code>{event.event}</code>
              </td>
              <td data-label="There">
                <EventState event={event} />
              </td>
              <td data-label="Last heard">
                {event.lastHeardAt ? (
                  <span>
                    heard <When at={event.lastHeardAt} />
                  </span>
                ) : (
                  'Not heard yet'
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function EventState({ event: { since, stale } }: { event: WebhookEventStanding }) {
  return (
    <>
      <Chip word={since ? 'Registered' : 'Missing'} tone={since ? 'ok' : 'warn'} />
      {stale > 0 && <Chip word={`${stale} at an old address`} tone="warn" />}
    </>
  );
}

/** What no webhook tells, and how late it is found at most. [D4] */
function Silent({ standing, provider }: { standing: WebhookStanding; provider: string }) {
  const { silent, pollSeconds, reconcileHours } = standing;
  return (
    <Section title={`What ${provider} does not tell`}>
      <div className="stack">
        <p>{provider} sends nothing when:</p>
        <ul className="bullets">
          {silent.map((what) => (
            <li key={what}>{what}</li>
          ))}
        </ul>
        <p>
          KiEX asks what changed every {durationWords(pollSeconds * 1_000)}, so new and edited
          records are found that late at most, also when a webhook is lost. Deletions are found when
          everything is compared, every {reconcileHours} hours, or when you choose “Compare
          everything”.
        </p>
      </div>
    </Section>
  );
}

function Address({
  standing,
  connection,
}: {
  standing: WebhookStanding;
  connection: { id: string; webhookAddress: string };
}) {
  return (
    <Section title="Secret address">
      <div className="stack">
        <WebhookAddress address={connection.webhookAddress} id={`address-${connection.id}`} />
        <Confirm
          words="Change the address…"
          question="Everything registered is moved to a new secret address. Nothing is missed meanwhile. Do this when somebody has seen the address who should not have."
        >
          <ActionButton
            fields={{ intent: 'changeWebhookAddress' }}
            className="small-button primary"
          >
            {standing.moving ? 'Change it again' : 'Change the address'}
          </ActionButton>
        </Confirm>
      </div>
    </Section>
  );
}
