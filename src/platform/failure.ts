/** Why a call to a provider did not work. The engine reads `kind`; nobody parses messages. [F1] */
export type Failure =
  | { kind: 'throttled'; retryAfterSeconds: number; detail: string; requestId?: string }
  | {
      kind: 'unreachable';
      detail: string;
      status?: number;
      requestId?: string;
      /** Nothing left this machine: it may be sent again without a look. */
      notSent?: true;
      /** It may have been carried out, and nothing there can be looked for: never sent again by itself. */
      mayBeDone?: true;
    }
  // 404: they do not know the account at all.
  | { kind: 'unauthorised'; status: 401 | 402 | 403 | 404; detail: string; requestId?: string }
  | {
      kind: 'refused';
      status: number;
      detail: string;
      fields?: Record<string, string>;
      /** Their own code for it, where they have codes. */
      code?: string;
      /** Their id of the record that they say is there already. [I4] */
      existing?: string;
      requestId?: string;
    }
  | { kind: 'surprising'; path: string; detail: string; requestId?: string };

export type Result<T> = { ok: true; value: T } | { ok: false; failure: Failure };

export const done = <T>(value: T): Result<T> => ({ ok: true, value });
export const failed = (failure: Failure): { ok: false; failure: Failure } => ({
  ok: false,
  failure,
});
