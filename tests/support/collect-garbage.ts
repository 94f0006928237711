import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Loaded before a server under test: on SIGUSR2 it collects its garbage, so that what it still holds can be measured.

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (how: object) => void;
// gives back what was set aside for new objects as well, of which a busy program keeps a lot
process.on('SIGUSR2', () => collect({ type: 'major', execution: 'sync', flavor: 'last-resort' }));
