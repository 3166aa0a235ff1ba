import { serveHandler } from '../serving.ts';
import type { WixSimulator } from './simulator.ts';

/** The port of the API and the inspector, unless told otherwise. */
export const WIX_PORT = 4012;

export interface WixServing {
  /** Origin of the API, without a path: what `KIEX_WIX_URL` names. */
  url: string;
  /** The page where a person is the visitor and the editor. */
  inspectorUrl: string;
  port: number;
  /** True when the wanted port was in use and another was taken. */
  portWasTaken: boolean;
  /** Ends the server and the simulator's background work. */
  close(): Promise<void>;
}

/** Serves the API with the inspector on one port. */
export async function serveWixSimulator(options: {
  simulator: WixSimulator;
  port?: number;
  hostname?: string;
}): Promise<WixServing> {
  const { simulator, port = WIX_PORT, hostname = '127.0.0.1' } = options;
  const serving = await serveHandler({
    handler: async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === '/') return Response.redirect(new URL('/admin/', request.url), 303);
      return pathname.startsWith('/admin') ? simulator.inspector(request) : simulator.api(request);
    },
    port,
    hostname,
  });
  return {
    url: serving.url,
    inspectorUrl: `${serving.url}/admin/`,
    port: serving.port,
    portWasTaken: serving.portWasTaken,
    async close() {
      simulator.close();
      await serving.close();
    },
  };
}
