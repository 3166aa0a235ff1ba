/** How a contact is called where a name is needed. */
export function nameWords(contact: {
  firstName: string | null;
  lastName: string | null;
  email: string | null;
}): string {
  const name = [contact.firstName, contact.lastName].filter(Boolean).join(' ');
  return name || contact.email || 'Without a name';
}
