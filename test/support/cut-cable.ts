/** A cable that can be cut: passes connections on to another port of this machine, or does not. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface Cable {
  readonly port: number;
  /** Ends every connection, and takes no more: as when the other side was switched off. */
  cut(): void;
  /** Nothing comes through any more, and nobody is told: as when a cable was pulled. */
  freeze(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Lays one to a port of 127.0.0.1. */
export async function layCable(to: {
  readonly host: string;
  readonly port: number;
}): Promise<Cable> {
  const ends = new Set<Socket>();
  let state: 'whole' | 'cut' | 'frozen' = 'whole';
  const forget = (socket: Socket): void => void ends.delete(socket);

  const server = createServer((near) => {
    near.on('error', () => near.destroy());
    if (state === 'cut') {
      near.destroy();
      return;
    }
    ends.add(near);
    near.on('close', () => forget(near));
    if (state === 'frozen') {
      near.pause();
      return;
    }
    const far = connect(to.port, to.host);
    ends.add(far);
    far.on('error', () => near.destroy());
    far.on('close', () => {
      forget(far);
      near.destroy();
    });
    near.on('close', () => far.destroy());
    near.pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const drop = (): void => {
    for (const socket of ends) socket.destroy();
  };

  return {
    port: address.port,
    cut: () => {
      state = 'cut';
      drop();
    },
    freeze: () => {
      state = 'frozen';
      for (const socket of ends) {
        socket.unpipe();
        socket.pause();
      }
    },
    mend: () => {
      // What was frozen stays dead; new connections get through.
      state = 'whole';
      drop();
    },
    close: async () => {
      drop();
      server.close();
      await once(server, 'close');
    },
  };
}
