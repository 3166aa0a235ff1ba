import type { Failure } from '#src/platform/failure.ts';
import type { CallContext, Connector } from '#src/sync/connector.ts';
import type { ProbeLine } from './commands.ts';

/** Tries every capability with a harmless read, all at once, and says in plain words how each went. */
export async function probe(connector: Connector, call: CallContext): Promise<ProbeLine[]> {
  return Promise.all(
    connector.probes.map(async ({ capability, run, isOptional = false, explain }) => {
      const line = { capability, ...(isOptional ? { isOptional } : {}) };
      const result = await run(call);
      if (result.ok) return { ...line, ok: true, words: result.value, remedy: null };
      const { failure } = result;
      const words = explain?.(failure) ?? inWords(failure, connector.label);
      return { ...line, ok: false, ...words, failure };
    }),
  );
}

/** What happened, then what to do. */
export function inWords(failure: Failure, provider: string): { words: string; remedy: string } {
  switch (failure.kind) {
    case 'unauthorised':
      return unauthorisedWords(failure.status, provider);
    case 'throttled':
      return {
        words: `${provider} says: too many requests. Wait ${Math.ceil(failure.retryAfterSeconds)} s.`,
        remedy: 'Nothing is wrong with the key. Test again after the wait.',
      };
    case 'unreachable':
      return unreachableWords(failure.detail, provider);
    case 'refused':
      return {
        words: `${provider} refused this (${failure.status}): ${failure.detail}`,
        remedy: 'Check that the key belongs to the account you mean.',
      };
    case 'surprising':
      return {
        words: `${provider} answered in a form KiEX does not know (${failure.path}).`,
        remedy: 'Check the address of the provider; if it is right, KiEX needs an update.',
      };
  }
}

function unauthorisedWords(status: 401 | 402 | 403 | 404, provider: string) {
  if (status === 404) {
    return {
      words: `${provider} does not know this name.`,
      remedy:
        'Copy the address again. A page that was renamed or switched off has no name any more.',
    };
  }
  if (status === 401) {
    return {
      words: `${provider} does not accept this key.`,
      remedy: `Copy the key again from ${provider}, or generate a new one there, and paste it whole.`,
    };
  }
  if (status === 402) {
    return {
      words: `${provider} reports a payment problem with this account.`,
      remedy: `Settle it with ${provider}; the key itself may be right.`,
    };
  }
  return {
    words: `The key is known, but ${provider} does not allow this.`,
    remedy: 'The account needs a plan with the Open API (Enterprise Plus), or the key more rights.',
  };
}

const silences: readonly [RegExp, string, string][] = [
  [
    /^name/,
    'Its name could not be found.',
    'Check the internet connection and the address in the settings.',
  ],
  [
    /^refused/,
    'Nothing answers at its address.',
    'Check the address in the settings, and whether a firewall stands between.',
  ],
  [/^timeout/, 'It did not answer in time.', 'Try again in a few minutes.'],
  [
    /^tls/,
    'No secure connection could be made.',
    'Check the clock of this machine and whether something intercepts HTTPS.',
  ],
  [/^reset/, 'The connection broke off.', 'Try again in a minute.'],
];

function unreachableWords(detail: string, provider: string) {
  const known = silences.find(([pattern]) => pattern.test(detail));
  const [, what, remedy] = known ?? [null, `(${detail})`, 'Try again in a few minutes.'];
  return { words: `${provider} could not be reached. ${what}`, remedy };
}
