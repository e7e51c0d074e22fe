import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createSignals, type Relay } from './signals.ts';

/** A wire between processes: what one passes on, all others hear. */
function wire(): { relay(): Relay; readonly passed: string[]; lose(): void } {
  const ears = new Set<(key: string | undefined) => void>();
  const passed: string[] = [];
  return {
    passed,
    relay: () => {
      let own: ((key: string | undefined) => void) | undefined;
      return {
        pass: (key) => {
          passed.push(key);
          for (const ear of ears) if (ear !== own) ear(key);
        },
        hear: (heard) => {
          own = heard;
          ears.add(heard);
        },
      };
    },
    lose: () => {
      for (const ear of ears) ear(undefined);
    },
  };
}

describe('signals', () => {
  it('call all who hear a topic, and nobody else', () => {
    const signals = createSignals();
    const heard: string[] = [];
    signals.hear('door', () => heard.push('first'));
    signals.hear('door', () => heard.push('second'));
    signals.hear('window', () => heard.push('window'));
    signals.tell('door');
    assert.deepEqual(heard, ['first', 'second']);
  });

  it('leave in peace whoever hears no more, also in the middle of it', () => {
    const signals = createSignals();
    let heard = 0;
    const stop = signals.hear('door', () => {
      heard += 1;
      stop();
      stop();
    });
    signals.tell('door');
    signals.tell('door');
    assert.equal(heard, 1);
  });

  it('keep hearing for one while another, of the same topic, stops', () => {
    const signals = createSignals();
    let heard = 0;
    const listener = (): void => {
      heard += 1;
    };
    const stop = signals.hear('door', listener);
    signals.hear('door', listener);
    stop();
    signals.tell('door');
    assert.equal(heard, 1);
  });

  it('reach other processes by a name that tells nothing', () => {
    const { relay, passed } = wire();
    const here = createSignals(relay());
    const there = createSignals(relay());
    let heard = 0;
    here.hear('attempt:7', () => assert.fail('not the other topic'));
    there.hear('person:anna', () => {
      heard += 1;
    });
    here.tell('person:anna');
    assert.equal(heard, 1);
    assert.match(passed.join(), /^[\w-]{16}$/);
    assert.doesNotMatch(passed.join(), /anna/);
  });

  it('call everybody once some may have been lost', () => {
    const { relay, lose } = wire();
    const signals = createSignals(relay());
    const heard: string[] = [];
    signals.hear('door', () => heard.push('door'));
    signals.hear('window', () => heard.push('window'));
    lose();
    assert.deepEqual(heard, ['door', 'window']);
  });
});
