/**
 * Imported into the service before it starts, to look at its event loop from inside: whoever
 * connects to the socket starts the watch, and hears the 99th percentile of the delay (in ms) when
 * they end their side. The timer's own millisecond is counted as delay.
 */
import { createServer } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const path = process.env['BENCH_PROBE'];
if (path !== undefined) {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    socket.on('error', () => {});
    socket.resume();
    socket.on('end', () => {
      delay.disable();
      socket.end(String(delay.percentile(99) / 1e6));
    });
  });
  server.listen(path);
  server.unref();
}
