import { createContext, RouterContextProvider } from 'react-router';
import type { Viewer } from './accounts/viewer.ts';
import type { App } from './app.ts';

/** What a page may know of a visit besides the request itself. */
export interface Visit {
  /** Where the request came from, as our own server saw it; for throttling. */
  clientAddress: string;
  /** Stands in the log and in X-Request-Id, to be shown where something went wrong. */
  requestId: string;
  /** Lets the page's own inline scripts pass the Content-Security-Policy. */
  nonce: string;
  /** Writes what a page threw into the log. */
  report(error: unknown): void;
}

const unknownVisit: Visit = {
  clientAddress: 'unknown',
  requestId: '',
  nonce: '',
  report: () => undefined,
};

export const appContext = createContext<App>();
export const viewerContext = createContext<Viewer | null>(null);
export const visitContext = createContext<Visit>(unknownVisit);

/** How pages reach the running program: `context.get(appContext).jobs.search(…)`. */
export function makeContext(
  app: App,
  viewer: Viewer | null,
  visit: Visit = unknownVisit,
): RouterContextProvider {
  const context = new RouterContextProvider();
  context.set(appContext, app);
  context.set(viewerContext, viewer);
  context.set(visitContext, visit);
  return context;
}
