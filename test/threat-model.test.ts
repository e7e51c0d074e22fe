/**
 * docs/threat-model.md says which file answers each attack and which test shows it. A page like that
 * is worth something as long as it is true: whoever renames a file or a test corrects it as well.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const page = readFileSync(`${root}docs/threat-model.md`, 'utf8');

/** The rows that name files and tests: attack, what stops it, answers, shown by. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.includes('“'))
  .map((line) => line.slice(1, -1).split(' | '));

describe('the threat model', () => {
  it('has an answer and a test in every row', () => {
    assert.ok(rows.length > 60, `only ${rows.length} rows were read`);
    for (const row of rows) {
      const [attack = '', , answers = '', shown = ''] = row;
      assert.equal(row.length, 4, attack);
      assert.ok(filesIn(answers).length > 0, attack);
      assert.ok(testsIn(shown).length > 0, attack);
    }
  });

  it('names files that are there', () => {
    const missing = rows
      .flatMap(([, , answers = '', shown = '']) => [...filesIn(answers), ...filesIn(shown)])
      .filter((file) => !existsSync(placeOf(file)));
    assert.deepEqual(missing, []);
  });

  it('names tests that are there, word by word', () => {
    const missing = rows
      .flatMap(([, , , shown = '']) => testsIn(shown))
      .filter(({ file, name }) => !existsSync(placeOf(file)) || !hasTest(file, name))
      .map(({ file, name }) => `${file}: ${name}`);
    assert.deepEqual(missing, []);
  });
});

function filesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file);
}

/** `file` “name”, “another name”; … */
function testsIn(cell: string): readonly { readonly file: string; readonly name: string }[] {
  return cell.split(/; (?=`)/).flatMap((part) => {
    const [file = ''] = filesIn(part);
    return [...part.matchAll(/“([^”]+)”/g)].map(([, name = '']) => ({ file, name }));
  });
}

/** Below src/, unless it begins with test/ or stands at the top. */
function placeOf(file: string): string {
  const isAtTop =
    file.startsWith('test/') ||
    file.startsWith('authenticator/') ||
    file === 'package-lock.json' ||
    file === '.npmrc';
  return `${root}${isAtTop ? '' : 'src/'}${file}`;
}

/** Whether a test is called so; … stands for what is only known when it runs. */
function hasTest(file: string, name: string): boolean {
  const [start = '', ...others] = name.split('…');
  const end = others.at(-1);
  return titlesIn(file).some((title) =>
    end === undefined ? title === name : title.startsWith(start) && title.endsWith(end),
  );
}

function titlesIn(file: string): readonly string[] {
  const text = readFileSync(placeOf(file), 'utf8');
  return [...text.matchAll(/\bit\(\s*(['"`])(.*?)\1/g)].map(([, , title = '']) => title);
}
