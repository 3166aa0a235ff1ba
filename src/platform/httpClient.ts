import { type Clock, systemClock } from './clock.ts';

export interface HttpRequest {
  method: string;
  url: string;
  headers?: Record<string, string>;
  body?: string;
  /** For the whole exchange, up to the last byte of the answer. */
  timeoutSeconds: number;
  signal?: AbortSignal;
}

export type NoAnswerReason =
  | 'timeout'
  | 'name'
  | 'refused'
  | 'tls'
  | 'reset'
  | 'aborted'
  | 'other'
  | 'too_large'
  | 'not_allowed';

/** Any status is an answer. After `no_answer` the provider may or may not have acted. [I3] */
export type HttpAnswer =
  | { kind: 'answer'; status: number; headers: Headers; text: string }
  | {
      kind: 'no_answer';
      reason: NoAnswerReason;
      detail: string;
      /** Certainly nothing was sent: the provider cannot have acted. */
      notSent?: true;
    };

export interface HttpClient {
  /** Never throws for what the network does; the reason is in the answer. */
  send(request: HttpRequest): Promise<HttpAnswer>;
}

/** Twenty times the largest page a provider sends; past it the answer is a fault, not data. */
const answerBytesMax = 20 * 1024 * 1024;

/**
 * The only way out to the network.
 *
 * allowedOrigins  such as 'https://api.manatal.com'; a request to any other is not sent.
 * fetch, clock    replaced by the simulation.
 *
 * Redirects are handed back as answers and never followed: a provider must not be able to send
 * our keys to another host. Details name the host only, since paths can carry secrets.
 */
export function createHttpClient(options: {
  allowedOrigins: string[];
  userAgent: string;
  fetch?: typeof globalThis.fetch;
  clock?: Clock;
}): HttpClient {
  const fetch = options.fetch ?? globalThis.fetch;
  const clock = options.clock ?? systemClock;
  const allowed = new Set(options.allowedOrigins.map((text) => new URL(text).origin));

  return {
    async send(request) {
      const url = URL.parse(request.url);
      if (!url || !allowed.has(url.origin) || url.username || url.password) {
        const where = url ? url.host : 'an address that cannot be read';
        const detail = `Requests to ${where} are not allowed by the settings.`;
        return { ...noAnswer('not_allowed', detail), notSent: true };
      }
      const ended = new AbortController();
      const timedOut = new AbortController();
      const stop = AbortSignal.any([timedOut.signal, ...(request.signal ? [request.signal] : [])]);
      void clock.sleep(request.timeoutSeconds * 1000, ended.signal).then(() => timedOut.abort());
      try {
        const response = await fetch(url, {
          method: request.method,
          headers: { 'user-agent': options.userAgent, ...request.headers },
          body: request.body,
          redirect: 'manual',
          signal: stop,
        });
        return await readAnswer(response, url.host);
      } catch (error) {
        if (request.signal?.aborted) return noAnswer('aborted', 'We stopped waiting.');
        if (timedOut.signal.aborted) {
          return noAnswer('timeout', `${url.host} took over ${request.timeoutSeconds} seconds.`);
        }
        return classify(error, url.host);
      } finally {
        ended.abort();
      }
    },
  };
}

async function readAnswer(response: Response, host: string): Promise<HttpAnswer> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the stream, which closes the connection.
    if (bytes > answerBytesMax) {
      return noAnswer('too_large', `${host} answered with more than 20 MB.`);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  text += decoder.decode();
  return { kind: 'answer', status: response.status, headers: response.headers, text };
}

const reasons: { reason: NoAnswerReason; codes: RegExp; words: string }[] = [
  { reason: 'name', codes: /^(ENOTFOUND|EAI_\w+)$/, words: 'The name was not found' },
  { reason: 'refused', codes: /^ECONNREFUSED$/, words: 'The connection was refused' },
  {
    reason: 'timeout',
    codes: /^(ETIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT)$/,
    words: 'No answer in time',
  },
  {
    reason: 'tls',
    codes:
      /^(EPROTO|ERR_TLS_\w+|ERR_SSL_\w+|CERT_\w+|\w*CERT_IN_CHAIN|DEPTH_ZERO_\w+|UNABLE_TO_\w+|HOSTNAME_MISMATCH|INVALID_CA|CRL_\w+)$/,
    words: 'The secure connection failed',
  },
  {
    reason: 'reset',
    codes: /^(ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)$/,
    words: 'The connection broke',
  },
];

/** No connection came about, so no request went over it. */
const neverConnected =
  /^(ENOTFOUND|EAI_\w+|ECONNREFUSED|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|\w*CERT_IN_CHAIN|DEPTH_ZERO_\w+|UNABLE_TO_\w+|HOSTNAME_MISMATCH)$/;

// fetch throws "fetch failed"; what happened stands in the chain of causes.
function classify(error: unknown, host: string): HttpAnswer {
  const codes = codesOf(error);
  for (const { reason, codes: pattern, words } of reasons) {
    const code = codes.find((candidate) => pattern.test(candidate));
    if (!code) continue;
    const answer = noAnswer(reason, `${words}: ${host} (${code}).`);
    return neverConnected.test(code) ? { ...answer, notSent: true } : answer;
  }
  return noAnswer('other', `The call failed: ${host} (${codes[0] ?? nameOf(error)}).`);
}

function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  let current = error;
  // A bound, so that a cause that points at itself cannot hold us.
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    const { code } = current as NodeJS.ErrnoException;
    if (typeof code === 'string') codes.push(code);
    current = current.cause;
  }
  return codes;
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : 'unknown');
const noAnswer = (reason: NoAnswerReason, detail: string) =>
  ({ kind: 'no_answer', reason, detail }) as const;

/** The bare way out, for the sandbox's simulators: they call only this machine. */
export const outgoingFetch = (url: string, init?: RequestInit): Promise<Response> =>
  globalThis.fetch(url, init);
