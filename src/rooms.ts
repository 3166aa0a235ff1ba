import { createApplications } from './applications/applications.ts';
import { createEmployerView } from './applications/employerView.ts';
import { createNewerResumes } from './applications/newerResumes.ts';
import { createSharing } from './applications/sharingChoice.ts';
import { createSuggestions } from './applications/suggestions.ts';
import { syncedApplicants, syncedResumes } from './applications/syncedApplicants.ts';
import { createSyncedApplications } from './applications/syncedApplications.ts';
import { syncedNotes } from './applications/syncedNotes.ts';
import { syncedParts } from './applications/syncedParts.ts';
import { syncedPublicApplicants } from './applications/syncedPublicApplicants.ts';
import { syncedWithdrawals } from './applications/syncedWithdrawals.ts';
import { createContactEditing } from './contacts/editing.ts';
import { keepStudentContact } from './contacts/studentContact.ts';
import { syncedContacts } from './contacts/synced.ts';
import { createWebsiteSharing } from './contacts/websiteSharing.ts';
import { createDecisions } from './integrations/decisions.ts';
import { createIntegrations } from './integrations/integrations.ts';
import { createPreviews } from './integrations/previews.ts';
import { createRecords } from './integrations/records.ts';
import { createStages } from './integrations/stages.ts';
import { createJobEditing } from './jobs/jobEditing.ts';
import { createJobs } from './jobs/store.ts';
import { syncedJobs } from './jobs/synced.ts';
import { createOrganizationEditing } from './organizations/editing.ts';
import { createOrganizations } from './organizations/store.ts';
import { syncedOrganizations } from './organizations/synced.ts';
import type { Tx } from './platform/database.ts';
import type { Files } from './platform/files.ts';
import type { NewId } from './platform/random.ts';
import { type ChangedPart, createProfileParts } from './students/profileParts.ts';
import { createStudents } from './students/students.ts';
import { dropPushes } from './sync/dropPushes.ts';
import { announce, announceTo } from './sync/outbox.ts';
import type { Parts } from './sync/parts.ts';
import { createQuestions } from './sync/questions.ts';
import { reaches } from './sync/reach.ts';
import type { Synced } from './sync/synced.ts';

/** How the engine reads and writes each room's table. */
export function syncedRooms(newId: NewId): ReadonlyMap<string, Synced> {
  const rooms = [
    syncedOrganizations,
    syncedJobs,
    syncedApplicants,
    createSyncedApplications({ newId }),
    syncedPublicApplicants,
    syncedResumes,
    syncedNotes,
    syncedWithdrawals,
    syncedContacts,
    ...syncedParts,
  ];
  return new Map(rooms.map((room) => [room.resource, room]));
}

/** The product's rooms on one engine: the same in the program, in the simulation and in tests. */
export function createRooms(parts: Parts, files: Files) {
  const { db, clock, newId, live } = parts;
  /** One that no website has yet is found by the look at what is due, a second later. */
  const announceContact = (tx: Tx, contactId: string) => {
    const contact = { resource: 'contacts', ourId: contactId };
    return announce(parts, tx, { ...contact, through: contact });
  };
  /** A profile goes to every account where its student is a candidate, as far as they agreed. [P1] */
  const announceProfile = async (tx: Tx, of: { studentId: string; parts?: ChangedPart[] }) => {
    const through = { resource: 'candidates', ourId: of.studentId };
    await announce(parts, tx, { ...through, through });
    for (const { kind, id } of of.parts ?? [])
      await announce(parts, tx, { resource: kind, ourId: id, through });
    const contactId = await keepStudentContact(tx, of, { newId, now: clock.now() });
    if (contactId) await announceContact(tx, contactId);
  };
  const students = createStudents({ db, files, clock, newId, announce: announceProfile });
  const questions = createQuestions(parts);
  return {
    students,
    profileParts: createProfileParts({ db, clock, newId, announce: announceProfile }),
    applications: createApplications({
      db,
      clock,
      newId,
      students,
      live,
      questionsOf: (jobId) =>
        questions.of({ resource: 'applications', through: { resource: 'jobs', ourId: jobId } }),
      announce: (tx, { applicationId, jobId }) =>
        announce(parts, tx, {
          resource: 'applications',
          ourId: applicationId,
          through: { resource: 'jobs', ourId: jobId },
        }),
      async announceEvent(tx, { eventId, applicationId }) {
        const through = { resource: 'applications', ourId: applicationId };
        for (const resource of ['withdrawals', 'notes']) {
          await announce(parts, tx, { resource, ourId: eventId, through });
        }
      },
    }),
    newerResumes: createNewerResumes({ db, clock }),
    suggestions: createSuggestions({ db, clock, students }),
    sharing: createSharing({
      db,
      clock,
      newId,
      dropPushes: (tx, pushes, change) => {
        const detail = 'Not sent: its student does not share this any more.';
        return dropPushes(parts, tx, { pushes, detail }, change);
      },
    }),
    contactEditing: createContactEditing({ db, clock, newId, live, announce: announceContact }),
    websiteSharing: createWebsiteSharing({
      ...{ db, clock, newId, announce: announceContact },
      dropPushes: (tx, ourId, change) => {
        const pushes = [{ resource: 'contacts', ourId, through: null }];
        const detail = 'Not sent: its student does not share this with the website any more.';
        return dropPushes(parts, tx, { pushes, detail }, change);
      },
    }),
    employerView: createEmployerView({ db, students }),
    jobs: createJobs({ db, clock }),
    jobEditing: createJobEditing({
      db,
      clock,
      newId,
      live,
      async announce(tx, { jobId, to }) {
        const job = { resource: 'jobs', ourId: jobId };
        await announce(parts, tx, { ...job, through: job });
        if (to) await announceTo(parts, tx, { ...job, connectionId: to });
      },
      takesJobs: (provider) =>
        Boolean(
          parts.connectors.get(provider)?.resources.find(({ name }) => name === 'jobs')?.create,
        ),
      reaches: (tx, { jobId, ...of }) =>
        reaches(parts, tx, { resource: 'jobs', ourId: jobId, ...of }),
    }),
    organizations: createOrganizations({ db }),
    organizationEditing: createOrganizationEditing({
      db,
      clock,
      newId,
      live,
      announce: (tx, { organizationId }) => {
        const organization = { resource: 'organizations', ourId: organizationId };
        return announce(parts, tx, { ...organization, through: organization });
      },
    }),
    integrations: createIntegrations(parts),
    decisions: createDecisions(parts),
    records: createRecords(parts),
    previews: createPreviews(parts),
    stages: createStages(parts),
  };
}
