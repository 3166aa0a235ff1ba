import { Form, Link } from 'react-router';
import { Empty, Page, pageMeta } from '#src/look/page.tsx';
import { Paging } from '#src/look/paging.tsx';
import '#src/look/staff.css';
import { appContext } from '#src/pageContext.ts';
import type { Route } from './+types/staffOrganizationsPage.ts';
import type { ListedOrganization } from './editing.ts';
import { PlaceChips } from './placeChips.tsx';

export const meta: Route.MetaFunction = () => pageMeta('Organisations');

export async function loader({ url, context }: Route.LoaderArgs) {
  const text = (url.searchParams.get('q') ?? '').trim();
  const page = Math.max(1, Math.trunc(Number(url.searchParams.get('page'))) || 1);
  const { organizationEditing } = context.get(appContext);
  return { text, page, ...(await organizationEditing.list({ text, page })) };
}

export default function StaffOrganizationsPage({ loaderData }: Route.ComponentProps) {
  const { text, page, organizations, total, pages } = loaderData;
  return (
    <Page
      title="Organisations"
      lead="Every employer KiEX knows, and the accounts that know it too."
    >
      <div className="stack">
        <Form action="/staff/organizations" className="quick-search" role="search" key={text}>
          <label className="unseen" htmlFor="q">
            Name
          </label>
          <input id="q" name="q" type="search" defaultValue={text} placeholder="Name" />
          <button type="submit">Search</button>
        </Form>
        <p className="muted number">
          {total.toLocaleString('en-US')} {total === 1 ? 'organisation' : 'organisations'}
          {text && ' found'}
        </p>
        {organizations.length > 0 ? (
          <Table organizations={organizations} />
        ) : (
          <NoOrganizations searched={text !== ''} />
        )}
        <Paging page={page} pages={pages} label="Pages of organisations" />
      </div>
    </Page>
  );
}

function NoOrganizations({ searched }: { searched: boolean }) {
  if (searched) {
    return (
      <Empty
        title="No organisation matches this"
        actions={<Link to="/staff/organizations">See all organisations</Link>}
      >
        Try fewer or shorter words.
      </Empty>
    );
  }
  return (
    <Empty title="No organisations yet" actions={<Link to="/staff/jobs/new">New job</Link>}>
      They come in once an account is connected, or are named with the first job made here.
    </Empty>
  );
}

function Table({ organizations }: { organizations: ListedOrganization[] }) {
  return (
    <div className="table-card">
      <table>
        <thead>
          <tr>
            <th scope="col">Organisation</th>
            <th scope="col">Website</th>
            <th scope="col">Address</th>
            <th scope="col">Where it is</th>
          </tr>
        </thead>
        <tbody>
          {organizations.map(({ id, name, website, address, places }) => (
            <tr key={id}>
              <td data-label="Organisation">
                <Link to={`/staff/organizations/${id}/edit`}>{name}</Link>
              </td>
              <td data-label="Website">{website ?? <span className="muted">Not said</span>}</td>
              <td data-label="Address">{address ?? <span className="muted">Not said</span>}</td>
              <td data-label="Where it is">
                <PlaceChips places={places} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
