/** Owns the list of the methods: one line each. The order is that of a picker among equally strong ones. */
import { authenticatorCode } from './authenticator-code/authenticator-code.ts';
import { email } from './email/email.ts';
import type { Method } from './method.ts';
import { notification } from './notification/notification.ts';
import { phoneCall } from './phone-call/phone-call.ts';
import { recoveryCodes } from './recovery-codes/recovery-codes.ts';
import { securityKey } from './security-key/security-key.ts';
import { securityQuestions } from './security-questions/security-questions.ts';
import { temporaryAccessPass } from './temporary-access-pass/temporary-access-pass.ts';
import { textMessage } from './text-message/text-message.ts';

export const methods: readonly Method[] = [
  textMessage,
  phoneCall,
  notification,
  authenticatorCode,
  securityKey,
  email,
  recoveryCodes,
  securityQuestions,
  temporaryAccessPass,
];
