import { Link } from 'react-router';
import { Empty, Page, pageMeta } from '#src/look/page.tsx';
import { Paging } from '#src/look/paging.tsx';
import { appContext } from '#src/pageContext.ts';
import type { Route } from './+types/board.ts';
import { JobList } from './jobRow.tsx';
import { isNarrowed, type JobSearch, readSearch } from './jobSearch.ts';
import { SearchForm } from './searchForm.tsx';
import type { JobChoices } from './store.ts';

export const meta: Route.MetaFunction = () =>
  pageMeta(
    'Jobs',
    'Open jobs in Guam, the Northern Marianas, Palau, Micronesia and the Marshall Islands.',
  );

export async function loader({ url, context }: Route.LoaderArgs) {
  const { jobs } = context.get(appContext);
  const search = readSearch(url.searchParams);
  const [found, choices] = await Promise.all([jobs.search(search), jobs.choices()]);
  return { search, choices, ...found };
}

export default function Board({ loaderData }: Route.ComponentProps) {
  const { search, choices, jobs, total, pages } = loaderData;
  return (
    <Page title="Find work in the islands">
      <SearchForm search={search} choices={choices} />
      <h2 className="board-count">{countWords(search, total)}</h2>
      {jobs.length > 0 ? (
        <JobList jobs={jobs} label="Jobs found" />
      ) : (
        <NothingFound search={search} choices={choices} total={total} />
      )}
      <Paging page={search.page} pages={pages} label="Pages of jobs" />
    </Page>
  );
}

function countWords(search: JobSearch, total: number): string {
  const what = isNarrowed(search) ? 'found' : 'open';
  const count = total.toLocaleString('en-US');
  return what === 'open'
    ? `${count} open ${total === 1 ? 'job' : 'jobs'}`
    : `${count} ${total === 1 ? 'job' : 'jobs'} found`;
}

/** Says why the list is empty and which step would fill it. */
function NothingFound(props: { search: JobSearch; choices: JobChoices; total: number }) {
  const { search, choices, total } = props;
  if (total > 0) {
    return (
      <Empty
        title="The list ends before this page"
        actions={<Link to="/jobs">To the first page</Link>}
      >
        Jobs close while one reads; there are fewer pages than a moment ago.
      </Empty>
    );
  }
  if (!isNarrowed(search)) {
    return (
      <Empty title="No jobs are open at the moment">
        Jobs appear here as soon as employers publish them.
      </Empty>
    );
  }
  const wider: JobSearch = { ...search, place: '', employmentType: '', remote: false };
  const hasFilters = Boolean(search.place || search.employmentType || search.remote);
  return (
    <Empty
      title="No open job matches this"
      actions={
        <>
          {search.text && hasFilters && (
            <Link className="button primary" to={`/jobs?q=${encodeURIComponent(wider.text)}`}>
              Search “{search.text}” everywhere
            </Link>
          )}
          <Link className="button" to="/jobs">
            See all jobs
          </Link>
        </>
      }
    >
      Try fewer or shorter words, or another place.
      {choices.places.length > 0 && ' Places with open jobs: '}
      {choices.places.map(({ value, words, count }, index) => (
        <span key={value}>
          {index > 0 && ', '}
          <Link to={`/jobs?place=${value}`}>
            {words} ({count})
          </Link>
        </span>
      ))}
      {choices.places.length > 0 && '.'}
    </Empty>
  );
}
