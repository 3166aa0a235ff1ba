/** What the database knows of an application's way to the employer's Manatal. */
export interface DeliveryFacts {
  /** Whether Manatal answered with an id. */
  linked: boolean;
  /** Whether it was there and a later look found it gone. */
  gone: boolean;
  /** The worst open failure of sending it, or its student, there. */
  failure: 'retrying' | 'dead' | null;
  /** The state of the connection that the job came through; null when there is none. */
  connection: string | null;
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
