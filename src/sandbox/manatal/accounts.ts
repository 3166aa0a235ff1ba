import type { Core } from './core.ts';
import { askInstead, type NewQuestion } from './formQuestions.ts';
import type { Access, AccountRow, PipelineRow } from './rows.ts';
import { SHARED } from './store.ts';

/** An account to make. What is left out is filled with something plain. */
export interface NewAccount {
  label: string;
  key: string;
  careerSlug?: string;
  access?: Access;
  /** The first made the key; the second, if any, acts in the inspector. */
  users?: { fullName: string; email: string }[];
  /** Stage names in the order of their rank. */
  pipelines?: { name: string; stages: string[] }[];
  industries?: string[];
  /** The application form; left out, it asks for name, e-mail, phone and resume. */
  questions?: readonly NewQuestion[];
}

const PLAIN_USERS = [
  { fullName: 'Account Administrator', email: 'admin@employer.example' },
  { fullName: 'Account Recruiter', email: 'recruiter@employer.example' },
];
const PLAIN_PIPELINE = {
  name: 'Standard',
  stages: ['New', 'Screening', 'Interview', 'Offer', 'Hired'],
};

/** Makes an account with its users, pipelines and industries. Throws when the key is taken. */
export function addAccount(core: Core, wanted: NewAccount): AccountRow {
  if (core.accounts().some((account) => opens(account, wanted.key))) {
    throw new Error('another account has this key');
  }
  const id = core.store.nextId(SHARED, 'accounts');
  const users = wanted.users ?? PLAIN_USERS;
  const userIds = users.map(({ fullName, email }) => {
    const user = core.store.nextId(id, 'users');
    const names = { full_name: fullName, display_name: fullName.split(' ')[0] ?? fullName };
    core.store.put(id, 'users', { id: user, ...names, email, left: false });
    return user;
  });
  for (const pipeline of wanted.pipelines ?? [PLAIN_PIPELINE]) addPipeline(core, id, pipeline);
  for (const name of wanted.industries ?? []) {
    core.store.put(id, 'industries', { id: core.store.nextId(id, 'industries'), name });
  }
  if (wanted.questions) askInstead(core, id, wanted.questions);
  const account: AccountRow = {
    id,
    label: wanted.label,
    key: wanted.key,
    careerSlug: wanted.careerSlug ?? wanted.label.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
    keyUser: userIds[0] ?? 0,
    access: wanted.access ?? 'granted',
  };
  core.store.put(SHARED, 'accounts', account);
  return account;
}

/** Adds a pipeline. Its stages are kept out of order, as the service gives them. [D] */
export function addPipeline(
  core: Core,
  account: number,
  wanted: { name: string; stages: string[] },
): PipelineRow {
  const stages = wanted.stages.map((name, index) => ({
    id: core.store.nextId(account, 'stages'),
    name,
    rank: index + 1,
  }));
  const last = stages.pop();
  const row: PipelineRow = {
    id: core.store.nextId(account, 'pipelines'),
    name: wanted.name,
    stages: last ? [last, ...stages] : stages,
  };
  core.store.put(account, 'pipelines', row);
  return row;
}

/** Is this one of the account's keys? */
export const opens = (account: AccountRow, key: string | undefined): boolean =>
  account.key === key || (key !== undefined && (account.moreKeys ?? []).includes(key));

/** Changes what the key may do, or replaces the key. */
export function changeAccount(
  core: Core,
  id: number,
  changed: Partial<Pick<AccountRow, 'access' | 'key' | 'moreKeys' | 'label' | 'careerSlug'>>,
): AccountRow {
  const account = core.accounts().find((row) => row.id === id);
  if (!account) throw new Error(`there is no account ${id}`);
  const row = { ...account, ...changed };
  core.store.put(SHARED, 'accounts', row);
  return row;
}
