import {
  contactById,
  createContact,
  deleteContact,
  mergeContacts,
  updateContact,
} from './contacts.ts';
import type { Core, Scene } from './core.ts';
import { labelContact } from './labels.ts';
import {
  addMember,
  changeMemberState,
  deleteMember,
  type MemberVerb,
  registerMember,
} from './members.ts';
import { createDraft, deleteDraft, draftById, publishDraft, updateDraft } from './posts.ts';
import type { ContactRow, DraftRow, MemberRow, SubmissionRow } from './rows.ts';
import type { Fields, SiteRow } from './siteRows.ts';
import { createSubmission } from './submissions.ts';

/** Someone who came to the website. */
export interface Visitor {
  /** Throws a refusal that names each wrong field. */
  submits(formId: string, values: Fields): SubmissionRow;
  registers(person: { email: string; firstName?: string; lastName?: string }): MemberRow;
}

/** The owner of the site in his dashboard: what he does is told of as done by a Wix user. */
export interface Editor {
  addsContact(info: Fields): ContactRow;
  editsContact(id: string, info: Fields): ContactRow;
  labels(id: string, labelKeys: string[]): ContactRow;
  deletesContact(id: string): void;
  merges(target: string, sources: string[]): ContactRow;
  /** Makes himself a member, as owners may be. (t) 14.13 */
  joins(person: { loginEmail: string; nickname: string }): MemberRow;
  decides(memberId: string, verb: MemberVerb): MemberRow;
  deletesMember(id: string): void;
  writesPost(draftPost: Fields, publish: boolean): DraftRow;
  editsPost(id: string, draftPost: Fields, publish: boolean): DraftRow;
  publishes(id: string): DraftRow;
  unpublishes(id: string): DraftRow;
  deletesPost(id: string, permanent?: boolean): void;
}

/** A new visitor of a site, known by nothing. */
export function createVisitor(core: Core, site: SiteRow): Visitor {
  const scene: Scene = { core, site, actor: { by: 'visitor', visitorId: core.newGuid() } };
  return {
    submits: (formId, submissions) =>
      act(core, () => createSubmission(scene, { formId, submissions })),
    registers: (person) => act(core, () => registerMember(scene, person)),
  };
}

export function createEditor(core: Core, site: SiteRow): Editor {
  const scene: Scene = { core, site, actor: { by: 'owner' } };
  return {
    addsContact: (info) => act(core, () => createContact(scene, { info, allowDuplicates: true })),
    editsContact: (id, info) =>
      act(core, () => {
        const { revision } = contactById(scene, id);
        return updateContact(scene, id, { info, revision, allowDuplicates: true });
      }),
    labels: (id, labelKeys) => act(core, () => labelContact(scene, id, { labelKeys, adds: true })),
    deletesContact: (id) => act(core, () => deleteContact(scene, id)),
    merges: (target, sourceContactIds) =>
      act(core, () => {
        const targetContactRevision = contactById(scene, target).revision;
        return mergeContacts(scene, target, { targetContactRevision, sourceContactIds });
      }),
    joins: ({ loginEmail, nickname }) =>
      act(core, () =>
        addMember(scene, {
          sent: { loginEmail, profile: { nickname } },
          status: 'APPROVED',
          isOwner: true,
        }),
      ),
    decides: (id, verb) => act(core, () => changeMemberState(scene, id, verb)),
    deletesMember: (id) => act(core, () => deleteMember(scene, id)),
    writesPost: (draftPost, publish) => act(core, () => createDraft(scene, draftPost, publish)),
    editsPost: (id, draftPost, publish) =>
      act(core, () => {
        const action = publish ? 'UPDATE_PUBLISH' : 'UPDATE';
        return updateDraft(scene, id, { draftPost, action });
      }),
    publishes: (id) => act(core, () => publishDraft(scene, draftById(scene, id))),
    unpublishes: (id) =>
      act(core, () => updateDraft(scene, id, { draftPost: {}, action: 'UPDATE_REVERT_TO_DRAFT' })),
    deletesPost: (id, permanent = false) => act(core, () => deleteDraft(scene, id, permanent)),
  };
}

const act = <Result>(core: Core, work: () => Result): Result => core.store.batch(work);
