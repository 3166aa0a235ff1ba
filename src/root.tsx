import { type ReactNode, useEffect, useState } from 'react';
import {
  isRouteErrorResponse,
  Link,
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useMatches,
  useRouteLoaderData,
} from 'react-router';
import type { Route } from './+types/root.ts';
import favicon from './look/favicon.svg?no-inline';
import './look/look.css';
import { Page, pageMeta } from './look/page.tsx';
import { Shell } from './look/shell.tsx';
import { readTheme } from './look/theme.ts';
import { DEFAULT_ZONE } from './look/times.ts';
import { ReadingContext } from './look/when.tsx';
import { appContext, viewerContext, visitContext } from './pageContext.ts';

export function loader({ request, context }: Route.LoaderArgs) {
  const viewer = context.get(viewerContext);
  const { clock, sandbox } = context.get(appContext);
  return {
    sandbox,
    requestId: context.get(visitContext).requestId,
    reader: viewer && { name: viewer.name, role: viewer.role },
    theme: readTheme(request.headers.get('cookie')),
    now: clock.now().toISOString(),
  };
}

/** For what no page answers; every page has a title of its own. */
export const meta: Route.MetaFunction = ({ error }) =>
  pageMeta(isRouteErrorResponse(error) && error.status === 404 ? 'No such page' : 'KiEX');

type RootData = Awaited<ReturnType<typeof loader>>;

/** A page ships a script only when it asks for one: `export const handle = { hydrate: true }`. */
function useHydration(): boolean {
  return useMatches().some((match) => (match.handle as { hydrate?: boolean } | undefined)?.hydrate);
}

export function Layout({ children }: { children: ReactNode }) {
  const hydrate = useHydration();
  const data = useRouteLoaderData<RootData>('root');
  return (
    <html lang="en" data-theme={data?.theme ?? undefined}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="theme-color" content="#0b6e75" />
        <link rel="icon" href={favicon} type="image/svg+xml" />
        <Meta />
        <Links />
      </head>
      <body>
        <Shell
          sandbox={data?.sandbox ?? null}
          reader={data?.reader ?? null}
          theme={data?.theme ?? null}
        >
          {children}
        </Shell>
        {hydrate && (
          <>
            <ScrollRestoration />
            <Scripts />
          </>
        )}
      </body>
    </html>
  );
}

export default function Root({ loaderData }: Route.ComponentProps) {
  return (
    <ReadingContext value={useReader(loaderData.now)}>
      <Outlet />
    </ReadingContext>
  );
}

const TICK_MILLISECONDS = 5_000;

/** The server's now and Guam's zone first, so that both sides render the same; then the reader's own. */
function useReader(serverNow: string) {
  const [own, setOwn] = useState<{ now: Date; zone: string } | null>(null);
  useEffect(() => {
    // The server's clock leads; the browser only says how much time has passed since.
    const start = new Date(serverNow).getTime() - performance.now();
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || DEFAULT_ZONE;
    const tick = () => setOwn({ now: new Date(start + performance.now()), zone });
    tick();
    const timer = setInterval(tick, TICK_MILLISECONDS);
    return () => clearInterval(timer);
  }, [serverNow]);
  return own ?? { now: new Date(serverNow), zone: DEFAULT_ZONE };
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  const missing = isRouteErrorResponse(error) && error.status === 404;
  const refused = isRouteErrorResponse(error) && error.status === 403;
  if (refused) {
    return (
      <Page narrow title="This page is not for this account">
        <p>Sign in with an account that may see it, or go back to the jobs.</p>
        <WaysOn />
      </Page>
    );
  }
  if (missing) {
    return (
      <Page narrow title="There is no page here">
        <p>The address may be mistyped, or what stood here has been taken down.</p>
        <WaysOn />
      </Page>
    );
  }
  return (
    <Page narrow title="Something went wrong on our side">
      <p>
        It has been noted. What you typed may not have been saved: go back and try again in a
        minute.
      </p>
      <RequestNumber />
      <WaysOn />
    </Page>
  );
}

/** Leads whoever helps to the line in the log. */
function RequestNumber() {
  const requestId = useRouteLoaderData<RootData>('root')?.requestId;
  if (!requestId) return null;
  return (
    <p className="muted">
      If you ask for help, give this number: <code>{requestId}</code>
    </p>
  );
}

function WaysOn() {
  return (
    <p className="cluster" style={{ marginTop: '1.5rem' }}>
      <Link className="button primary" to="/jobs">
        See all jobs
      </Link>
      <Link className="button" to="/">
        Front page
      </Link>
    </p>
  );
}
