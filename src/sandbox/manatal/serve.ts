import { type Serving, serveHandler } from '../serving.ts';
import type { ManatalSimulator } from './simulator.ts';

/** The port of the Open API and the inspector, unless told otherwise. */
export const OPEN_API_PORT = 4010;
/** Manahook lives on another host in reality, so it has a port of its own here. */
export const MANAHOOK_PORT = 4011;

export interface ManatalServing {
  /** Origin of the Open API, without a path. */
  url: string;
  /** Origin of Manahook, without a path. */
  manahookUrl: string;
  /** The page where a person acts as the recruiter. */
  inspectorUrl: string;
  ports: { openApi: number; manahook: number };
  /** True when a wanted port was in use and another was taken. */
  portWasTaken: boolean;
  /** Ends both servers and the simulator's background work. */
  close(): Promise<void>;
}

/** Serves the Open API with the inspector on one port, and Manahook on a second. */
export async function serveManatalSimulator(options: {
  simulator: ManatalSimulator;
  port?: number;
  manahookPort?: number;
  hostname?: string;
}): Promise<ManatalServing> {
  const { simulator, hostname = '127.0.0.1' } = options;
  const openApi = await serveHandler({
    handler: (request) => openApiOrInspector(simulator, request),
    port: options.port ?? OPEN_API_PORT,
    hostname,
  });
  const manahook = await serveHandler({
    handler: simulator.manahook,
    port: options.manahookPort ?? MANAHOOK_PORT,
    hostname,
  });
  simulator.setPublicOrigin(openApi.url);
  return {
    url: openApi.url,
    manahookUrl: manahook.url,
    inspectorUrl: `${openApi.url}/admin/`,
    ports: { openApi: openApi.port, manahook: manahook.port },
    portWasTaken: openApi.portWasTaken || manahook.portWasTaken,
    close: () => closeAll(simulator, [openApi, manahook]),
  };
}

async function openApiOrInspector(simulator: ManatalSimulator, request: Request) {
  const { pathname } = new URL(request.url);
  if (pathname === '/') return Response.redirect(new URL('/admin/', request.url), 303);
  return pathname.startsWith('/admin') ? simulator.inspector(request) : simulator.openApi(request);
}

async function closeAll(simulator: ManatalSimulator, servings: Serving[]): Promise<void> {
  simulator.close();
  await Promise.all(servings.map((serving) => serving.close()));
}
