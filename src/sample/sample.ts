/** Owns what `start --sample` adds to the service: the organisation Voorbeeld and its application. */
import type { Sample } from '../server.ts';
import { startSampleApplication } from './sample-app/sample-app.ts';
import { makeSampleOrganisation, samplePeople } from './sample-organisation.ts';

export const sample: Sample = {
  prepare: makeSampleOrganisation,
  people: samplePeople,
  startApplication: ({ settings, applications, database }, { origin }) =>
    startSampleApplication({
      issuer: origin,
      port: settings.sampleAppPort,
      applications,
      store: database.stores.applications,
    }),
};
