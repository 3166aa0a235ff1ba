import { data, Link, useSearchParams } from 'react-router';
import { Empty, Notice, Page, pageMeta } from '#src/look/page.tsx';
import '#src/look/staff.css';
import { Status } from '#src/look/status.tsx';
import { useLive } from '#src/look/useLive.ts';
import { When } from '#src/look/when.tsx';
import { appContext, viewerContext } from '#src/pageContext.ts';
import { type Policy, policyWords } from '#src/sync/flow.ts';
import type { Route } from './+types/conflictsPage.ts';
import { ActionButton } from './actionButton.tsx';
import { ConnectionFilter } from './connectionFilter.tsx';
import type { ConflictRow } from './decisions.ts';
import { plainName, providerWords, recordWords } from './labels.ts';
import { RecordLink } from './recordLink.tsx';
import { backWith, doneWords, staffOnly } from './staffActions.ts';

export const handle = { hydrate: true };
export const meta: Route.MetaFunction = () => pageMeta('Conflicts');

const CONFLICTS_SHOWN = 100;

const STATES = {
  open: { word: 'Waits for a choice', tone: 'warn' },
  settled: { word: 'Settled by policy', tone: 'info' },
  chosen: { word: 'Chosen', tone: 'ok' },
  past: { word: 'Past', tone: 'still' },
} as const;
type State = keyof typeof STATES;

const isState = (word: string): word is State => Object.hasOwn(STATES, word);

export async function loader({ url, context }: Route.LoaderArgs) {
  staffOnly(context.get(viewerContext));
  const { dashboard, decisions } = context.get(appContext);
  const connectionId = url.searchParams.get('connection') || null;
  const asked = url.searchParams.get('state') ?? 'open';
  const state = isState(asked) ? asked : null;
  const [connections, conflicts] = await Promise.all([
    dashboard.connections(),
    decisions.conflicts({ connectionId, state, limit: CONFLICTS_SHOWN }),
  ]);
  return {
    connections: connections.map(({ id, label }) => ({ id, label })),
    connectionId,
    state,
    conflicts,
  };
}

export async function action({ request, url, context }: Route.ActionArgs) {
  const viewer = staffOnly(context.get(viewerContext));
  const form = await request.formData();
  const side = form.get('side');
  if (side !== 'ours' && side !== 'theirs') throw new Response(null, { status: 400 });
  const conflictId = String(form.get('conflictId') ?? '');
  const choice = await context.get(appContext).decisions.choose(conflictId, side, viewer.userId);
  return choice.ok ? backWith(url, 'chosen') : data({ words: choice.words }, { status: 409 });
}

export default function ConflictsPage({ loaderData, actionData }: Route.ComponentProps) {
  const { conflicts, state } = loaderData;
  useLive(['conflicts'], { hold: Boolean(actionData) });
  const [query] = useSearchParams();
  const done = actionData ? null : doneWords(query);
  return (
    <Page
      title="Conflicts"
      lead="Fields that changed on both sides to different values before either heard of the other."
      back={{ to: '/staff/sync', words: 'Sync Dashboard' }}
      actions={<ConnectionFilter {...loaderData} />}
    >
      <div className="stack">
        {done && (
          <Notice tone="ok" announce>
            <p>{done}</p>
          </Notice>
        )}
        {actionData && <Notice tone="bad" announce title={actionData.words} />}
        <StateLinks state={state} />
        {conflicts.length > 0 ? (
          <ul className="card-list" aria-label="Conflicts">
            {conflicts.map((conflict) => (
              <li key={conflict.id}>
                <ConflictItem conflict={conflict} />
              </li>
            ))}
          </ul>
        ) : (
          <NoConflicts state={state} />
        )}
      </div>
    </Page>
  );
}

function StateLinks({ state }: { state: State | null }) {
  const [query] = useSearchParams();
  const to = (wanted: string) => {
    const other = new URLSearchParams(query);
    other.delete('did');
    other.set('state', wanted);
    return `?${other}`;
  };
  const all = [...Object.entries(STATES).map(([name, { word }]) => ({ name, word }))];
  return (
    <nav className="cluster small states" aria-label="States">
      {[...all, { name: 'all', word: 'All' }].map(({ name, word }) => (
        <Link
          key={name}
          to={to(name)}
          aria-current={name === (state ?? 'all') ? 'page' : undefined}
        >
          {word}
        </Link>
      ))}
    </nav>
  );
}

function NoConflicts({ state }: { state: State | null }) {
  if (state === 'open') {
    return (
      <Empty title="No field waits for a choice">
        Either both sides agree, or the rules of the fields decided. What they decided is under
        “Settled by policy”; the rules are in Integration Settings, under Fields.
      </Empty>
    );
  }
  return <Empty title="Nothing here">No conflict of this kind has been met.</Empty>;
}

function ConflictItem({ conflict }: { conflict: ConflictRow }) {
  return (
    <article className="failure">
      <div className="cluster spread">
        <h2 className="small-title">
          {recordWords(conflict.resource)} <RecordLink {...conflict} />: {plainName(conflict.field)}
        </h2>
        <Status of={STATES} status={conflict.state} />
      </div>
      <div className="sides">
        <Side conflict={conflict} side="ours" />
        <Side conflict={conflict} side="theirs" />
        <div>
          <p className="small muted">Agreed before</p>
          {conflict.base ? (
            <Shown value={conflict.base.value} />
          ) : (
            <p className="muted">nothing yet</p>
          )}
        </div>
      </div>
      <p className="small muted">
        {conflict.connectionLabel} · found <When at={conflict.foundAt} /> · {outcomeOf(conflict)}
        {conflict.closedAt && (
          <>
            {' '}
            <When at={conflict.closedAt} />
          </>
        )}
      </p>
    </article>
  );
}

type SideName = 'ours' | 'theirs';

function Side({ conflict, side }: { conflict: ConflictRow; side: SideName }) {
  const name = side === 'ours' ? 'KiEX' : providerWords(conflict.provider);
  const { state, winner, chosen } = conflict;
  const canChoose = !chosen && (state === 'open' || (state === 'settled' && winner !== side));
  const stands = chosen ? chosen === side : winner === side;
  return (
    <div>
      <p className="small muted">
        In {name}
        {stands && ' · stands'}
      </p>
      <Shown value={conflict[side].value} />
      {canChoose && (
        <ActionButton
          fields={{ conflictId: conflict.id, side }}
          label={`Use ${name}’s value for ${plainName(conflict.field)} of ${conflict.theirId}`}
        >
          Use {name}’s value
        </ActionButton>
      )}
    </div>
  );
}

function Shown({ value }: { value: string | number | boolean | null }) {
  if (value === null) return <p className="muted">empty</p>;
  return <p className="code side-value">{String(value)}</p>;
}

function outcomeOf({ state, reason, winner, chosen, chosenBy }: ConflictRow): string {
  if (state === 'past') return 'over: the values moved on';
  if (chosen) {
    const who = chosen === 'ours' ? 'KiEX' : 'the provider';
    return `${who}, chosen by ${chosenBy}${state === 'open' ? '; on its way' : ''}`;
  }
  if (reason === 'cannot be sent') return 'asked, since KiEX should win and cannot change it there';
  if (!winner) return 'asked, as the rule of this field says';
  return `decided by the rule “${policyWords[reason as Policy] ?? reason}”`;
}
