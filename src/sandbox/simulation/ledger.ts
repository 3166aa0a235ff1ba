import type { Category } from '#src/privacy/agreement.ts';
import type { Value } from '#src/sync/canonical.ts';

/** Who changed a value: people here, or people at the provider. */
export type Side = 'ours' | 'theirs';

/** One field of one record, changed by a person. Values are canonical. */
export interface Edit {
  /** When it was begun. */
  from: number;
  /** When it stood; at the provider that is the same moment. */
  at: number;
  /** The answer was lost: it may stand or not. */
  isDoubtful: boolean;
  side: Side;
  /** Null for a change here: it concerns every account that has the record. */
  connectionId: string | null;
  resource: string;
  /** The id on the side that was changed. */
  id: string;
  /** Under our name for it. */
  field: string;
  value: Value;
}

/** An application as the student saw it go. */
export interface Applied {
  /** When the button was pressed: before this, nothing may leave. [P1] */
  at: number;
  studentId: string;
  jobId: string;
  categories: readonly Category[];
  /** Words that nobody else wrote, in an answer to the employer's own form. */
  token?: string;
  /** Null: never acknowledged, so it may or may not exist. */
  applicationId: string | null;
  withdrawnAt: number | null;
}

/** A job that staff made here for an account, and were told that it stands. */
export interface Born {
  jobId: string;
  connectionId: string;
}

/** An application that its student took back. */
export interface Withdrawal {
  /** When it was pressed. */
  from: number;
  /** When the answer came; null: none came, so it may stand or not. */
  at: number | null;
  applicationId: string;
}

/** What a student saw on their profile page of what a recruiter wrote. */
export interface Offer {
  at: number;
  studentId: string;
  connectionId: string;
  field: string;
  value: string;
}

/** What they answered. */
export interface Answer extends Omit<Offer, 'at'> {
  /** When it was pressed. */
  from: number;
  /** When it was acknowledged; null: it may stand or not. */
  at: number | null;
  how: 'take' | 'keep';
}

/** Staff looked whether an application that may have arrived is there, and decided. */
export interface Decided {
  at: number;
  applicationId: string;
  /** To send it again, or to leave it as it is there. */
  how: 'again' | 'there';
}

/** Staff chose something of a connection; it may stand or not. */
export interface Chosen {
  at: number;
  connectionId: string;
}

/** A record that a person at the provider removed, or that went with one. */
export interface Removal {
  at: number;
  accountId: number;
  table: string;
  id: string;
}

/** Something personal that an actor made up, so that it can be looked for where it must not be. */
export interface Personal {
  value: string;
  /** The student it belongs to; null: somebody at the provider. */
  ownerId: string | null;
  category: Category | 'about' | 'stranger';
}

/**
 * What really happened, written down by those who did it. The judges compare the end of a run with
 * this and never with what the engine believes. Times are milliseconds of the world's clock.
 */
export interface Ledger {
  readonly edits: readonly Edit[];
  readonly applied: readonly Applied[];
  readonly born: readonly Born[];
  readonly withdrawals: readonly Withdrawal[];
  readonly offers: readonly Offer[];
  readonly answers: readonly Answer[];
  readonly chosen: readonly Chosen[];
  readonly decided: readonly Decided[];
  readonly removals: readonly Removal[];
  readonly personal: readonly Personal[];
  /** Keys and tokens: in no log, and in no table as they are. [P5] */
  readonly secrets: readonly string[];
  /** False values, put into forged webhooks: in no table at all. [D2] */
  readonly planted: readonly string[];
  /** Moments at which both sides had come to rest and agreed. */
  readonly rests: readonly number[];
  /** How often something was done, by name. */
  readonly counts: ReadonlyMap<string, number>;
  /** Done at once and for certain, unless more is said. */
  edit(edit: Omit<Edit, 'from' | 'at' | 'isDoubtful'>, more?: Partial<Edit>): void;
  /** Taken down before the press; `acknowledge` when the answer has come. */
  press(applied: Omit<Applied, 'at' | 'applicationId' | 'withdrawnAt'>): Applied;
  acknowledge(applied: Applied, applicationId: string): void;
  /** Taken down before the press; `answered` when it is certain. */
  pressWithdraw(applicationId: string): Withdrawal;
  withdraw(studentId: string, applicationId: string): void;
  bear(born: Born): void;
  see(offer: Omit<Offer, 'at'>): void;
  /** Taken down before the press; `at` is set when it was acknowledged. */
  answer(answer: Omit<Answer, 'from' | 'at'>): Answer;
  choose(connectionId: string): void;
  /** Taken down before the press. */
  decide(decided: Omit<Decided, 'at'>): void;
  remove(removal: Omit<Removal, 'at'>): void;
  tell(personal: Personal): void;
  hide(secret: string): void;
  plant(value: string): void;
  rest(): void;
  count(name: string): void;
}

export function createLedger(now: () => Date): Ledger {
  const at = () => now().getTime();
  const edits: Edit[] = [];
  const applied: Applied[] = [];
  const born: Born[] = [];
  const withdrawals: Withdrawal[] = [];
  const offers: Offer[] = [];
  const answers: Answer[] = [];
  const chosen: Chosen[] = [];
  const decided: Decided[] = [];
  const removals: Removal[] = [];
  const personal: Personal[] = [];
  const secrets: string[] = [];
  const planted: string[] = [];
  const rests: number[] = [];
  const counts = new Map<string, number>();
  return {
    edits,
    applied,
    born,
    withdrawals,
    offers,
    answers,
    chosen,
    decided,
    removals,
    personal,
    secrets,
    planted,
    rests,
    counts,
    edit: (edit, more) =>
      void edits.push({ ...edit, from: at(), at: at(), isDoubtful: false, ...more }),
    press(pressed) {
      const row: Applied = { ...pressed, at: at(), applicationId: null, withdrawnAt: null };
      applied.push(row);
      return row;
    },
    acknowledge(row, applicationId) {
      row.applicationId = applicationId;
    },
    pressWithdraw(applicationId) {
      const row: Withdrawal = { from: at(), at: null, applicationId };
      withdrawals.push(row);
      return row;
    },
    withdraw(studentId, applicationId) {
      // It may have been sent several times: all that was agreed for it ends.
      for (const row of applied)
        if (row.studentId === studentId && row.applicationId === applicationId)
          row.withdrawnAt ??= at();
    },
    bear: (job) => void born.push(job),
    see: (offer) => void offers.push({ ...offer, at: at() }),
    answer(answer) {
      const row: Answer = { ...answer, from: at(), at: null };
      answers.push(row);
      return row;
    },
    decide: (one) => void decided.push({ ...one, at: at() }),
    choose: (connectionId) => void chosen.push({ connectionId, at: at() }),
    remove: (removal) => void removals.push({ ...removal, at: at() }),
    tell: (value) => void personal.push(value),
    hide: (secret) => void secrets.push(secret),
    plant: (value) => void planted.push(value),
    rest: () => void rests.push(at()),
    count: (name) => void counts.set(name, (counts.get(name) ?? 0) + 1),
  };
}
