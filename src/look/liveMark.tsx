const WORDS = { waiting: 'Connecting…', live: 'Live', lost: 'Connection lost, trying again' };

/** Says whether the numbers on the page move by themselves. */
export function LiveMark({ state }: { state: keyof typeof WORDS }) {
  return (
    <span className={state === 'live' ? 'live on' : 'live'} role="status">
      {WORDS[state]}
    </span>
  );
}
