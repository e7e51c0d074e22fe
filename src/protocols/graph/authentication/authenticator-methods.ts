/**
 * Owns `microsoftAuthenticatorMethods` and `softwareOathMethods`: an authenticator app that is paired and
 * can be asked, and one that shows codes only. A hardware token is neither: see `hardwareOathMethods`.
 */
import * as z from 'zod';

import { appSecret, authenticatorApp } from '../../../methods/authenticator-app.ts';
import type { Operation } from '../operation.ts';
import {
  methodShape,
  readingOperations,
  removingOperation,
  type MethodKind,
} from './method-kind.ts';

export const microsoftAuthenticatorMethods: MethodKind = {
  segment: 'microsoftAuthenticatorMethods',
  type: '#microsoft.graph.microsoftAuthenticatorAuthenticationMethod',
  called: 'paired authenticator apps',
  schema: z.object({
    ...methodShape,
    displayName: z.string(),
    deviceTag: z.string(),
    phoneAppVersion: z.string(),
  }),
  entityOf: ({ id, kind, secret, createdAt }) => {
    if (kind !== authenticatorApp.id) return undefined;
    const { device } = appSecret.parse(secret);
    if (device === undefined) return undefined;
    return {
      id,
      createdDateTime: createdAt.toISOString(),
      displayName: device.name,
      deviceTag: 'SoftwareTokenActivated',
      phoneAppVersion: device.version,
    };
  },
};

export const softwareOathMethods: MethodKind = {
  segment: 'softwareOathMethods',
  type: '#microsoft.graph.softwareOathAuthenticationMethod',
  called: 'authenticator apps that show codes',
  schema: z.object({
    ...methodShape,
    /** Never told again, to nobody. */
    secretKey: z.null(),
  }),
  entityOf: ({ id, kind, secret, createdAt }) => {
    if (kind !== authenticatorApp.id) return undefined;
    const { device, token } = appSecret.parse(secret);
    if (device !== undefined || token !== undefined) return undefined;
    return { id, createdDateTime: createdAt.toISOString(), secretKey: null };
  },
};

export const authenticatorMethodOperations: readonly Operation[] = [
  ...readingOperations(microsoftAuthenticatorMethods),
  removingOperation(microsoftAuthenticatorMethods),
  ...readingOperations(softwareOathMethods),
  removingOperation(softwareOathMethods),
];
