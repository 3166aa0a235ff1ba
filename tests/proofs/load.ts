import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '#src/platform/random.ts';
import type { Applicant } from '../e2e/applicant.ts';
import type { Town } from './town.ts';

/** Everything that keeps two accounts busy: applications, edits of jobs, polls and full reads. */
export interface Load {
  /** 'e-mail slug' of each application that KiEX said it has. */
  acknowledged: Set<string>;
  /** 'account job' -> the title that the recruiter gave it last. */
  titles: Map<string, string>;
  end(): Promise<void>;
}

const newRunMilliseconds = 200;

export function startLoad(
  town: Town,
  random: Random,
  pace: { applyMilliseconds: number; editMilliseconds: number },
): Load {
  const acknowledged = new Set<string>();
  const titles = new Map<string, string>();
  const ending = new AbortController();
  const again = async (work: () => Promise<unknown>, milliseconds: () => number) => {
    while (!ending.signal.aborted) {
      await work();
      await sleep(milliseconds(), null, { signal: ending.signal }).catch(() => undefined);
    }
  };
  const around = (milliseconds: number) => () => milliseconds / 2 + random.integer(milliseconds);
  const going = Promise.all([
    again(() => apply(town, random, acknowledged), around(pace.applyMilliseconds)),
    again(() => edit(town, random, titles), around(pace.editMilliseconds)),
    again(
      () => readAllJobs(town),
      () => newRunMilliseconds,
    ),
  ]);
  return {
    acknowledged,
    titles,
    async end() {
      ending.abort();
      await going;
    },
  };
}

async function apply(town: Town, random: Random, acknowledged: Set<string>): Promise<void> {
  const applicant: Applicant = town.applicants[random.integer(town.applicants.length)]!;
  const slug = await town.anyJob(town.employers[random.integer(town.employers.length)]!, random);
  const key = `${applicant.email} ${slug}`;
  if (acknowledged.has(key)) return;
  if (await applicant.apply(slug, `Note ${key}`)) acknowledged.add(key);
}

async function edit(town: Town, random: Random, titles: Map<string, string>): Promise<void> {
  const { account, connectionId } = town.employers[random.integer(town.employers.length)]!;
  const [job] = await town.query<{ id: string }>(
    `select their_id as id from links where connection_id = $1 and resource = 'jobs'
     order by id offset $2 limit 1`,
    [connectionId, random.integer(200)],
  );
  const title = `Deckhand ${random.integer(1_000_000)}`;
  await town.simulator.editJob(account, Number(job!.id), { position_name: title });
  titles.set(`${account} ${job!.id}`, title);
}

/** As soon as one full read has ended the next is asked for: the quota always has work. */
async function readAllJobs({ employers, query, program }: Town): Promise<void> {
  for (const { connectionId } of employers) {
    const open = await query(
      `select id from runs where connection_id = $1 and resource = 'jobs' and kind <> 'poll'
         and state in ('waiting', 'running')`,
      [connectionId],
    );
    if (open.length > 0) continue;
    await program.app.integrations.requestRuns({
      ...{ connectionId, resource: 'jobs', full: true, trigger: 'command' },
      by: 'proof',
    });
  }
}
