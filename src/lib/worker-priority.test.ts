import assert from 'node:assert/strict';
import { pbkdf2 } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';

import { lowerWorkerPriority } from './worker-priority.ts';

/** The niceness of the threads of this process, by name (proc(5), field 19 of stat). */
function nicenessByName(): ReadonlyMap<string, number> {
  return new Map(
    readdirSync('/proc/self/task').map((thread) => {
      const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
      const [, name = '', rest = ''] = /\((.*)\) (.*)/s.exec(stat) ?? [];
      return [name, Number(rest.split(' ')[16])];
    }),
  );
}

describe('the priority of workers', { skip: process.platform !== 'linux' && 'Linux only' }, () => {
  it('is below that of the thread that answers', async () => {
    await promisify(pbkdf2)('password', 'salt', 1, 32, 'sha256');
    const before = nicenessByName().get('MainThread') ?? 0;
    lowerWorkerPriority();
    const after = nicenessByName();
    assert.equal(after.get('MainThread'), before);
    assert.equal(after.get('libuv-worker'), 10);
  });
});
