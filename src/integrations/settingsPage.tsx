import { data } from 'react-router';
import { leadOn } from '#src/accounts/formAnswers.ts';
import { useArea } from '#src/look/area.ts';
import { Empty, Notice, Page, pageMeta, Section } from '#src/look/page.tsx';
import '#src/look/staff.css';
import { useSearchParams } from 'react-router';
import { useLive } from '#src/look/useLive.ts';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Route } from './+types/settingsPage.ts';
import { AddConnection } from './addConnection.tsx';
import type { FieldErrors, Integrations, Offer, ProbeLine } from './commands.ts';
import { ConnectionSettings } from './connectionSettings.tsx';
import type { Previews } from './previews.ts';
import { act, backWith, doneWords, signedIn } from './staffActions.ts';
import type { Typed } from './whoseAccount.tsx';

export const handle = { hydrate: true };
export const meta: Route.MetaFunction = () => pageMeta('Integration Settings');

export async function loader({ context, url }: Route.LoaderArgs) {
  const { organizations, deskOf } = context.get(appContext);
  const { own, dashboard, integrations } = await deskOf(context.get(viewerContext));
  const [connections, employers] = await Promise.all([
    dashboard.connections(),
    own ? [] : organizations.names(),
  ]);
  const resources = Object.fromEntries(
    connections.map(({ provider }) => [provider, integrations.resourcesOf(provider)]),
  );
  const ownEmployers = own?.organizations.map(({ id, name }) => ({ id, name })) ?? null;
  const offers = integrations.offers();
  const wanted = url.searchParams.get('with');
  const offer = offers.find(({ provider }) => provider === wanted) ?? offers[0]!;
  return { connections, employers, ownEmployers, resources, offers, offer };
}

/** What a form answered, when it did not lead on: lines of a test, or what is wrong with a field. */
interface Answer {
  /** The tested connection's id, or 'new' for the form that adds one. */
  about: string;
  lines: ProbeLine[] | null;
  errors: FieldErrors;
  /** What was typed. A secret key is not in it: it never comes back in a page. [P5] */
  typed: Typed;
}

export async function action({ request, url, context }: Route.ActionArgs) {
  const viewer = signedIn(context.get(viewerContext));
  const desk = await context.get(appContext).deskOf(viewer);
  const { integrations } = desk;
  const form = await request.formData();
  const connectionId = String(form.get('connectionId') ?? '');
  switch (form.get('intent')) {
    case 'test':
      return answer({
        about: connectionId,
        lines: await integrations.testConnection(connectionId),
      });
    case 'testKey':
      return testNewKey(form, integrations);
    case 'replaceKey':
      return replaceKey({ form, url, integrations, by: viewer.userId });
    case 'add':
      return add({ form, url, integrations, by: viewer.userId }, desk.own !== null);
    case 'addPaused':
      return addPaused({ form, url, integrations, by: viewer.userId }, desk.previews);
  }
  const done = await act(form, desk, viewer.userId);
  if (!done) throw new Response(null, { status: 400 });
  return backWith(url, done, `#${connectionId}`);
}

const answer = (given: Partial<Answer>, status = 200) =>
  data<Answer>(
    { about: 'new', lines: null, errors: {}, typed: NOTHING_TYPED, ...given },
    { status },
  );

const NOTHING_TYPED: Typed = {
  ...{ label: '', organizationName: '', organizationId: '', key: '' },
  account: {},
};

const word = (form: FormData, name: string) => String(form.get(name) ?? '').trim();

/** The way to connect that a form is about, and what was typed into it. */
function typedIn(form: FormData, integrations: Integrations) {
  const wanted = word(form, 'provider');
  const offer = integrations.offers().find(({ provider }) => provider === wanted);
  if (!offer) throw new Response(null, { status: 400 });
  const key = word(form, 'key');
  const typed: Typed = {
    label: word(form, 'label'),
    organizationName: word(form, 'organizationName'),
    organizationId: word(form, 'organizationId'),
    key: offer.publicName ? key : '',
    account: Object.fromEntries(
      offer.accountFields.map((field) => [field.name, word(form, field.name)]),
    ),
  };
  return { offer, key, typed };
}

const WHOSE = 'Say whose Manatal account this is.';
function noKeyWords({ publicName, keyHelp, label }: Offer): string {
  if (publicName) return 'Paste the address of the career page.';
  if (keyHelp) return `Paste the key that ${label} shows once it is made.`;
  return 'Paste the key that Manatal shows after “Generate new token”.';
}

