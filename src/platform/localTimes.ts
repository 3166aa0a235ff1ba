/** What a browser's field for a day and a time holds: '2027-03-31T21:59'. */
const pattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/;

/** The wall clock of a zone at an instant, as such a field shows it. */
export function localTime(at: Date, zone: string): string {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  return parts.format(at).replace(' ', 'T');
}

/** The instant at which the clock of a zone shows this; null when the text is no day and time. */
export function instantOfLocal(text: string, zone: string): Date | null {
  if (!pattern.test(text)) return null;
  const asUtc = new Date(`${text}Z`);
  if (Number.isNaN(asUtc.getTime())) return null;
  const shift = (at: Date) => new Date(`${localTime(at, zone)}Z`).getTime() - at.getTime();
  // Twice, since the shift of the zone may itself change between the two readings.
  const near = new Date(asUtc.getTime() - shift(asUtc));
  return new Date(asUtc.getTime() - shift(near));
}
