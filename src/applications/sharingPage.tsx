import { Form, Link } from 'react-router';
import { leadOn, textOf } from '#src/accounts/formAnswers.ts';
import { Confirm } from '#src/look/confirm.tsx';
import { CheckField } from '#src/look/fields.tsx';
import { Card, Empty, Notice, Page, pageMeta } from '#src/look/page.tsx';
import { appContext, viewerContext } from '#src/pageContext.ts';
import { websiteWords } from '#src/privacy/agreement.ts';
import type { Route } from './+types/sharingPage.ts';
import type { SharedApplication } from './sharingChoice.ts';
import './applications.css';

export const meta = () => pageMeta('Sharing');

export async function loader({ request, context }: Route.LoaderArgs) {
  const { sharing, websiteSharing } = context.get(appContext);
  const { userId } = context.get(viewerContext)!;
  const done = new URL(request.url).searchParams.get('done');
  const website = await websiteSharing.of(userId);
  return { applications: await sharing.sharedBy(userId), website, done };
}

export async function action({ request, context }: Route.ActionArgs) {
  const { sharing, websiteSharing } = context.get(appContext);
  const { userId } = context.get(viewerContext)!;
  const form = await request.formData();
  if (textOf(form, 'about') === 'website') {
    const isAgreed = form.has('agreed');
    await websiteSharing.choose(userId, isAgreed);
    return leadOn(`/sharing?done=${isAgreed ? 'saved' : 'stopped'}#website`);
  }
  const applicationId = textOf(form, 'application');
  const categories =
    textOf(form, 'do') === 'stop'
      ? null
      : SWITCHES.map(([name]) => name).filter((name) => form.has(name));
  await sharing.choose(userId, { applicationId, categories });
  return leadOn(`/sharing?done=${categories ? 'saved' : 'stopped'}#${applicationId}`);
}

const SWITCHES: readonly (readonly [
  category: SharedApplication['categories'][number],
  words: string,
])[] = [
  ['phone', 'Phone'],
  ['address', 'Address'],
  ['resume', 'Resumes'],
  ['note', 'The note of this application'],
  ['profile', 'Profile: about me, education, experience, skills and links'],
];

const DONE: Record<string, string> = {
  saved: 'Saved. It holds from now on.',
  stopped: 'Stopped. Nothing more of it is sent.',
};

/** The switches of a student: what goes on being shared with each employer. */
export default function SharingPage({ loaderData }: Route.ComponentProps) {
  const { applications, website, done } = loaderData;
  return (
    <Page
      narrow
      title="Sharing"
      lead={`What each employer${website ? ', and the website,' : ''} gets of you, from now on.`}
      back={{ to: '/profile', words: 'Profile' }}
    >
      <div className="stack">
        {done && DONE[done] && <Notice tone="ok" announce title={DONE[done]} />}
        {applications.length === 0 && (
          <Empty title="You share nothing with employers yet.">
            Nothing leaves KiEX before you apply for a <Link to="/jobs">job</Link> and agree to it.
          </Empty>
        )}
        {applications.map((application) => (
          <Shared key={application.id} application={application} />
        ))}
        {website && <Website isAgreed={website.isAgreed} />}
        {applications.length > 0 && (
          <p className="muted small">
            What is ticked is kept up to date in Manatal, the employer’s system. What they got
            before stays with them when you take a tick away: ask the employer to delete it.
          </p>
        )}
      </div>
    </Page>
  );
}

/** The switch for the website, off until it is ticked. [P1] */
function Website({ isAgreed }: { isAgreed: boolean }) {
  return (
    <Card title="The website" id="website">
      <Form method="post">
        <input type="hidden" name="about" value="website" />
        <CheckField
          name="agreed"
          id="agreed-website"
          value="yes"
          label={websiteWords}
          defaultChecked={isAgreed}
        />
        <p className="muted small">
          Off, nothing more is sent. What the website has of you stays there: ask its people to
          delete it.
        </p>
        <div className="form-actions">
          <button type="submit" className="primary">
            Save
          </button>
        </div>
      </Form>
    </Card>
  );
}

function Shared({ application }: { application: SharedApplication }) {
  const { id, jobTitle, employer, categories } = application;
  const isOff = categories.length === 0;
  return (
    <Card title={employer} id={id} aside={<span className="muted">{jobTitle}</span>}>
      <Form method="post">
        <input type="hidden" name="application" value={id} />
        <p>
          {isOff
            ? 'Nothing more is sent. Tick what you want to share, and save.'
            : 'Your name and e-mail address, and what is ticked:'}
        </p>
        {SWITCHES.map(([category, words]) => (
          <CheckField
            key={category}
            name={category}
            id={`${category}-${id}`}
            value="yes"
            label={words}
            defaultChecked={categories.includes(category)}
          />
        ))}
        <div className="form-actions">
          <button type="submit" className="primary">
            {isOff ? `Share with ${employer}` : 'Save'}
          </button>
        </div>
      </Form>
      {!isOff && (
        <div className="share-stop">
          <Confirm
            words="Stop sharing"
            question={`Send nothing more of this application to ${employer}? What they have stays with them.`}
          >
            <Form method="post">
              <input type="hidden" name="application" value={id} />
              <button type="submit" name="do" value="stop" className="danger">
                Stop sharing
              </button>
            </Form>
          </Confirm>
        </div>
      )}
    </Card>
  );
}
