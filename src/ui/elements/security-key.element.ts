/**
 * <security-key ceremony options [begins] …messages>: around a hidden field and a button within a
 * form. Asks the browser for a security key or passkey (WebAuthn), puts the answer into the field and
 * sends the form; says in plain words what went wrong.
 */
class SecurityKey extends HTMLElement {
  #running: AbortController | undefined;

  connectedCallback(): void {
    const button = this.querySelector('button');
    if (button === null) return;
    if (!('PublicKeyCredential' in window)) {
      this.#say('unsupported');
      return;
    }
    button.parentElement?.removeAttribute('hidden');
    button.addEventListener('click', () => void this.#ask('pressed'));
    if (this.hasAttribute('begins')) void this.#ask('by-itself');
  }

  disconnectedCallback(): void {
    this.#running?.abort();
  }

  async #ask(how: 'pressed' | 'by-itself'): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    const button = this.querySelector('button');
    const startedAt = performance.now();
    button?.setAttribute('aria-busy', 'true');
    this.#say('');
    try {
      const credential = await this.#credential(running.signal);
      const field = this.querySelector('input');
      if (field === null || running.signal.aborted) return;
      field.value = JSON.stringify(credential);
      field.form?.requestSubmit();
    } catch (error) {
      if (running !== this.#running || running.signal.aborted) return;
      const fault = faultOf(error);
      // Some browsers want a press first, and refuse at once: nothing happened that one need know.
      const wantsPress = how === 'by-itself' && performance.now() - startedAt < 500;
      if (!wantsPress || fault !== 'not-allowed') {
        this.#say(fault);
        const label = button?.querySelector('span');
        if (label) label.textContent = this.getAttribute('again');
      }
    } finally {
      if (running === this.#running) button?.removeAttribute('aria-busy');
    }
  }

  async #credential(signal: AbortSignal): Promise<unknown> {
    const asked: unknown = JSON.parse(this.getAttribute('options') ?? '{}');
    const found =
      this.getAttribute('ceremony') === 'create'
        ? await navigator.credentials.create({ publicKey: creationOptions(asked), signal })
        : await navigator.credentials.get({ publicKey: requestOptions(asked), signal });
    if (!(found instanceof PublicKeyCredential)) throw new TypeError('no credential');
    return plain(found);
  }

  #say(fault: string): void {
    const live = this.querySelector('.live');
    if (live !== null) live.textContent = fault === '' ? '' : this.getAttribute(fault);
  }
}

function faultOf(error: unknown): string {
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
    case 'AbortError':
    case 'TimeoutError':
      return 'not-allowed';
    case 'InvalidStateError':
      return 'known-already';
    case 'SecurityError':
      return 'insecure';
    case 'NotSupportedError':
    case 'ConstraintError':
      return 'unsupported';
    default:
      return 'broken';
  }
}

/** What is asked, with bytes for base64url. By hand: not every browser can, and this is all there is. */
function creationOptions(asked: unknown): PublicKeyCredentialCreationOptions {
  if (!isCreation(asked)) throw new TypeError('no creation options');
  return {
    challenge: bytes(asked.challenge),
    rp: asked.rp,
    user: { ...asked.user, id: bytes(asked.user.id) },
    pubKeyCredParams: asked.pubKeyCredParams,
    excludeCredentials: descriptors(asked.excludeCredentials),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    attestation: 'none',
    timeout: asked.timeout ?? 300_000,
  };
}

function requestOptions(asked: unknown): PublicKeyCredentialRequestOptions {
  if (!isRequest(asked)) throw new TypeError('no request options');
  return {
    challenge: bytes(asked.challenge),
    rpId: asked.rpId ?? location.hostname,
    allowCredentials: descriptors(asked.allowCredentials),
    userVerification: 'required',
    timeout: asked.timeout ?? 300_000,
  };
}

function isCreation(asked: unknown): asked is PublicKeyCredentialCreationOptionsJSON {
  return typeof asked === 'object' && asked !== null && 'challenge' in asked && 'user' in asked;
}

function isRequest(asked: unknown): asked is PublicKeyCredentialRequestOptionsJSON {
  return typeof asked === 'object' && asked !== null && 'challenge' in asked;
}

function descriptors(
  listed: PublicKeyCredentialDescriptorJSON[] | undefined,
): PublicKeyCredentialDescriptor[] {
  return (listed ?? []).map(({ id, transports }) => ({
    type: 'public-key',
    id: bytes(id),
    ...(transports === undefined ? {} : { transports: transports.filter(isTransport) }),
  }));
}

function isTransport(name: string): name is AuthenticatorTransport {
  return ['ble', 'hybrid', 'internal', 'nfc', 'usb'].includes(name);
}

/** The answer as JSON. By hand as well: password managers bring credentials that cannot do it. */
function plain({ id, rawId, type, response }: PublicKeyCredential): unknown {
  const clientDataJSON = encoded(response.clientDataJSON);
  const base = { id, rawId: encoded(rawId), type };
  if (response instanceof AuthenticatorAttestationResponse) {
    const attestationObject = encoded(response.attestationObject);
    const transports = response.getTransports?.() ?? [];
    return { ...base, response: { clientDataJSON, attestationObject, transports } };
  }
  if (response instanceof AuthenticatorAssertionResponse) {
    const { authenticatorData, signature, userHandle } = response;
    return {
      ...base,
      response: {
        clientDataJSON,
        authenticatorData: encoded(authenticatorData),
        signature: encoded(signature),
        userHandle: userHandle === null ? null : encoded(userHandle),
      },
    };
  }
  throw new TypeError('no answer that we know');
}

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function encoded(buffer: ArrayBuffer): string {
  const text = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

customElements.define('security-key', SecurityKey);
