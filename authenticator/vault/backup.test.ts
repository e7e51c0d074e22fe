import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Account } from './account.ts';
import { isBackup, makeBackup, readBackup } from './backup.ts';
import { makeSigningKey } from './keys.ts';

const passphrase = 'correct horse battery stäple';
const rounds = { iterations: 600_000 };
let count = 0;
const newId = (): string => {
  count += 1;
  return `new-${count}`;
};

async function accounts(): Promise<readonly Account[]> {
  const { signingKey } = await makeSigningKey();
  return [
    {
      kind: 'tweestap',
      id: 'one',
      name: 'Work',
      origin: 'https://id.example.org',
      organisation: 'Voorbeeld',
      userPrincipalName: 'anna@voorbeeld.example',
      otp: { key: 'JBSWY3DPEHPK3PXP', digits: 6, period: 30, algorithm: 'sha1' },
      isRemovedThere: false,
      device: {
        account: 'opaque-device-id',
        signingKey,
        name: 'Chrome on Android',
        pin: true,
        pushKey: null,
        pushEndpoint: null,
        version: '1.0.0',
      },
    },
    {
      kind: 'other',
      id: 'two',
      name: '',
      issuer: 'GitHub',
      account: 'anna-b',
      otp: { key: 'GEZDGNBVGY3TQOJQ', digits: 8, period: 60, algorithm: 'sha256' },
    },
  ];
}

function changed(text: string, change: Readonly<Record<string, unknown>>): string {
  const file: Record<string, unknown> = JSON.parse(text);
  return JSON.stringify({ ...file, ...change });
}

describe('a backup', () => {
  it('gives back the codes, and nothing that approves', async () => {
    const before = await accounts();
    const text = await makeBackup(before, passphrase, rounds);
    assert.ok(isBackup(text));
    assert.doesNotMatch(text, /JBSWY|anna|opaque/);
    const restored = await readBackup(text, passphrase, newId);
    assert.ok(restored.kind === 'accounts');
    const [work, other] = restored.accounts;
    assert.ok(work?.kind === 'tweestap' && other?.kind === 'other');
    assert.equal(work.device, null);
    assert.equal(work.name, 'Work');
    assert.equal(work.origin, 'https://id.example.org');
    assert.deepEqual(work.otp, before[0]?.otp);
    assert.deepEqual(other.otp, before[1]?.otp);
    assert.notEqual(work.id, 'one');
  });

  it('opens with the passphrase as another keyboard composes it', async () => {
    const text = await makeBackup(await accounts(), passphrase.normalize('NFC'), rounds);
    const restored = await readBackup(text, passphrase.normalize('NFD'), newId);
    assert.equal(restored.kind, 'accounts');
  });

  it('stays closed for any other passphrase', async () => {
    const text = await makeBackup(await accounts(), passphrase, rounds);
    const restored = await readBackup(text, `${passphrase} `, newId);
    assert.equal(restored.kind, 'wrong-passphrase');
  });

  it('is not the same file twice', async () => {
    const one = await makeBackup(await accounts(), passphrase, rounds);
    const other = await makeBackup(await accounts(), passphrase, rounds);
    assert.notEqual(one, other);
  });

  it('does not open where somebody changed a word of it', async () => {
    const text = await makeBackup(await accounts(), passphrase, rounds);
    const { data }: { readonly data: string } = JSON.parse(text);
    const flipped = data.startsWith('A') ? `B${data.slice(1)}` : `A${data.slice(1)}`;
    for (const change of [{ data: flipped }, { iterations: 600_001 }]) {
      const restored = await readBackup(changed(text, change), passphrase, newId);
      assert.equal(restored.kind, 'wrong-passphrase');
    }
  });

  it('says of what it cannot read what it is', async () => {
    const text = await makeBackup([], passphrase, rounds);
    const unreadable = [
      '',
      'null',
      '{"format":"something else"}',
      changed(text, { iterations: 1 }),
      changed(text, { iterations: 1e9 }),
      changed(text, { salt: 'AAAA' }),
      changed(text, { data: '!' }),
      changed(text, { kdf: 'none' }),
    ];
    for (const file of unreadable) {
      assert.equal((await readBackup(file, passphrase, newId)).kind, 'unreadable', file);
    }
    const newer = changed(text, { version: 2 });
    assert.equal((await readBackup(newer, passphrase, newId)).kind, 'newer');
  });
});
