/** One call of KiEX to a provider, as seen on the line between them. Times are milliseconds. */
export interface ProviderCall {
  /** The account whose key it came with; null for a key that nobody has. */
  accountId: number | null;
  /** The key, which is what the provider counts by; made up, like everything here. */
  key: string;
  method: string;
  /** Path and query, decoded. */
  path: string;
  body: string;
  sentAt: number;
  /** When the answer was heard, or that there is none; null: nobody heard. */
  endedAt: number | null;
  /** Null: no answer came. */
  status: number | null;
  /** How long a 429 asks to be left alone. */
  waitSeconds: number | null;
  /** What struck it, if anything did: a kind of src/sandbox/faults.ts. */
  fault: string | null;
}

/** An address as it reads, for looking into. */
export const readable = (path: string): string => decodeURIComponent(path.replaceAll('+', ' '));
