import { expect } from 'vitest';
import { until } from '../kiex/until.ts';
import type { Load } from './load.ts';
import type { Employer, Town } from './town.ts';

/** Longer than a create of which nobody saw the end waits before it is made again. */
const drainSeconds = 240;

interface Ours {
  id: string;
  student: string;
  key: string;
}

/** What KiEX keeps for one employer. */
const applicationsFor = (town: Town, { connectionId }: Employer) =>
  town.query<Ours>(
    `select applications.id, student_id as student, users.email || ' ' || jobs.slug as key
     from applications join users on users.id = student_id join jobs on jobs.id = job_id
     join links on links.resource = 'jobs' and links.our_id = job_id::text
     where links.connection_id = $1`,
    [connectionId],
  );

/**
 * The candidates whose resume was being sent when its worker was killed, and did not arrive: that it
 * never will is certain only when the provider's time to fetch a file is over, and until then it is
 * looked for and not sent again.
 */
const resumesInDoubt = (town: Town, { connectionId }: Employer) =>
  town.query<{ candidate: string; ourId: string }>(
    `select candidate.their_id as candidate, l.our_id as "ourId"
     from links l join resumes on resumes.id::text = l.our_id
     join links candidate on candidate.connection_id = l.connection_id
       and candidate.resource = 'candidates' and candidate.our_id = resumes.student_id
     where l.connection_id = $1 and l.resource = 'resumes' and l.their_id is null
       and l.create_settles_at > now()`,
    [connectionId],
  );

/** Until there is as much at the provider as there must be; more than that is found by the checks. */
export async function untilDelivered(town: Town): Promise<void> {
  for (const employer of town.employers) {
    const rows = (name: string) => town.simulator.rows(employer.account, name);
    await until(
      'every application, resume and note',
      async () => {
        const ours = await applicationsFor(town, employer);
        const students = new Set(ours.map(({ student }) => student));
        const resumes = await rows('resumes');
        return (
          (await rows('matches')).length >= ours.length &&
          (await rows('notes')).length >= ours.length &&
          resumes.length + (await resumesInDoubt(town, employer)).length >= students.size &&
          resumes.every((row) => row.downloadedAt)
        );
      },
      drainSeconds,
    ).catch(async (error: Error) => {
      throw new Error(`${error.message}; ${await standing(town, employer)}`);
    });
  }
}

/** How far it came, and what waits for what: for whoever reads why a proof failed. */
async function standing(town: Town, employer: Employer): Promise<string> {
  const ours = await applicationsFor(town, employer);
  const counts = await Promise.all(
    ['matches', 'notes', 'resumes'].map(async (name) => {
      const rows = await town.simulator.rows(employer.account, name);
      return `${rows.length} ${name} (${rows.filter((row) => row.downloadedAt).length} fetched)`;
    }),
  );
  const waiting = await town.query(
    `select l.resource, l.our_id, l.create_sent_at, l.create_settles_at, f.state, f.step, f.kind,
       f.detail, f.next_try_at
     from links l left join failures f on f.connection_id = l.connection_id
       and f.resource = l.resource and f.our_id = l.our_id and f.state <> 'resolved'
     where l.connection_id = $1 and l.their_id is null limit 20`,
    [employer.connectionId],
  );
  const failures = await town.query(
    `select resource, our_id, their_id, state, step, kind, detail, attempts, next_try_at
     from failures where connection_id = $1 and state <> 'resolved' limit 20`,
    [employer.connectionId],
  );
  const words = { applications: ours.length, counts, waiting, failures };
  return JSON.stringify(words, null, 1);
}

/**
 * Each application is there once, with its resume and note, and no candidate is there twice.
 * Resolves with how many resumes are in doubt.
 */
export async function checkDelivered(town: Town, acknowledged: Set<string>): Promise<number> {
  const doubted: string[] = [];
  const kept = new Set<string>();
  for (const employer of town.employers) {
    const ours = await applicationsFor(town, employer);
    for (const { key } of ours) kept.add(key);
    const rows = (name: string) => town.simulator.rows(employer.account, name);
    const [candidates, matches] = [await rows('candidates'), await rows('matches')];
    const [notes, resumes] = [await rows('notes'), await rows('resumes')];
    const students = [...new Set(ours.map(({ student }) => student))];
    expect(sorted(candidates.map((row) => row.external_id))).toEqual(sorted(students));
    expect(sorted(matches.map((row) => row.external_id))).toEqual(sorted(ours.map(({ id }) => id)));
    const ofMatches = matches.map(({ id }) => `matches/${id}`);
    expect(sorted(notes.map((row) => row.parent))).toEqual(sorted(ofMatches));
    const doubts = await resumesInDoubt(town, employer);
    doubted.push(...doubts.map(({ ourId }) => ourId));
    const inDoubt = doubts.map(({ candidate }) => `candidates/${candidate}`);
    const arrived = resumes.map((row) => String(row.parent));
    const ofCandidates = candidates.map(({ id }) => `candidates/${id}`);
    expect(sorted([...arrived, ...inDoubt])).toEqual(sorted(ofCandidates));
  }
  expect([...acknowledged].filter((key) => !kept.has(key))).toEqual([]);
  const failing = await town.query<{ ourId: string }>(
    `select our_id as "ourId" from failures where state in ('retrying', 'dead')`,
  );
  expect(failing.filter(({ ourId }) => !doubted.includes(ourId))).toEqual([]);
  return doubted.length;
}

/** Every job has the title that the recruiter gave it last. */
export async function untilEdited(town: Town, titles: Load['titles']): Promise<void> {
  for (const { account, connectionId } of town.employers) {
    const wanted = [...titles].filter(([key]) => key.startsWith(`${account} `));
    await until(
      'every edit of a job',
      async () => {
        const ours = await town.query<{ key: string; title: string }>(
          `select $2 || ' ' || their_id as key, title from jobs
           join links on resource = 'jobs' and our_id = jobs.id::text where links.connection_id = $1`,
          [connectionId, String(account)],
        );
        const here = new Map(ours.map(({ key, title }) => [key, title]));
        return wanted.every(([key, title]) => here.get(key) === title);
      },
      drainSeconds,
    );
  }
}

const sorted = (values: unknown[]) => values.map(String).sort();
