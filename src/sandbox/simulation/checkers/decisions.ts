import { isPartKind } from '#src/students/partKinds.ts';
import {
  accountOf,
  keepsRowsOf,
  linksOf,
  resourceOf,
  rowsOf,
  type Scene,
  theirRowOf,
  theirRows,
  tiesOf,
} from './scene.ts';
import { ourRowOf, statusOfMatch } from './values.ts';
import { type Violation, violation } from './violation.ts';

/** What recruiters decided has come back, and nobody was erased on either side. */
export const judgeDecisions = (scene: Scene): Violation[] => [
  ...unheardDecisions(scene),
  ...unseenJobs(scene),
  ...goneAndErased(scene),
  ...deletions(scene),
];

function unheardDecisions(scene: Scene): Violation[] {
  return tiesOf(scene).flatMap((link) => {
    if (link.resource !== 'applications') return [];
    const match = theirRowOf(scene, link);
    const row = rowsOf(scene, 'applications').find(({ id }) => id === link.our_id);
    if (!match || !row) return [];
    const expected = statusOfMatch(scene, match, link.connection_id);
    if (row.status === expected) return [];
    const words = `their side says ${expected}, here stands ${String(row.status)}`;
    return [violation('D4', words, link.our_id, link.their_id)];
  });
}

/** A job that students could see is here. [D4] */
function unseenJobs(scene: Scene): Violation[] {
  return scene.accounts.flatMap(({ connectionId, accountId }) => {
    const known = new Set(
      linksOf(scene)
        .filter((link) => link.connection_id === connectionId && link.resource === 'jobs')
        .map(({ their_id }) => their_id),
    );
    return theirRows(scene, accountId, 'jobs')
      .filter((job) => job.status === 'active' && job.is_published === true)
      .filter((job) => !known.has(String(job.id)))
      .map((job) => violation('D4', 'a job that is open there never came here', job.id));
  });
}

/** A line of a profile stays here when it is taken off or not shared any more. */
const isKept = (scene: Scene, of: { connectionId: string; resource: string; ourId: string }) =>
  isPartKind(of.resource)
    ? rowsOf(scene, 'profile_parts').some(({ id }) => id === of.ourId)
    : ourRowOf(scene, of) !== undefined;

/** Gone there: closed here and kept. There: never called gone because a list lacked it. [A1] */
function goneAndErased(scene: Scene): Violation[] {
  return linksOf(scene).flatMap((link) => {
    if (!keepsRowsOf(link.resource) || link.their_id === null) return [];
    const ids = [link.our_id, link.their_id];
    const { connection_id: connectionId, resource, our_id: ourId } = link;
    if (!isKept(scene, { connectionId, resource, ourId }))
      return [violation('A1', `one of our ${resource} was erased`, ...ids)];
    const there = theirRowOf(scene, link) !== undefined;
    if (there && link.gone_at)
      return [violation('A1', `one of the ${resource} is called gone and is there`, ...ids)];
    const listed = resourceOf(scene, link)?.list;
    if (!there && !link.gone_at && listed)
      return [violation('A1', `nobody noticed that one of the ${resource} is gone`, ...ids)];
    const job = resource === 'jobs' && link.gone_at !== null;
    const closed = rowsOf(scene, 'jobs').find(({ id }) => id === ourId)?.status === 'removed';
    return job && !closed ? [violation('A1', 'a job that is gone is still shown', ...ids)] : [];
  });
}

/** Nobody's data is deleted at a provider; only our own webhook subscriptions are. [A2] */
function deletions(scene: Scene): Violation[] {
  const own = (path: string) => path.startsWith('/v1/webhooks/');
  return scene.calls
    .filter(({ method, path }) => method === 'PUT' || (method === 'DELETE' && !own(path)))
    .map(({ method, path }) => violation('A2', `${method} ${path} was sent`));
}

/** The connections of a scene that have no account are a mistake of whoever watches. */
export function assertWatched(scene: Scene): void {
  for (const { id } of rowsOf(scene, 'connections')) {
    if (accountOf(scene, String(id)) === null) throw new Error(`nobody watches connection ${id}`);
  }
}
