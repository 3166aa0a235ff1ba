import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { ConnectionLost, type FetchHandler } from './faults.ts';

export interface Serving {
  /** Origin, without a path. */
  url: string;
  port: number;
  /** True when the wanted port was in use and another was taken. */
  portWasTaken: boolean;
  close(): Promise<void>;
}

/** Tells the adaptor that the answer is not its business any more. */
const ALREADY_SENT = { 'x-hono-already-sent': 'true' };

/**
 * Serves one handler over HTTP. A `ConnectionLost` becomes a real reset of the socket.
 *
 * port  0 takes any free port. A wanted port that is taken is replaced by a free one.
 */
export async function serveHandler(options: {
  handler: FetchHandler;
  port: number;
  hostname: string;
}): Promise<Serving> {
  const server = createAdaptorServer({
    fetch: async (request, bindings) => {
      try {
        return await options.handler(request);
      } catch (error) {
        const isLost = error instanceof ConnectionLost || request.signal.aborted;
        if (!isLost) throw error;
        (bindings as HttpBindings).incoming.socket.resetAndDestroy();
        return new Response(null, { headers: ALREADY_SENT });
      }
    },
  }) as Server;
  const portWasTaken = !(await listens(server, options.port, options.hostname));
  if (portWasTaken && !(await listens(server, 0, options.hostname))) {
    throw new Error(`no port is free on ${options.hostname}`);
  }
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.hostname}:${port}`,
    port,
    portWasTaken,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** True once the server listens; false when the port is taken. */
function listens(server: Server, port: number, hostname: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      server.off('listening', onListening);
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    };
    const onListening = () => {
      server.off('error', onError);
      resolve(true);
    };
    server.once('error', onError);
    server.once('listening', onListening);
    server.listen(port, hostname);
  });
}
