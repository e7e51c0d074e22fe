/**
 * What people do at a window of Chromium, in their own language: the steps that many journeys share,
 * and what the tests of one file share: a service, a Chromium, and windows that cause no complaint.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';

import {
  startChromium,
  withoutChromium,
  type Chromium,
  type Window,
  type WindowOptions,
} from './chromium.ts';
import type { Person } from './people.ts';
import { startTweestap, type Tweestap } from './tweestap.ts';

export interface Visits {
  readonly tweestap: Tweestap;
  /**
   * A window of its own for this person, in their language, that may load from the service and the
   * sample application only. It is closed after the test, which fails if the window had to complain.
   */
  sitsDown(person: Person, options?: Partial<WindowOptions>): Promise<Window>;
}

/** For the body of a `describe`: starts a service and a Chromium, and ends them after its tests. */
export function startVisits(): Visits {
  let tweestap: Tweestap | undefined;
  let chromium: Chromium | undefined;
  let windows: readonly Window[] = [];
  before(async () => {
    if (withoutChromium !== false) return;
    [tweestap, chromium] = await Promise.all([startTweestap(), startChromium()]);
  });
  after(async () => {
    await chromium?.close();
    await tweestap?.close();
  });
  afterEach(async () => {
    const complaints = windows.flatMap((window) => window.complaints());
    await Promise.all(windows.map((window) => window.close()));
    windows = [];
    assert.deepEqual(complaints, []);
  });
  return {
    get tweestap() {
      return tweestap ?? assert.fail('the service did not start');
    },
    sitsDown: async (person, options = {}) => {
      assert.ok(tweestap !== undefined && chromium !== undefined);
      const { origin, server } = tweestap;
      const origins = [origin, server.sampleAppOrigin].filter((each) => each !== undefined);
      const { locale } = person.words;
      const window = await chromium.window({ origins, language: locale, ...options });
      windows = [...windows, window];
      return window;
    },
  };
}

/** Types name and password on the pages that ask for them. */
export async function typesNameAndPassword(window: Window, person: Person): Promise<void> {
  const { signIn } = person.words;
  await window.sees(signIn.name.title);
  await window.type(signIn.name.label, person.userPrincipalName);
  await window.press(signIn.name.next);
  await window.sees(signIn.password.title);
  await window.type(signIn.password.label, person.password);
  await window.press(signIn.password.signIn);
}

/** Opens an address, and types name and password there. */
export async function arrives(window: Window, person: Person, address: string): Promise<void> {
  await window.open(address);
  await typesNameAndPassword(window, person);
}

/** Types a code into the field that asks for one. */
export async function typesCode(window: Window, person: Person, code: string): Promise<void> {
  await window.type(person.words.text.challenge.code, code);
  await window.press(person.words.challenge.verify);
}

/** Chooses another of the ways in, by the first words of its tile. */
export async function chooses(window: Window, person: Person, tile: RegExp): Promise<void> {
  const { signIn } = person.words;
  await window.press(signIn.challenge.anotherWay);
  await window.sees(signIn.choose.title);
  await window.page.getByRole('button', { name: tile }).click();
}
