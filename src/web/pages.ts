import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ServerBuild } from 'react-router';
import type { Viewer } from '#src/accounts/viewer.ts';
import type { App } from '#src/app.ts';
import type * as Entry from '#src/entry.server.tsx';
import type { Visit } from '#src/pageContext.ts';
import { buildFolder, projectFolder } from '#src/pagesBuild.ts';

/** Everything React Router draws. */
export interface Pages {
  render(request: Request, reader: { viewer: Viewer | null; visit: Visit }): Promise<Response>;
  /** Where scripts and styles lie; null when `middleware` serves them. */
  clientFolder: string | null;
  /** Goes before everything else: in development Vite answers for source files. */
  middleware: Middleware | null;
  close(): Promise<void>;
}

export type Middleware = (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  next: () => void,
) => void;

/** The pages as `react-router build` made them. */
export async function openBuiltPages(app: App): Promise<Pages> {
  const file = path.join(buildFolder, 'server', 'index.js');
  const build: ServerBuild = await import(pathToFileURL(file).href);
  const { createRequestHandler, makeContext } = entryOf(build);
  const handle = createRequestHandler(build, 'production');
  return {
    render: (request, { viewer, visit }) => handle(request, makeContext(app, viewer, visit)),
    clientFolder: path.join(buildFolder, 'client'),
    middleware: null,
    close: async () => undefined,
  };
}

/** The pages from their source, which change in the browser as they are written. */
export async function openSourcePages(app: App, server: Server): Promise<Pages> {
  const { createServer } = await import('vite');
  const listeners = process.listeners('SIGTERM');
  const vite = await createServer({
    root: projectFolder,
    appType: 'custom',
    // Updates travel over our own server: one port.
    server: { middlewareMode: true, hmr: { server } },
  });
  // React Router's own compiler would end the process at once, before the database is closed.
  for (const listener of process.listeners('SIGTERM')) {
    if (!listeners.includes(listener)) process.off('SIGTERM', listener);
  }
  return {
    async render(request, { viewer, visit }) {
      const build = (await vite.ssrLoadModule('virtual:react-router/server-build')) as ServerBuild;
      const { createRequestHandler, makeContext } = entryOf(build);
      return createRequestHandler(build, 'development')(request, makeContext(app, viewer, visit));
    },
    clientFolder: null,
    middleware: vite.middlewares,
    close: () => vite.close(),
  };
}

// What the bundle exports besides React Router's own; its types say nothing of it.
function entryOf(build: ServerBuild): Pick<typeof Entry, 'createRequestHandler' | 'makeContext'> {
  return build.entry.module as unknown as typeof Entry;
}
