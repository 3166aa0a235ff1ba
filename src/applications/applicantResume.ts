import { data } from 'react-router';
import { appContext, viewerContext } from '#src/pageContext.ts';
import { downloadOf } from '#src/students/download.ts';
import type { Route } from './+types/applicantResume.ts';

/** An applicant's resume, as a file to save: for the employer the student shares it with. [P1] */
export async function loader({ params, context }: Route.LoaderArgs) {
  const { deskOf, employerView } = context.get(appContext);
  const { own } = await deskOf(context.get(viewerContext));
  const file = own && (await employerView.openResume(own, params.id));
  if (!file) throw data(null, { status: 404 });
  return downloadOf(file);
}
