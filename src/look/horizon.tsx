/** Islands on the horizon and the lagoon before them: the only picture on the front page, drawn in 1 kB. */
export function Horizon() {
  return (
    <svg
      className="horizon"
      viewBox="0 0 1200 190"
      preserveAspectRatio="xMidYMax slice"
      aria-hidden="true"
      focusable="false"
    >
      <circle cx="690" cy="72" r="30" fill="var(--accent)" opacity=".9" />
      <path
        d="M0 124c110-4 160-34 236-38s104 26 190 30 118-12 172-14 190 22 602 22v66H0Z"
        fill="var(--sea-2)"
        opacity=".65"
      />
      <path
        d="M520 140c56-4 70-34 112-56 30-16 52-14 80 8 26 20 50 16 84 24 60 14 110 16 210 24v40H520Z"
        fill="var(--sea-3)"
      />
      <path d="M0 142c220-8 420 4 640-2s380-6 560 0v50H0Z" fill="var(--sea-4)" />
      <path
        d="M60 158c40-6 80-6 120 0M430 164c46-7 84-7 130 0M800 158c40-6 80-6 120 0M1010 174c30-5 60-5 90 0M250 178c30-5 60-5 90 0M640 180c24-4 48-4 72 0"
        fill="none"
        stroke="var(--sea-3)"
        strokeWidth="3"
        strokeLinecap="round"
        opacity=".7"
      />
    </svg>
  );
}
