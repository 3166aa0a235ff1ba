/** What a person pastes to connect an account, where that is not a secret key. */
export interface PublicName {
  /** 'Career page' */
  label: string;
  /** Cuts the name out of what was pasted; or says in a sentence what is wrong with that. */
  read(pasted: string): { name: string } | { problem: string };
}

/** What names an account beside its key; no secret. */
export interface AccountField {
  name: string;
  label: string;
  /** Where it is found. */
  hint: string;
  optional?: boolean;
  /** Cuts it out of what was pasted; or says in a sentence what is wrong with that. */
  read(pasted: string): { value: string } | { problem: string };
}

/** What was asked for with the key, as it stands in a connection's settings; '' where it is not. */
export function accountFieldOf(settings: Readonly<Record<string, unknown>>, name: string): string {
  const { account } = settings;
  if (typeof account !== 'object' || account === null) return '';
  const value = (account as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : '';
}

export type ReadAccount =
  | { account: Record<string, string> }
  /** Field -> what is wrong with what was pasted. */
  | { problems: Record<string, string> };

/** Reads what was pasted beside a key, field by field. */
export function readAccount(
  fields: readonly AccountField[],
  pasted: Readonly<Record<string, string>>,
): ReadAccount {
  const account: Record<string, string> = {};
  const problems: Record<string, string> = {};
  for (const { name, label, optional, read } of fields) {
    const given = (pasted[name] ?? '').trim();
    if (!given && optional) continue;
    const found = given ? read(given) : { problem: `Paste the ${label}.` };
    if ('problem' in found) problems[name] = found.problem;
    else account[name] = found.value;
  }
  return Object.keys(problems).length > 0 ? { problems } : { account };
}
