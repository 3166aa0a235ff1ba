/** The mark: an island, its reef and the lagoon, in a round window. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <circle cx="16" cy="16" r="15" fill="var(--sea-2)" />
      <circle cx="22" cy="9.5" r="3" fill="var(--accent)" />
      <path d="M4 18.2C8 17.6 9.6 12 14 11.4c4-.5 5.6 5.6 13.6 6.8Z" fill="var(--ok)" />
      <path d="M1.2 18.2h29.6A15 15 0 0 1 16 31 15 15 0 0 1 1.2 18.2Z" fill="var(--brand)" />
      <path
        d="M5 22.2c2-1.5 3.7-1.5 5.5 0s3.6 1.5 5.5 0 3.6-1.5 5.5 0 3.5 1.5 5.5 0M9 26.4c1.6-1.2 3-1.2 4.5 0s3 1.2 4.5 0 3-1.2 4.5 0"
        fill="none"
        stroke="var(--on-brand)"
        strokeWidth="1.6"
        strokeLinecap="round"
        opacity=".85"
      />
    </svg>
  );
}
