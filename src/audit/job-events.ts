/** Owns the events of long work on many people, and of who takes all of them along. */
import type { AuditEvent } from './audit-event.ts';
import { installationEvent, type InstallationAct } from './installation-event.ts';

/** Something of a job: who began or stopped it, or that it came to its end. */
export interface JobEvent extends InstallationAct {
  readonly job: string;
  /** What is done to each. */
  readonly task: string;
}

function aboutJob(kind: string, event: JobEvent, details: AuditEvent['details'] = {}): AuditEvent {
  const { job, task } = event;
  return installationEvent(kind, event, { job, task, ...details });
}

/** Long work on many people began. */
export const jobBegan = (began: JobEvent): AuditEvent => aboutJob('job-began', began);

/** It was stopped before its end; `why` is `asked`, or what whoever began it has lost. */
export const jobStopped = (stopped: JobEvent & { readonly why: string }): AuditEvent =>
  aboutJob('job-stopped', stopped, { why: stopped.why });

/** It came to its end: for how many it was done, and for how many not. */
export const jobFinished = (
  finished: JobEvent & { readonly done: number; readonly notDone: number },
): AuditEvent =>
  aboutJob('job-finished', finished, { done: finished.done, notDone: finished.notDone });

/** Somebody read the passwords that an import made. */
export const jobSecretsTold = (told: JobEvent & { readonly count: number }): AuditEvent =>
  aboutJob('job-secrets-told', told, { count: told.count });

/** Somebody took the list of people along. */
export const peopleExported = (exported: InstallationAct): AuditEvent =>
  installationEvent('people-exported', exported);
