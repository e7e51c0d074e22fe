/** Owns what `start --sample` adds to the service: the organisation Voorbeeld and its application. */
import type { Sample } from '../server.ts';
import { makeSampleOrganisation, samplePeople } from './sample-organisation.ts';

export const sample: Sample = {
  prepare: makeSampleOrganisation,
  people: samplePeople,
};
