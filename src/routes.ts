import { index, type RouteConfig, route } from '@react-router/dev/routes';

/** The site map: every page's address and the file that answers it. */
export default [
  // Everybody
  index('home.tsx'),
  route('jobs', 'jobs/board.tsx'),
  route('jobs/:slug', 'jobs/jobPage.tsx'),
  route('employers/:slug', 'jobs/employerPage.tsx'),
  // Staff
  route('staff', 'integrations/staffHome.ts'),
  route('staff/sync', 'integrations/dashboardPage.tsx'),
  route('staff/sync/activity', 'integrations/activityPage.tsx'),
  route('staff/sync/runs/:id', 'integrations/runPage.tsx'),
  route('staff/sync/conflicts', 'integrations/conflictsPage.tsx'),
  route('staff/sync/problems/:id', 'integrations/correctPage.tsx'),
  route('staff/sync/runs/:id/undo', 'integrations/undoPage.tsx'),
  route('staff/sync/runs/:id/preview', 'integrations/previewPage.tsx'),
  route('staff/records/:resource/:ourId', 'integrations/recordPage.tsx'),
  route('staff/jobs', 'jobs/staffJobsPage.tsx'),
  route('staff/jobs/new', 'jobs/newJobPage.tsx'),
  route('staff/jobs/:id/edit', 'jobs/jobEditPage.tsx'),
  route('staff/organizations', 'organizations/staffOrganizationsPage.tsx'),
  route('staff/organizations/:id/edit', 'organizations/organizationEditPage.tsx'),
  route('staff/contacts', 'contacts/staffContactsPage.tsx'),
  route('staff/contacts/:id', 'contacts/contactEditPage.tsx'),
  route('staff/employers', 'organizations/employersPage.tsx'),
  route('staff/integrations', 'integrations/settingsPage.tsx'),
  route('staff/integrations/:id/fields', 'integrations/fieldsPage.tsx'),
  route('staff/integrations/:id/stages', 'integrations/stagesPage.tsx'),
  route('staff/integrations/:id/choices', 'integrations/choicesPage.tsx'),
  route('staff/integrations/:id/webhooks', 'integrations/webhooksPage.tsx'),
  route('staff/integrations/:id/disconnect', 'integrations/disconnectPage.tsx'),
  // Employers: pages that they share with staff answer each with what is theirs.
  route('employer', 'applications/employerHome.tsx'),
  route('employer/jobs/:id/applicants', 'applications/applicantsPage.tsx'),
  route('employer/applicants/:id/resume', 'applications/applicantResume.ts'),
  route('employer/jobs/new', 'jobs/newJobPage.tsx', { id: 'employer-new-job' }),
  route('employer/jobs/:id/edit', 'jobs/jobEditPage.tsx', { id: 'employer-job' }),
  route('employer/integrations', 'integrations/settingsPage.tsx', { id: 'employer-settings' }),
  route('employer/integrations/:id/choices', 'integrations/choicesPage.tsx', {
    id: 'employer-choices',
  }),
  route('employer/integrations/:id/webhooks', 'integrations/webhooksPage.tsx', {
    id: 'employer-webhooks',
  }),
  route('employer/integrations/:id/disconnect', 'integrations/disconnectPage.tsx', {
    id: 'employer-disconnect',
  }),
  route('employer/sync', 'integrations/ownSyncPage.tsx'),
  route('employer/sync/runs/:id', 'integrations/runPage.tsx', { id: 'employer-run' }),
  // What pages post to
  route('theme', 'look/themePage.tsx'),

  // People
  route('sign-up', 'accounts/signUpPage.tsx'),
  route('sign-in', 'accounts/signInPage.tsx'),
  route('sign-out', 'accounts/signOutPage.tsx'),
  route('set-password', 'accounts/setPasswordPage.tsx'),
  route('profile', 'students/profilePage.tsx'),
  route('profile/:kind/:id', 'students/partPage.tsx'),
  route('sharing', 'applications/sharingPage.tsx'),
  route('resumes/:id', 'students/resumeDownload.tsx'),
  route('jobs/:slug/apply', 'applications/applyPage.tsx'),
  route('dashboard', 'applications/dashboardPage.tsx'),
] satisfies RouteConfig;
