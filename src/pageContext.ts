import { createContext, RouterContextProvider } from 'react-router';
import type { Viewer } from './accounts/viewer.ts';
import type { App } from './app.ts';

export const appContext = createContext<App>();
export const viewerContext = createContext<Viewer | null>(null);

export function makeContext(app: App, viewer: Viewer | null): RouterContextProvider {
  const context = new RouterContextProvider();
  context.set(appContext, app);
  context.set(viewerContext, viewer);
  return context;
}
