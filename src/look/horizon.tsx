/** Islands on the horizon and the lagoon before them: the only picture on the front page, drawn in 1 kB. */
export function Horizon() {
  return (
    <svg
      className="horizon"
      viewBox="0 0 1200 180"
      preserveAspectRatio="xMidYMax slice"
      aria-hidden="true"
      focusable="false"
    >
      <circle cx="930" cy="70" r="34" fill="var(--accent)" opacity=".85" />
      <path
        d="M0 110c120-6 170-38 250-42s120 30 210 34 130-10 180-12 160 20 560 20v70H0Z"
        fill="var(--sea-2)"
        opacity=".6"
      />
      <path
        d="M640 124c70-4 96-54 168-58 58-3 84 32 124 36 52 6 96 16 268 22v56H640Z"
        fill="var(--sea-3)"
      />
      <path d="M0 128c200-10 420 6 640-2s380-8 560 0v52H0Z" fill="var(--brand)" />
      <path
        d="M60 148c40-7 80-7 120 0M420 156c50-8 90-8 140 0M820 148c40-7 80-7 120 0M1010 162c30-5 60-5 90 0M250 168c30-5 60-5 90 0"
        fill="none"
        stroke="var(--sea-2)"
        strokeWidth="3"
        strokeLinecap="round"
        opacity=".7"
      />
    </svg>
  );
}
