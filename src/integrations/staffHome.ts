import { redirect } from 'react-router';

/** `/staff` leads to what staff come for. */
export function loader() {
  return redirect('/staff/sync');
}
