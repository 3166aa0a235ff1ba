import { Form, Link } from 'react-router';
import { statusWord } from '#src/applications/application.ts';
import { Section } from '#src/look/page.tsx';
import type { StageChoices, StagePreview } from './stages.ts';

/** What choosing these stages would change here, and the button that does it. */
export function StagePreviewCard({
  preview,
  choices,
}: {
  preview: StagePreview;
  choices: StageChoices;
}) {
  const { counts, shown, total, fingerprint } = preview;
  return (
    <Section title="Preview" id="preview">
      <div className="card stack" role="status">
        <p>
          {total === 0
            ? 'No application changes its status. Nothing is saved yet.'
            : `${countWords(total)} another status in KiEX. Nothing is saved yet, and nothing is sent to the employer’s system.`}
        </p>
        {counts.length > 0 && (
          <ul className="bullets">
            {counts.map(({ before, after, total: count }) => (
              <li key={`${before} ${after}`}>
                {count.toLocaleString('en-US')} from <strong>{statusWord(before)}</strong> to{' '}
                <strong>{statusWord(after)}</strong>
              </li>
            ))}
          </ul>
        )}
        {shown.length > 0 && (
          <details>
            <summary>Which ones</summary>
            <ul className="bullets">
              {shown.map(({ applicationId, jobTitle, stageName, before, after }) => (
                <li key={applicationId}>
                  <Link to={`/staff/records/applications/${applicationId}`}>{jobTitle}</Link>
                  {stageName && ` (${stageName})`}: {statusWord(before)} → {statusWord(after)}
                </li>
              ))}
            </ul>
            {total > shown.length && (
              <p className="muted">and {(total - shown.length).toLocaleString('en-US')} more</p>
            )}
          </details>
        )}
        <Form method="post">
          <input type="hidden" name="fingerprint" value={fingerprint} />
          {Object.entries(choices).map(([id, status]) => (
            <input key={id} type="hidden" name={`stage.${id}`} value={status} />
          ))}
          <button type="submit" name="intent" value="apply" className="primary">
            {total === 0 ? 'Save stages' : 'Apply'}
          </button>
        </Form>
      </div>
    </Section>
  );
}

const countWords = (total: number) =>
  total === 1 ? '1 application gets' : `${total.toLocaleString('en-US')} applications get`;
