import type { Clock } from '#src/platform/clock.ts';
import { createHttpClient } from '#src/platform/httpClient.ts';
import type { Quota } from '#src/platform/quota.ts';
import { seededRandom } from '#src/platform/random.ts';
import type { ContactInfo } from '#src/sandbox/wix/rows.ts';
import { createWixSimulator } from '#src/sandbox/wix/simulator.ts';

const wixUrl = 'http://wix.test';
const key = 'IST.sandbox-key-0001';
const siteId = '1f0e2d3c-4b5a-4968-8776-655443322110';
const accountId = '6c1d2e30-0a4b-4c5d-8e6f-7a8b9c0d1e2f';

/**
 * The simulated Wix of a test world: one account with one website, and what KiEX is connected with.
 * Nothing of it moves before it is connected.
 *
 * onTheWay  stands between KiEX and the simulator.
 */
export function createWixSide(options: {
  clock: Clock;
  quota: Quota;
  seed: number;
  callsPerMinute: number;
  onTheWay(request: Request, go: () => Promise<Response>): Promise<Response>;
}) {
  const { clock, quota, seed, callsPerMinute, onTheWay } = options;
  const simulator = createWixSimulator({
    ...{ clock, random: seededRandom(seed) },
    outgoing: async () => new Response('ok'),
  });
  simulator.addAccount({ name: 'Island Careers College', id: accountId });
  simulator.addSite({ account: accountId, name: 'Island Careers', id: siteId });
  const keyRow = simulator.addKey({ account: accountId, key });
  const editor = simulator.editor(siteId);
  const sent: { method: string; path: string; body: string }[] = [];
  const fetchSimulator = async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    const { method } = request;
    sent.push({ method, path: new URL(request.url).pathname, body: await request.clone().text() });
    return onTheWay(request, () => simulator.fetch(request));
  };
  const contacts = () => simulator.rows(siteId, 'contacts');
  return {
    simulator,
    siteId,
    keyId: keyRow.id,
    editor,
    visitor: simulator.visitor(siteId),
    contacts,
    contact: (id: string) => contacts().find((row) => row.id === id)!,
    called: (email: string) =>
      contacts().filter(({ info }) => info.emails?.items.some((item) => item.email === email)),
    adds: (info: ContactInfo | Record<string, unknown>) =>
      editor.addsContact(info as Record<string, unknown>).id,
    /** Every request since the world began, without keys. */
    sent,
    writes: () => sent.filter(({ method, path }) => method !== 'GET' && !path.endsWith('/query')),
    settings: {
      http: createHttpClient({
        allowedOrigins: [wixUrl],
        userAgent: 'KiEX',
        fetch: fetchSimulator as typeof fetch,
        clock,
      }),
      quota,
      baseUrl: wixUrl,
      callsPerMinute,
    },
    /** What staff paste to connect it. */
    pasted: { provider: 'wix', key, account: { siteId, accountId } },
  };
}
