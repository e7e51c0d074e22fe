/** The door of the command line, as an older Node walks through it: it hands on to the one that npm brought. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, it } from 'node:test';

import { until } from './support/poll.ts';

/** A Node of this machine that is too old for us; undefined where there is none. */
const older = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'node'))
  .find((node) => {
    const { status, stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
    return status === 0 && Number(/^v(\d+)/.exec(stdout)?.[1]) < 24;
  });

describe('an older Node', { skip: older === undefined && 'there is none on this machine' }, () => {
  it('says nothing of how it hands on', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tweestap-launcher-'));
    const environment = { TWEESTAP_DATA: folder, TWEESTAP_PUSH: 'none' };
    const { status, stdout, stderr } = spawnSync(
      older ?? '',
      ['bin/tweestap.js', 'check', '--sample'],
      { env: environment, encoding: 'utf8' },
    );
    rmSync(folder, { recursive: true });
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stdout, /LAUNCHER/);
  });

  it('goes on where whoever started it in the background has gone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tweestap-launcher-'));
    const ports = ['HTTP', 'SAMPLE_APP', 'RADIUS', 'LDAP', 'LDAPS'].map(
      (each) => [`TWEESTAP_${each}_PORT`, '0'] as const,
    );
    const shell = spawn(
      'sh',
      ['-c', `nohup ${older} bin/tweestap.js start --sample & echo "pid $!"; read line`],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
        env: {
          PATH: process.env['PATH'],
          TWEESTAP_DATA: folder,
          TWEESTAP_LOG_LEVEL: 'silent',
          ...Object.fromEntries(ports),
        },
      },
    );
    let said = '';
    shell.stdout.on('data', (piece) => (said += String(piece)));
    const gone = once(shell.stdout, 'close');
    await until('it to be ready', () => said.includes('Ctrl-C ends it'), 30_000);
    const pid = Number(/pid (\d+)/.exec(said)?.[1]);
    const origin = /Sign in +(\S+)/.exec(said)?.[1] ?? '';
    try {
      const exited = once(shell, 'exit');
      shell.stdin.end('go\n');
      await exited;
      // It looks every half second whether whoever started it is still there.
      const until2s = performance.now() + 2_000;
      while (performance.now() < until2s) {
        assert.equal((await fetch(`${origin}healthz`)).status, 200);
        await new Promise((later) => setTimeout(later, 100));
      }
    } finally {
      process.kill(pid, 'SIGTERM');
      await gone;
      rmSync(folder, { recursive: true });
    }
  });
});
