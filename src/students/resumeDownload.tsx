import { data } from 'react-router';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Route } from './+types/resumeDownload.ts';

/** A student's own resume, as a file to save. Nobody else's: there it answers "not found". */
export async function loader({ params, context }: Route.LoaderArgs) {
  const { students } = context.get(appContext);
  const viewer = context.get(viewerContext)!;
  const file = await students.openResume(viewer.userId, params.id);
  if (!file) throw data(null, { status: 404 });
  return new Response(new Uint8Array(file.bytes), {
    headers: {
      'content-type': file.contentType,
      'content-disposition': attachment(file.fileName),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    },
  });
}

/** RFC 6266: a plain name for old programs and the real one for all others. */
function attachment(fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(fileName)}`;
}
