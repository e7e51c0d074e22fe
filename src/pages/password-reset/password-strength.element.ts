/**
 * <password-strength levels="…|…|…|…" names="…|…">: around a password field. Says, while it is typed, how
 * long the guessing would take by length and variety. Which words are guessed first only the server
 * knows: what may be a single word, however dressed up, is called no more than the second level, and so
 * is what has one of the names in it. Nothing that is typed leaves the page.
 */
class PasswordStrength extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector('input');
    const levels = (this.getAttribute('levels') ?? '').split('|');
    if (input === null || levels.length < 2) return;
    const meter = document.createElement('meter');
    meter.min = 0;
    meter.max = levels.length;
    meter.low = 2;
    meter.high = 2.5;
    meter.optimum = levels.length;
    // The words beside it say the same.
    meter.ariaHidden = 'true';
    const said = document.createElement('span');
    said.role = 'status';
    const line = document.createElement('p');
    line.className = 'hint';
    line.append(meter, ' ', said);
    line.hidden = true;
    this.append(line);
    input.addEventListener('input', () => {
      const byLength = this.#levelOf(input.value, levels.length);
      const level = this.#mayBeRefused(input.value) ? Math.min(byLength, 1) : byLength;
      line.hidden = input.value === '';
      meter.value = level + 1;
      said.textContent = levels[level] ?? '';
    });
  }

  /** The shapes that the server refuses (accounts/password-rules.ts): one word, or a name. */
  #mayBeRefused(typed: string): boolean {
    const plain = this.#plain(typed);
    const names = this.#plain(this.getAttribute('names') ?? '').split(/[^\p{L}\p{N}]+/u);
    if (names.some((name) => name.length >= 4 && plain.includes(name))) return true;
    // What runs along the keys is hardly chosen.
    const keys = '1234567890 qwertyuiop asdfghjkl zxcvbnm';
    const pairs = Array.from(plain, (_one, at) => plain.slice(at, at + 2));
    if (pairs.filter((pair) => !keys.includes(pair)).length < 6) return true;
    // Six digits and signs around a word do not make it two, nor signs for letters, nor saying it twice.
    const letters = plain
      .replaceAll(/(?<=\p{L}.*)[013457$@!€+9](?=.*\p{L})/gu, 'o')
      .replaceAll(/[^\p{L}]/gu, '');
    const word = letters.replace(/^(.{3,}?)\1+$/u, '$1');
    // Nobody dresses a word up so much: it came out of a generator.
    const isMixed = (typed.match(/\p{Lu}?\p{Ll}+|\p{Lu}+|\d+|[^\p{L}\d]+/gu)?.length ?? 0) > 8;
    return word.length < 19 && plain.length - letters.length <= 6 && !isMixed;
  }

  #plain(text: string): string {
    return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  }

  /** By bits: each choice is one of as many characters as its kinds have; runs and repeats are two. */
  #levelOf(typed: string, count: number): number {
    // Longer than this it is strong, whatever it is.
    const characters = Array.from(typed.normalize('NFKC').slice(0, 128));
    if (characters.length < 8) return 0;
    let choices = 0;
    let run = 0;
    let before: number | undefined;
    let step: number | undefined;
    for (const character of characters) {
      const code = character.toLowerCase().codePointAt(0) ?? 0;
      const next = before === undefined ? undefined : code - before;
      const goesOn =
        next !== undefined && Math.abs(next) <= 1 && (step === undefined || next === step);
      run = goesOn ? run + 1 : 1;
      if (run <= 2) choices += 1;
      step = goesOn ? next : undefined;
      before = code;
    }
    const distinct = new Set(characters).size;
    const text = characters.join('');
    const pool =
      (/\p{Ll}/u.test(text) ? 26 : 0) +
      (/\p{Lu}/u.test(text) ? 26 : 0) +
      (/\d/.test(text) ? 10 : 0) +
      (/[^\p{L}\d]/u.test(text) ? 20 : 0);
    const bits = Math.min(choices, distinct * 3) * Math.log2(Math.max(pool, 10));
    const bounds = [40, 60, 85];
    return Math.min(count - 1, bounds.filter((bound) => bits >= bound).length);
  }
}

customElements.define('password-strength', PasswordStrength);
