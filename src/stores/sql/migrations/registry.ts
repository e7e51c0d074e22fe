/** Owns the order of the migrations. A new one is a line at the end; none is ever edited. */
import { up as up0001 } from './0001-first-tables.ts';
import { up as up0002 } from './0002-bound-rows.ts';
import { up as up0003 } from './0003-trusted-devices.ts';
import { up as up0004 } from './0004-own-account.ts';
import { up as up0005 } from './0005-apps-that-are-asked.ts';
import { up as up0007 } from './0007-ldap-clients.ts';
import { up as up0008 } from './0008-radius-clients.ts';
import { up as up0009 } from './0009-administration.ts';
import { up as up0011 } from './0011-name-endings.ts';
import { up as up0012 } from './0012-hardware-tokens.ts';
import { up as up0013 } from './0013-reports-and-logs.ts';
import { up as up0014 } from './0014-users-at-scale.ts';
import { up as up0015 } from './0015-delivery.ts';
import { up as up0016 } from './0016-registration-campaign.ts';
import { up as up0018 } from './0018-greetings.ts';
import { up as up0020 } from './0020-people-with-a-role.ts';
import { up as up0021 } from './0021-approvals.ts';
import { up as up0022 } from './0022-agreed-role.ts';
import { up as up0023 } from './0023-delivery-lanes.ts';
import { up as up0024 } from './0024-agreed-values.ts';
import { up as up0026 } from './0026-provisioning.ts';
import { up as up0027 } from './0027-upstream-directory.ts';
import { up as up0028 } from './0028-directory-sync.ts';
import { up as up0029 } from './0029-other-mail.ts';
import { up as up0030 } from './0030-bound-applications.ts';
import type { Migration } from './migration.ts';

export const migrations: readonly Migration[] = [
  { name: '0001-first-tables', up: up0001 },
  { name: '0002-bound-rows', up: up0002 },
  { name: '0003-trusted-devices', up: up0003 },
  { name: '0004-own-account', up: up0004 },
  { name: '0005-apps-that-are-asked', up: up0005 },
  { name: '0007-ldap-clients', up: up0007 },
  { name: '0008-radius-clients', up: up0008 },
  { name: '0009-administration', up: up0009 },
  { name: '0011-name-endings', up: up0011 },
  { name: '0012-hardware-tokens', up: up0012 },
  { name: '0013-reports-and-logs', up: up0013 },
  { name: '0014-users-at-scale', up: up0014 },
  { name: '0015-delivery', up: up0015 },
  { name: '0016-registration-campaign', up: up0016 },
  { name: '0018-greetings', up: up0018 },
  { name: '0020-people-with-a-role', up: up0020 },
  { name: '0021-approvals', up: up0021 },
  { name: '0022-agreed-role', up: up0022 },
  { name: '0023-delivery-lanes', up: up0023 },
  { name: '0024-agreed-values', up: up0024 },
  { name: '0026-provisioning', up: up0026 },
  { name: '0027-upstream-directory', up: up0027 },
  { name: '0028-directory-sync', up: up0028 },
  { name: '0029-other-mail', up: up0029 },
  { name: '0030-bound-applications', up: up0030 },
];
