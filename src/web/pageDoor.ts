import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { decideAccess } from '#src/accounts/access.ts';
import { withNext } from '#src/accounts/nextPath.ts';
import type { Viewer } from '#src/accounts/viewer.ts';
import type { Visit } from '#src/pageContext.ts';
import { clientAddressOf, isFromElsewhere, withPublicOrigin } from './origin.ts';
import { plainPage } from './plainPage.ts';
import type { SiteEnv, SiteNeeds } from './site.ts';

/** No page has this address, so React Router draws its "nothing here" for it. */
const missingPath = '/nothing-here';

type PageEnv = SiteEnv & { Bindings: Partial<HttpBindings> };

/** Decides whether the reader may see a page, and only then lets React Router see the request. */
export function pageDoor({ config, log, doors, pages }: SiteNeeds) {
  return async (c: Context<PageEnv>): Promise<Response> => {
    const request = withPublicOrigin(c.req.raw, config.publicUrl);
    const nonce = c.get('secureHeadersNonce') ?? '';
    if (isFromElsewhere(request)) return c.html(plainPage({ ...notFromHere, nonce }), 403);
    const viewer = await doors.viewerOf(request);
    const requestId = c.get('requestId');
    const { pathname, search } = new URL(request.url);
    const visit: Visit = {
      requestId,
      clientAddress: clientAddressOf(request, c.env?.incoming, config.proxies),
      nonce,
      report: (error) => log.error({ err: error, requestId, path: pathname }, 'A page failed'),
    };
    const render = async (asked: Request) =>
      finish({ c, viewer, visit, response: await pages.render(asked, { viewer, visit }) });

    const forScript = pathname.endsWith('.data');
    switch (decideAccess(pathname, viewer).kind) {
      case 'allowed':
        return render(request);
      case 'sign_in':
        return signIn(forScript ? pageOfData(pathname) : pathname + search, forScript);
      case 'forbidden':
        // React Router's script in the browser shows its own page for a bare 403 or 404.
        if (forScript) return c.text('This page is not for this account.', 403);
        return c.html(plainPage({ ...notForYou, nonce }), 403);
      case 'unknown':
        if (forScript) return c.text('There is no page here.', 404);
        return render(new Request(new URL(missingPath, request.url), { headers: request.headers }));
    }
  };
}

const notForYou = {
  title: 'This page is not for this account',
  words: ['Sign in with an account that may see it, or go back to the front page.'],
};

function signIn(next: string, forScript: boolean): Response {
  const location = withNext('/sign-in', next);
  if (!forScript) return new Response(null, { status: 303, headers: { location } });
  // How React Router is told to go elsewhere, by leaving the page rather than by its script.
  const headers = { 'x-remix-redirect': location, 'x-remix-reload-document': 'true' };
  return new Response(null, { status: 204, headers });
}

/** `/sync/runs.data` holds the data of `/sync/runs`, `/_root.data` that of the front page. */
function pageOfData(pathname: string): string {
  return pathname.replace(/(^\/_root|\/_|)\.data$/, '') || '/';
}

function finish(options: {
  c: Context<PageEnv>;
  viewer: Viewer | null;
  visit: Visit;
  response: Response;
}): Response | Promise<Response> {
  const { c, viewer, visit, response } = options;
  const type = response.headers.get('content-type') ?? '';
  const drawn = type.startsWith('text/html') || type.startsWith('text/x-script');
  if (response.status === 500 && !drawn) {
    return c.html(plainPage({ ...failed(visit.requestId), nonce: visit.nonce }), 500);
  }
  // What a signed-in person saw must not stay on a shared computer or in a proxy.
  if (viewer) response.headers.set('cache-control', 'private, no-store');
  response.headers.append('vary', 'Cookie');
  return response;
}

const failed = (requestId: string) => ({
  title: 'Something went wrong on our side',
  words: [
    'It has been noted. What you typed may not have been saved: go back and try again in a minute.',
    `If it happens again, tell us this number: ${requestId}`,
  ],
});

const notFromHere = {
  title: 'This form could not be taken',
  words: ['It was not sent from this address. Open the page again and send it once more.'],
};
