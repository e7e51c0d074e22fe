/**
 * Debian's baresip as a telephone: it picks up by itself, plays a sound into the call, presses keys as it is
 * told, and keeps what it hears. Kamailio stands before it as an exchange does, and asks for a password.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';

import { makeCertificate } from '../../src/lib/self-signed-certificate.ts';
import { until } from './poll.ts';
import { freePort, newWorkshop, startProgram } from './programs.ts';

export const baresipProgram = '/usr/bin/baresip';
export const espeakProgram = '/usr/bin/espeak-ng';
export const kamailioProgram = '/usr/sbin/kamailio';

/** Where Debian keeps a module of Kamailio, by the architecture. */
export function kamailioModules(): string {
  const places = ['/usr/lib', ...readdirSync('/usr/lib').map((each) => `/usr/lib/${each}`)];
  const found = places.map((place) => `${place}/kamailio/modules`);
  return found.find((place) => existsSync(`${place}/tls.so`)) ?? '/usr/lib/kamailio/modules';
}

export interface Telephone {
  readonly port: number;
  /** What it has heard so far: 8,000 samples a second. */
  heard(): Int16Array;
  /** Seconds of speech among it, and seconds of silence since the last. */
  speech(): { readonly spoken: number; readonly quiet: number };
  press(keys: string): Promise<void>;
  /** Puts the receiver down, or declines what rings. */
  hangUp(): Promise<void>;
  log(): string;
  stop(): Promise<void>;
}

/** Starts it. `says`: a WAV (16 bit, 8,000 a second, one channel) that it plays to whoever calls. */
export async function startTelephone(options: {
  readonly number: string;
  readonly says: Buffer;
  readonly answers: 'auto' | 'manual';
  /** Takes no call that is not encrypted. */
  readonly srtp: boolean;
}): Promise<Telephone> {
  const { number, says, answers, srtp } = options;
  const workshop = newWorkshop();
  const { folder } = workshop;
  const port = await freePort();
  const control = await freePort();
  writeFileSync(join(folder, 'source.wav'), says);
  workshop.write('contacts', '');
  workshop.write(
    'accounts',
    `<sip:${number}@127.0.0.1>;regint=0;answermode=${answers};audio_codecs=pcma/8000/1${
      srtp ? ';mediaenc=srtp-mand' : ''
    }\n`,
  );
  const modules = ['g711', 'aufile', 'aubridge', 'srtp', 'sndfile'];
  workshop.write(
    'config',
    [
      'poll_method epoll',
      `sip_listen 127.0.0.1:${port}`,
      'net_interface 127.0.0.1',
      'audio_buffer 20-160',
      'audio_player aubridge,none',
      `audio_source aufile,${join(folder, 'source.wav')}`,
      'audio_alert aubridge,none',
      `snd_path ${folder}`,
      'module_path /usr/lib/baresip/modules',
      ...modules.map((name) => `module ${name}.so`),
      ...['account', 'contact', 'menu', 'ctrl_tcp'].map((name) => `module_app ${name}.so`),
      `ctrl_tcp_listen 127.0.0.1:${control}`,
      '',
    ].join('\n'),
  );
  const program = await startProgram([baresipProgram, '-f', folder], control, {
    asNobody: folder,
    environment: { HOME: folder },
  });
  const tell = (command: string, params: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = createConnection(control, '127.0.0.1', () => {
        const text = JSON.stringify({ command, params, token: 'test' });
        socket.write(`${text.length}:${text},`);
      });
      socket.on('error', reject);
      socket.on('data', () => {
        socket.destroy();
        resolve();
      });
    });
  const heard = (): Int16Array => {
    const file = readdirSync(folder).findLast((name) => name.endsWith('-dec.wav'));
    const bytes = file === undefined ? Buffer.alloc(0) : readFileSync(join(folder, file));
    const sound = bytes.subarray(44);
    return Int16Array.from({ length: Math.floor(sound.length / 2) }, (_, index) =>
      sound.readInt16LE(index * 2),
    );
  };
  return {
    port,
    heard,
    speech: () => {
      const samples = heard();
      let spoken = 0;
      let quiet = 0;
      for (let at = 0; at + 160 <= samples.length; at += 160) {
        const loudest = Math.max(...samples.subarray(at, at + 160).map(Math.abs));
        if (loudest > 500) spoken += 0.02;
        quiet = loudest > 500 ? 0 : quiet + 0.02;
      }
      return { spoken, quiet };
    },
    press: async (keys) => {
      for (const key of keys) {
        const count = program.log().split('send DTMF digit end').length;
        await tell('sndcode', key);
        await until(`the key ${key}`, () => {
          return program.log().split('send DTMF digit end').length > count;
        });
      }
    },
    hangUp: () => tell('hangup', ''),
    log: program.log,
    stop: async () => {
      await program.stop();
      workshop.remove();
    },
  };
}

export interface Proxy {
  /** Of TLS. */
  readonly port: number;
  readonly authority: string;
  stop(): Promise<void>;
}

/** The account that it knows. */
export const proxyAccount = {
  domain: 'exchange.example',
  user: 'tweestap',
  password: 'geheim',
} as const;

/** Starts Kamailio before a telephone: every number leads to that one. */
export async function startProxy(telephonePort: number): Promise<Proxy> {
  const workshop = newWorkshop();
  const { folder } = workshop;
  const made = makeCertificate({ hosts: ['localhost'], now: new Date(), days: 1 });
  const plain = await freePort();
  const port = await freePort();
  const template = new URL('../../src/lib/sip/scenarios/kamailio.cfg', import.meta.url);
  const config = readFileSync(template, 'utf8')
    .replaceAll('UDP_PORT', String(plain))
    .replaceAll('TLS_PORT', String(port))
    .replace('MODULES', kamailioModules())
    .replace('KEY', workshop.write('key.pem', made.key))
    .replace('CERTIFICATE', workshop.write('certificate.pem', made.certificate))
    .replace('"sip:127.0.0.1:" + $rU', `"sip:127.0.0.1:${telephonePort}"`);
  const program = await startProgram(
    [
      kamailioProgram,
      '-f',
      workshop.write('kamailio.cfg', config),
      '-DD',
      '-E',
      '-w',
      folder,
      '-Y',
      folder,
      '-m',
      '32',
      '-M',
      '4',
    ],
    port,
    { asNobody: folder },
  );
  return {
    port,
    authority: made.authority,
    stop: async () => {
      await program.stop();
      workshop.remove();
    },
  };
}
