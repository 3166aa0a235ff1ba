import { Link } from 'react-router';
import type { Route } from './+types/home.ts';
import { JobList } from './jobs/jobRow.tsx';
import type { PlaceGroup } from './jobs/jobSearch.ts';
import { QuickSearch } from './jobs/searchForm.tsx';
import { Horizon } from './look/horizon.tsx';
import { Empty, pageMeta } from './look/page.tsx';
import { appContext, viewerContext } from './pageContext.ts';

const NEWEST_MAX = 6;

export const meta: Route.MetaFunction = () =>
  pageMeta(
    'KiEX',
    'Jobs for students in Guam, the Northern Marianas, Palau, Micronesia and the Marshall Islands.',
  );

export async function loader({ context }: Route.LoaderArgs) {
  const { jobs } = context.get(appContext);
  const [newest, choices, open] = await Promise.all([
    jobs.newest(NEWEST_MAX),
    jobs.choices(),
    jobs.countOpen(),
  ]);
  return { newest, places: choices.places, open, isVisitor: context.get(viewerContext) === null };
}

export default function Home({ loaderData }: Route.ComponentProps) {
  const { newest, places, open, isVisitor } = loaderData;
  return (
    <div className="home stack-wide">
      <section className="hero">
        <h1>Find work in the islands</h1>
        <p className="lead">
          Every open job in one place. Apply once, and always see where your application stands.
        </p>
        <QuickSearch />
        <Places places={places} />
        <Horizon />
      </section>
      <section>
        <div className="section-head">
          <h2>Newest jobs</h2>
          {open > newest.length && <Link to="/jobs">All {open.toLocaleString('en-US')} jobs</Link>}
        </div>
        {newest.length > 0 ? (
          <JobList jobs={newest} />
        ) : (
          <Empty title="No jobs are open at the moment">
            Jobs appear here as soon as employers publish them.
          </Empty>
        )}
      </section>
      <HowItWorks isVisitor={isVisitor} />
    </div>
  );
}

function Places({ places }: { places: PlaceGroup[] }) {
  if (places.length === 0) return null;
  return (
    <ul className="hero-places" aria-label="Jobs by place">
      {places.map(({ value, words, count }) => (
        <li key={value}>
          <Link to={`/jobs?place=${value}`}>
            {words} <span className="number">{count}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

const STUDENT_STEPS = [
  ['Find', 'Search every open job from one place, on a phone and on a slow line.'],
  [
    'Apply once',
    'Your profile and resume are filled in. You see what is sent, and to whom, before it goes.',
  ],
  ['Follow', 'When the employer moves your application, you see it here. Nothing is guessed.'],
] as const;

const EMPLOYER_STEPS = [
  [
    'Keep your tool',
    'Jobs and applicants stay in Manatal. Publish a job there and it appears here.',
  ],
  [
    'Get whole applications',
    'Candidate, resume and note arrive on your job, once, with nothing to copy.',
  ],
  ['Decide as always', 'Move a candidate to another stage, and the student knows.'],
] as const;

function HowItWorks({ isVisitor }: { isVisitor: boolean }) {
  return (
    <section className="how">
      <div>
        <h2>For students</h2>
        <Steps steps={STUDENT_STEPS} />
        {isVisitor && (
          <p>
            <Link className="button primary" to="/sign-up">
              Create an account
            </Link>
          </p>
        )}
      </div>
      <div>
        <h2>For employers</h2>
        <Steps steps={EMPLOYER_STEPS} />
      </div>
    </section>
  );
}

function Steps({ steps }: { steps: readonly (readonly [string, string])[] }) {
  return (
    <ol className="how-steps">
      {steps.map(([title, words]) => (
        <li key={title}>
          <h3>{title}</h3>
          <p className="quiet-text">{words}</p>
        </li>
      ))}
    </ol>
  );
}