async function testNewKey(form: FormData, integrations: Integrations) {
  const { offer, key, typed } = typedIn(form, integrations);
  if (!key) return answer({ typed, errors: { key: noKeyWords(offer) } }, 422);
  const { account } = typed;
  const tested = await integrations.testKey({ provider: offer.provider, key, account });
  if (!tested.ok) return answer({ typed, errors: tested.errors }, 422);
  return answer({ typed, lines: tested.value });
}

interface Given {
  form: FormData;
  url: URL;
  integrations: Integrations;
  by: string;
}

async function replaceKey({ form, url, integrations, by }: Given) {
  const connectionId = word(form, 'connectionId');
  const sameAccount = word(form, 'sameAccount') === '1';
  const given = { connectionId, key: word(form, 'key'), sameAccount };
  const replaced = await integrations.replaceKey(given, by);
  if (!replaced.ok) return answer({ about: connectionId, errors: replaced.errors }, 422);
  return backWith(url, 'replaced', `#${connectionId}`);
}

/** Saves it paused, and asks what a first read would do. */
const addPaused = (given: Given, previews: Previews) => add(given, false, previews);

/** isOwn  an employer's person says which of their own it is for; a name of one they need not give. */
async function add(
  { form, url, integrations, by }: Given,
  isOwn: boolean,
  previews: Previews | null = null,
) {
  const { offer, key, typed: again } = typedIn(form, integrations);
  const { organizationId, ...typed } = again;
  const errors: FieldErrors = {
    ...(isOwn || offer.isPlatforms || typed.organizationName ? {} : { organizationName: WHOSE }),
    ...(isOwn || typed.label ? {} : { label: 'Give the connection a name of its own.' }),
    ...(key ? {} : { key: noKeyWords(offer) }),
  };
  if (Object.keys(errors).length > 0) return answer({ typed: again, errors }, 422);
  const of = isOwn ? { ...typed, organizationId } : typed;
  const { provider } = offer;
  const paused = previews !== null;
  const added = await integrations.addConnection({ ...of, provider, key, paused }, by);
  if (!added.ok) return answer({ typed: again, errors: added.errors }, 422);
  const { connectionId } = added.value;
  if (!previews) return backWith(url, 'added', `#${connectionId}`);
  const ask = { connectionId, resource: null, settings: null, trigger: 'manual' } as const;
  await previews.request({ ...ask, by });
  return leadOn(`/staff/sync?connection=${connectionId}&did=lookFirst`);
}

export default function SettingsPage({ loaderData, actionData }: Route.ComponentProps) {
  const { connections, employers, ownEmployers, resources, offers, offer } = loaderData;
  const { isStaff } = useArea();
  const [query] = useSearchParams();
  useLive(isStaff ? ['connections'] : ['jobs'], { hold: Boolean(actionData) });
  const done = actionData ? null : doneWords(query);
  const isFirst = connections.length === 0;
  return (
    <Page
      title="Integration Settings"
      lead="The accounts KiEX is connected to, and how each of them does."
      actions={
        !isFirst && (
          <a className="button" href="#add">
            Add a connection
          </a>
        )
      }
    >
      <div className="stack-wide">
        {done && (
          <Notice tone="ok" announce>
            <p>{done}</p>
          </Notice>
        )}
        {isFirst && (
          <Empty title="Nothing is connected yet">
            {isStaff ? 'Connect an employer’s' : 'Connect your'} Manatal account below. Its open
            jobs appear on the board within minutes, and applications go there.
            {isStaff && ' Or connect the website: its people come in as contacts.'}
          </Empty>
        )}
        {connections.map((connection) => (
          <ConnectionSettings
            key={connection.id}
            connection={connection}
            resources={resources[connection.provider] ?? []}
            offer={offers.find(({ provider }) => provider === connection.provider) ?? null}
            answer={actionData?.about === connection.id ? actionData : null}
          />
        ))}
        <Section
          title={`Connect ${offer.isPlatforms ? 'a website' : 'a Manatal account'}`}
          id="add"
        >
          <AddConnection
            offers={offers}
            offer={offer}
            employers={employers}
            ownEmployers={ownEmployers}
            answer={actionData?.about === 'new' ? actionData : null}
          />
        </Section>
      </div>
    </Page>
  );
}
