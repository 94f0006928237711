import { join } from 'node:path';
import { openDatabase } from '#server/database/open.ts';
import { temporaryDataDir } from '../support/server-process.ts';
import { describeBeginning } from './beginning-contract.ts';
import { describeJournal } from './journal-contract.ts';
import { describeSegments } from './segment-contract.ts';

async function open() {
	const url = `sqlite:${join(temporaryDataDir(), 'journal.sqlite')}`;
	const [one, two] = [await openDatabase(url), await openDatabase(url)];
	return {
		one,
		two,
		async close() {
			await one.db.destroy();
			await two.db.destroy();
		}
	};
}

describeJournal('SQLite', open);
describeBeginning('SQLite', open);
describeSegments('SQLite', open);
