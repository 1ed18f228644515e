/** The engine's thread in the extension host: requests in, answers out. */
import { parentPort } from 'node:worker_threads';
import type { CancelRequest, EngineRequest } from '../../protocol/engine.ts';
import { Engine } from '../engine.ts';

if (parentPort) {
  const port = parentPort;
  const engine = new Engine((answer) => port.postMessage(answer));
  port.on('message', (request: EngineRequest | CancelRequest) => void engine.handle(request));
}
