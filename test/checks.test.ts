/**
 * What `npm test` checked before the tests, told again where everybody looks: in the summary at
 * the end. Run by itself this file has nothing to tell.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

const results: Record<string, boolean> = JSON.parse(process.env['TWEESTAP_TEST_CHECKS'] ?? '{}');

describe('the checks before the tests', { skip: Object.keys(results).length === 0 }, () => {
  it('all passed', () => {
    const failed = Object.keys(results).filter((check) => !results[check]);
    assert.deepEqual(failed, [], 'What they found is printed above the tests');
  });
});
