import { PassThrough } from 'node:stream';
import { createReadableStreamFromReadable } from '@react-router/node';
import { renderToPipeableStream } from 'react-dom/server';
import {
  type EntryContext,
  type HandleErrorFunction,
  isRouteErrorResponse,
  type RouterContextProvider,
  ServerRouter,
} from 'react-router';
import { visitContext } from './pageContext.ts';

// The native server takes these from the bundle, so that there is one copy of react-router and one
// identity of each context.
export { createRequestHandler } from 'react-router';
export { makeContext } from './pageContext.ts';

/** How long loaders may keep a page waiting before it is given up. */
export const streamTimeout = 10_000;

/** Draws a page. It is sent whole: pages without a script could not fill in late parts. */
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  entryContext: EntryContext,
  context: RouterContextProvider,
): Promise<Response> {
  const { nonce } = context.get(visitContext);
  return new Promise((resolve, reject) => {
    const body = new PassThrough();
    const { pipe, abort } = renderToPipeableStream(
      <ServerRouter context={entryContext} url={request.url} nonce={nonce} />,
      {
        nonce,
        onAllReady() {
          headers.set('content-type', 'text/html; charset=utf-8');
          resolve(new Response(createReadableStreamFromReadable(body), { status, headers }));
          pipe(body);
        },
        onShellError: reject,
        onError: (error) => context.get(visitContext).report(error),
      },
    );
    // Its timer does not keep the process alive, and nothing is lost if it comes after the end.
    AbortSignal.timeout(streamTimeout + 1_000).addEventListener('abort', () => abort());
  });
}

/** What loaders, actions and components throw. */
export const handleError: HandleErrorFunction = (error, { request, context }) => {
  // A page that is not there, or a reader who left, is no fault.
  const told = isRouteErrorResponse(error) && error.status < 500;
  if (!told && !request.signal.aborted) context.get(visitContext).report(error);
};
