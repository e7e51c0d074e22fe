import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { until } from '../../../test/support/poll.ts';
import { openMedia, type Media } from './media.ts';

describe('the sound of a call', () => {
  it('carries dialled keys to the other side, each once and in order', async () => {
    const { caller, callee } = await connected();
    const heard = keysAt(callee);
    await caller.dial('12#', never);
    await until('the last key', () => heard().length === 3);
    assert.equal(heard(), '12#');
    caller.close();
    callee.close();
  });
});

const never = new AbortController().signal;

async function connected(): Promise<{ readonly caller: Media; readonly callee: Media }> {
  const caller = await openMedia({ host: '127.0.0.1' });
  const callee = await openMedia({ host: '127.0.0.1' });
  const answer = callee.answer(caller.offer());
  assert.ok(answer !== null && caller.connect(answer));
  return { caller, callee };
}

function keysAt(media: Media): () => string {
  let heard = '';
  media.onKey((key) => {
    heard += key;
  });
  return () => heard;
}
