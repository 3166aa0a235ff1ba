import { data } from 'react-router';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Route } from './+types/resumeDownload.ts';
import { downloadOf } from './download.ts';

/** A student's own resume, as a file to save. Nobody else's: there it answers "not found". */
export async function loader({ params, context }: Route.LoaderArgs) {
  const { students } = context.get(appContext);
  const viewer = context.get(viewerContext)!;
  const file = await students.openResume(viewer.userId, params.id);
  if (!file) throw data(null, { status: 404 });
  return downloadOf(file);
}
