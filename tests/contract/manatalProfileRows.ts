import type { TableName } from '#src/sandbox/manatal/rows.ts';
import type { Outgoing } from '#src/sync/connector.ts';
import type { Raw, RecordBench } from './bench.ts';
import { educationChanges, experienceChanges } from './manatalValues.ts';

interface Town {
  rows(table: TableName): readonly object[];
  /** Another program, using the same account. Returns the id it is answered. */
  call(path: string, body: Raw, method?: string): Promise<number>;
  remove(path: string): Promise<unknown>;
  candidate(): Promise<number>;
  ours(more: Partial<Outgoing>): Outgoing;
}

/** Rows below a candidate, which have no external id. Their id names the candidate as well. */
export function profileRowBenches(town: Town): Record<string, RecordBench> {
  const of = async () => ({ refs: { candidates: String(await town.candidate()) } });
  const kept = (table: TableName, path: string) => ({
    isNameless: true,
    noSuchId: '91002301/999999999',
    count: () => town.rows(table).length,
    raw: (theirId: string) => {
      const id = Number(theirId.split('/')[1]);
      const row = (town.rows(table) as Raw[]).find((one) => one.id === id);
      return { ...row };
    },
    remove: async (theirId: string) => {
      const [candidate, id] = theirId.split('/');
      await town.remove(`/candidates/${candidate}/${path}/${id}/`);
    },
  });
  const making = (path: string, body: Raw) => async () => {
    const candidate = await town.candidate();
    return `${candidate}/${await town.call(`/candidates/${candidate}/${path}/`, body)}`;
  };
  const dates = { startedOn: '2022-08-01', endedOn: null, location: 'Majuro', description: 'x' };
  return {
    educations: {
      ...kept('educations', 'educations'),
      make: making('educations', { school: 'Island College', started_at: '2022-08-15' }),
      changes: educationChanges,
      outgoing: async () =>
        town.ours({
          ...(await of()),
          values: { school: 'Island College', degree: 'Diploma', subject: null, ...dates },
        }),
    },
    experiences: {
      ...kept('experiences', 'experiences'),
      make: making('experiences', { title: 'Cook', employer: 'Reef House' }),
      changes: experienceChanges,
      outgoing: async () =>
        town.ours({
          ...(await of()),
          values: { title: 'Cook', employer: 'Reef House', isCurrent: true, ...dates },
        }),
    },
    skills: {
      ...kept('candidateSkills', 'skills'),
      outgoing: async () => town.ours({ ...(await of()), record: { name: 'Free diving' } }),
    },
    socialLinks: {
      ...kept('socialMedia', 'social-media'),
      outgoing: async () =>
        town.ours({ ...(await of()), record: { url: 'https://www.linkedin.com/in/tasi' } }),
    },
  };
}
