/** What the database knows of an application's way to the employer's Manatal. */
export interface DeliveryFacts {
  /** Whether Manatal answered with an id. */
  linked: boolean;
  /** Whether it was there and a later look found it gone. */
  gone: boolean;
  /** The worst open failure of sending it, or its student, there. */
  failure: 'retrying' | 'dead' | 'dismissed' | null;
  /** It was sent, and nobody knows whether it was taken. */
  unanswered: boolean;
  /** It goes through the form of the employer's career page, which tells nothing afterwards. */
  byForm: boolean;
  /** The state of the connection that the job came through; null when there is none. */
  connection: string | null;
  /**
   * Null: it stands. Else it was taken back, and the employer's side: is being told, was told, could
   * not be told, or is not to be told.
   */
  withdrawal: 'telling' | 'told' | 'stuck' | 'never' | null;
}

export interface Delivery {
  state: 'stored' | 'delivered' | 'problem';
  /** Short enough for a line of a list. */
  words: string;
  /** One or two sentences: what that means for the student. */
  meaning: string;
}

/**
 * What a student may be told of where the application is. "In Manatal" is said only when Manatal
 * answered with an id; until then it is here, and safe. [F6]
 */
export function deliveryOf(facts: DeliveryFacts): Delivery {
  if (facts.withdrawal) return facts.linked ? WITHDRAWN[facts.withdrawal] : WITHDRAWN_BEFORE;
  if (facts.byForm) return throughForm(facts);
  if (facts.linked && !facts.gone) {
    return {
      state: 'delivered',
      words: 'In Manatal',
      meaning: 'The employer has it. It is kept here as well.',
    };
  }
  if (facts.gone) {
    return {
      state: 'problem',
      words: 'No longer in Manatal',
      meaning:
        'It was in Manatal and is not there any more. It is still kept here; ask the employer.',
    };
  }
  if (facts.failure === 'dead') {
    return {
      state: 'problem',
      words: 'Not yet in Manatal',
      meaning: 'Manatal did not take it. It is kept here; you need do nothing.',
    };
  }
  return { state: 'stored', words: 'On its way to Manatal', meaning: waiting(facts) };
}

const WITHDRAWN_BEFORE: Delivery = {
  state: 'stored',
  words: 'Not in Manatal',
  meaning: 'You withdrew it before it arrived there. Nothing more of it is sent.',
};

const WITHDRAWN: Record<NonNullable<DeliveryFacts['withdrawal']>, Delivery> = {
  telling: {
    state: 'stored',
    words: 'On its way to Manatal',
    meaning: 'Withdrawn here. The employer is told as soon as Manatal can be reached.',
  },
  told: {
    state: 'delivered',
    words: 'In Manatal',
    meaning: 'The employer has been told that you withdrew it.',
  },
  stuck: {
    state: 'problem',
    words: 'Not yet in Manatal',
    meaning: 'Manatal did not take your withdrawal. We look after it; you need do nothing.',
  },
  never: {
    state: 'stored',
    words: 'Withdrawn here',
    meaning: 'This employer’s Manatal is not told by KiEX. You may tell them yourself.',
  },
};

/** Nothing is ever said back by a form, so nothing more is said here than that it was taken. [F6] */
function throughForm(facts: DeliveryFacts): Delivery {
  if (facts.linked) {
    return {
      state: 'delivered',
      words: 'Sent to the employer’s career page',
      meaning:
        'The page took it. Its progress is not reported back: the employer will write to you. It is kept here as well.',
    };
  }
  if (facts.unanswered && facts.failure === 'dismissed') {
    return {
      state: 'stored',
      words: 'Settled by our staff',
      meaning:
        'The career page gave no answer, so our staff looked into it. Its progress is not reported back: the employer will write to you.',
    };
  }
  if (facts.unanswered && facts.failure === 'dead') {
    return {
      state: 'problem',
      words: 'Not certain yet',
      meaning:
        'The employer’s career page gave no answer, so it may have it or not. Our staff find out; you need do nothing, and it is kept here.',
    };
  }
  if (facts.failure === 'dead') {
    return {
      state: 'problem',
      words: 'Not taken by the career page',
      meaning: 'The employer’s career page did not take it. It is kept here; our staff look at it.',
    };
  }
  return { state: 'stored', words: 'On its way to the career page', meaning: waiting(facts) };
}

function waiting({ failure, connection }: DeliveryFacts): string {
  if (connection === 'disconnecting' || connection === 'disconnected') {
    return 'Kept here, safely. The employer’s Manatal is no longer connected; it goes there if that changes.';
  }
  if (connection === 'needs_attention' || connection === 'paused') {
    return 'Kept here, safely. The way to Manatal is closed at the moment; it goes as soon as that opens.';
  }
  if (failure === 'retrying') {
    return 'Kept here, safely. Manatal could not be reached yet; we keep trying.';
  }
  return 'Kept here, safely. It usually takes seconds.';
}
