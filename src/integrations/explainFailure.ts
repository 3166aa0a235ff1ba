import { providerWords, recordWords } from './labels.ts';

/** What the dashboard knows of a failure, as far as explaining it needs. */
export interface FailureFacts {
  kind: 'throttled' | 'unreachable' | 'unauthorised' | 'refused' | 'surprising';
  state: 'retrying' | 'dead' | 'resolved' | 'dismissed';
  step: string;
  status: number | null;
  path: string | null;
  provider: string;
  resource: string;
}

export interface Explanation {
  /** What happened, in one sentence. */
  happened: string;
  /** What a person can do, or that there is nothing to do. */
  next: string;
}

/** Puts a failure into plain words: what happened, and what to do about it. [F5] */
export function explainFailure(failure: FailureFacts): Explanation {
  const words = {
    them: providerWords(failure.provider),
    record: recordWords(failure.resource).toLowerCase(),
    doing: stepWords(failure.step),
  };
  return { ...EXPLAIN[failure.kind](failure, words) };
}

interface Words {
  them: string;
  record: string;
  doing: string;
}

type Explain = (failure: FailureFacts, words: Words) => Explanation;

const EXPLAIN: Record<FailureFacts['kind'], Explain> = {
  throttled: (failure, { them, record, doing }) => ({
    happened: `${them} asked KiEX to slow down ${doing} this ${record}.`,
    next:
      failure.state === 'dead'
        ? 'It did not pass however often it was tried. Retry now; if it happens again, lower the calls a minute.'
        : 'Nothing to do: KiEX waits as long as it was told and tries again.',
  }),

  unreachable: (failure, { them, record, doing }) => {
    if (failure.step === 'unanswered') {
      return {
        happened: `This ${record} was sent, and KiEX cannot tell whether ${them} took it.`,
        next: 'KiEX never sends it again by itself, since it may be there. Ask the employer; then press Send again if it is not there, or Dismiss if it is.',
      };
    }
    return {
      happened: failure.status
        ? `${them} had a problem of its own (${failure.status}) ${doing} this ${record}.`
        : `${them} did not answer ${doing} this ${record}.`,
      next:
        failure.state === 'dead'
          ? `Check that ${them} works and that this machine reaches the internet, then Retry now.`
          : 'Nothing to do yet: KiEX tries again by itself, less and less often.',
    };
  },

  unauthorised: (failure, { them }) =>
    UNAUTHORISED[failure.status ?? 401]?.(them) ?? REFUSED_KEY(them),

  refused: (failure, { them, record, doing }) => {
    if (failure.step === 'verify' && failure.resource === 'resumes') {
      return {
        happened: `${them} was given this resume twice and never fetched it.`,
        next: `Check that ${them} can reach this KiEX from outside (its public address), then Retry now. Or ask the student for the file and add it in ${them} by hand, then Dismiss. The application itself is there.`,
      };
    }
    if (failure.status === 404) {
      return {
        happened: `${them} no longer has this ${record}.`,
        next: `Look for it in ${them}. If it was deleted on purpose, Dismiss; if it is there, Retry now.`,
      };
    }
    if (failure.status === 409) {
      return {
        happened: `${them} says that this ${record} already exists, and KiEX could not find it.`,
        next: `Look for a double in ${them}, merge or remove it there, then Retry now.`,
      };
    }
    return {
      happened: `${them} did not accept ${failure.path ? `the field “${failure.path}”` : 'what was sent'} ${doing} this ${record}.`,
      next: `Correct ${failure.path ? 'that field' : `the ${record}`} as ${them} says below, then Retry now. If it should not be sent at all, Dismiss.`,
    };
  },

  surprising: (failure, { them, record, doing }) => ({
    happened: `${them} answered in a form that KiEX does not know${failure.path ? ` (at “${failure.path}”)` : ''} ${doing} this ${record}.`,
    next: `Other records go on. Look at the ${record} in ${them} for something unusual. If there is nothing, ${them} may have changed: pass this page on to whoever runs KiEX, and Retry after an update.`,
  }),
};

const NEW_KEY =
  'Make a new one there and replace the key in Integration Settings. Everything that waits is kept and goes on then.';

const REFUSED_KEY = (them: string): Explanation => ({
  happened: `${them} refused the key.`,
  next: `It may have been revoked. ${NEW_KEY}`,
});

const UNAUTHORISED: Record<number, (them: string) => Explanation> = {
  401: REFUSED_KEY,
  402: (them) => ({
    happened: `${them} says that the account's plan is not paid.`,
    next: `The owner of the ${them} account must settle this with ${them}. Everything that waits is kept; then Test Connection.`,
  }),
  404: (them) => ({
    happened: `${them} does not know the account.`,
    next: 'Its page was renamed or switched off. Ask the employer for its new address and replace it in Integration Settings. Everything that waits is kept and goes on then.',
  }),
  403: (them) => ({
    happened: `${them} knows the key but does not allow this.`,
    next: `The account's plan may lack the Open API, or it was switched off. Ask the owner of the ${them} account, then Test Connection.`,
  }),
};

const STEPS: Record<string, string> = {
  read: 'while KiEX was reading',
  find: 'while KiEX was looking for',
  create: 'while KiEX was creating',
  update: 'while KiEX was changing',
  verify: 'while KiEX was checking the arrival of',
  decode: 'while KiEX was reading',
  needs: 'while KiEX was preparing what is needed for',
};

function stepWords(step: string): string {
  return STEPS[step] ?? `at the step “${step}” of`;
}
