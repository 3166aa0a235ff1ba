interface StepperProps {
  steps: { word: string; detail?: string }[];
  /** Index of the step one stands at; those before it are passed. */
  at: number;
  label: string;
}

/** Where something stands on a known path: Sent, In review, Interview, Offer, Hired. */
export function Stepper({ steps, at, label }: StepperProps) {
  return (
    <ol className="stepper" aria-label={label}>
      {steps.map((step, index) => (
        <li
          key={step.word}
          className={index < at ? 'passed' : index === at ? 'now' : undefined}
          aria-current={index === at ? 'step' : undefined}
        >
          {step.word}
          {step.detail && <small style={{ display: 'block' }}>{step.detail}</small>}
        </li>
      ))}
    </ol>
  );
}

/** A bar that fills. Without `of` nothing is drawn: an unknown total is not guessed. */
export function ProgressBar({
  done,
  of,
  label,
  tone,
}: {
  done: number;
  of: number | null;
  label: string;
  tone?: 'warn';
}) {
  if (!of) return null;
  const percent = Math.min(100, Math.round((100 * done) / of));
  return (
    <div
      className={tone ? `bar tone-${tone}` : 'bar'}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <span style={{ width: `${percent}%` }} />
    </div>
  );
}
